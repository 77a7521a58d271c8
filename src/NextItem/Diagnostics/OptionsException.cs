namespace NextItem;

/// <summary>Options that cannot be used together or are out of range. Lists every fault, not only the first.</summary>
public sealed class OptionsException : ArgumentException
{
    /// <summary>Creates the exception from the list of faults found by a <c>Validate</c> method.</summary>
    /// <param name="optionsName">What was validated, for instance <c>Gru4RecOptions</c>.</param>
    /// <param name="faults">One sentence each: name, value found, range expected.</param>
    public OptionsException(string optionsName, IReadOnlyList<string> faults)
        : base($"{optionsName}: {string.Join(" ", faults)}") => Faults = faults;

    /// <summary>One sentence each: name, value found, range expected.</summary>
    public IReadOnlyList<string> Faults { get; }
}
