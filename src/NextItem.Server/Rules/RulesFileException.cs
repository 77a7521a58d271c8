namespace NextItem.Server;

/// <summary>A file of standing rules that cannot be used: every fault, with what was found and what was expected.</summary>
public sealed class RulesFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="faults">All that is wrong with it, each a sentence.</param>
    public RulesFileException(string path, IReadOnlyList<string> faults)
        : base($"{path}: {string.Join(' ', faults)}") => Faults = faults;

    /// <summary>All that is wrong with the file.</summary>
    public IReadOnlyList<string> Faults { get; }
}
