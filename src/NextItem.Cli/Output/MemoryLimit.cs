namespace NextItem.Cli.Output;

/// <summary>How much memory there is for a training.</summary>
/// <param name="Available">Bytes, as the runtime tells them: the machine's, or in a container three quarters of its limit.</param>
internal readonly record struct MemoryLimit(long Available)
{
    /// <summary>The limit of this machine or container.</summary>
    public static MemoryLimit OfThisMachine() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Refuses what can never fit, and warns of what may not; the data and other programs need some too.</summary>
    /// <exception cref="RunException">It cannot fit.</exception>
    public void Require(long needed, Terminal terminal)
    {
        if (FaultOf(needed) is { } fault)
            throw new RunException(fault);
        Warn(needed, terminal);
    }

    /// <summary>Warns of what may not fit, and tells whether it did.</summary>
    public bool Warn(long needed, Terminal terminal)
    {
        if (Available <= 0 || needed <= Available / 10 * 9)
            return false;
        terminal.Errors.WriteLine($"nextitem: warning: training needs about {Sizes.Bytes(needed)} of memory, and there are {Sizes.Bytes(Available)} for all programs: it may come to a crawl or be killed. {Advice}");
        return true;
    }

    /// <summary>Why so much can never fit; null where it may.</summary>
    public string? FaultOf(long needed) => Available > 0 && needed / 4 * 3 > Available
        ? $"Training needs about {Sizes.Bytes(needed)} of memory, but there are {Sizes.Bytes(Available)}. {Advice}"
        : null;

    private const string Advice = "Fewer units (layers), a smaller batch_size or n_sample, or fewer items need less.";
}
