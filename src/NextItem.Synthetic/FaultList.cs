namespace NextItem.Synthetic;

/// <summary>Collects the faults of an options record, so that its <c>Validate</c> reports all of them at once.</summary>
internal sealed class FaultList
{
    private readonly List<string> _faults = [];

    public void Add(string fault) => _faults.Add(fault);

    public void Range(string name, long value, long lowest, long highest)
    {
        if (value < lowest || value > highest)
            Add($"{name} is {value}; expected from {lowest:N0} to {highest:N0}.");
    }

    public void Range(string name, double value, double lowest, double highest)
    {
        if (!(value >= lowest && value <= highest))
            Add($"{name} is {value}; expected from {lowest} to {highest}.");
    }

    public void Between(string name, double value, double above, double below)
    {
        if (!(value > above && value < below))
            Add($"{name} is {value}; expected more than {above} and less than {below}.");
    }

    public void ThrowIfAny(string optionsName)
    {
        if (_faults.Count > 0)
            throw new OptionsException(optionsName, _faults);
    }
}
