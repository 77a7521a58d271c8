using System.Globalization;

namespace NextItem.Models.Baselines;

/// <summary>The faults of an options record of a baseline, a sentence each.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public void AtLeast(string name, int value, int least)
    {
        if (value < least)
            _faults.Add($"{name} is {Text(value)}; expected at least {Text(least)}.");
    }

    public void Expect(string name, IFormattable value, bool isRight, string expected)
    {
        if (!isRight)
            _faults.Add($"{name} is {Text(value)}; expected {expected}.");
    }

    /// <summary>Ends a Validate method.</summary>
    /// <exception cref="OptionsException">There were faults.</exception>
    public void ThrowIfAny(string optionsName)
    {
        if (_faults.Count > 0)
            throw new OptionsException(optionsName, _faults);
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
