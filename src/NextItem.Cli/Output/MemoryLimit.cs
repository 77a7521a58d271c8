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
        if (Available <= 0)
            return;
        if (needed / 4 * 3 > Available)
            throw new RunException($"Training needs about {Sizes.Bytes(needed)} of memory, but there are {Sizes.Bytes(Available)}. {Advice}");
        if (needed > Available / 10 * 9)
            terminal.Errors.WriteLine($"nextitem: warning: training needs about {Sizes.Bytes(needed)} of memory, and there are {Sizes.Bytes(Available)} for all programs: it may come to a crawl or be killed. {Advice}");
    }

    private const string Advice = "Fewer units (layers), a smaller batch_size or n_sample, or fewer items need less.";
}
