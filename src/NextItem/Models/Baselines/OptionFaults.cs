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

    /// <summary>What session-kNN models have in common. Similarities are sums of positions: with 10,000 of them they fit 32 bits.</summary>
    public void Neighbours(int neighbours, int recentSessions, int sessionLength)
    {
        AtLeast("Neighbours", neighbours, 1);
        AtLeast("RecentSessions", recentSessions, 1);
        Expect("SessionLength", sessionLength, sessionLength is >= 1 and <= 10_000, "1 to 10000");
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
