namespace NextItem;

/// <summary>How a space is searched.</summary>
public sealed record SearchOptions
{
    /// <summary>Settings that are tried. Default 30.</summary>
    public int Trials { get; init; } = 30;

    /// <summary>Epochs of a trial that comes to its end. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Whether trials are stopped on the way, the best of them going on. Default true.</summary>
    public bool Halving { get; init; } = true;

    /// <summary>Epochs after which trials are first compared. Default 1.</summary>
    public int FirstEpochs { get; init; } = 1;

    /// <summary>Of so many trials that are compared one goes on, with about so many times the epochs. Default 3.</summary>
    public int ReductionFactor { get; init; } = 3;

    /// <summary>
    /// Steps of trials that are decided on together, before any of them is known: as many can run side by side. The result depends on it,
    /// and so it does not depend on how many really did. Default 4.
    /// </summary>
    public int RoundSize { get; init; } = 4;

    /// <summary>Trials that are spread evenly over the space, before the sampler goes by what it has seen. Default 10.</summary>
    public int StartTrials { get; init; } = 10;

    /// <summary>Seed of the sampler. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Trials is < 1 or > 1_000_000)
            faults.Add($"Trials is {Trials}; expected 1 to 1,000,000.");
        if (Epochs < 1)
            faults.Add($"Epochs is {Epochs}; expected at least 1.");
        if (FirstEpochs < 1 || (Halving && FirstEpochs > Epochs))
            faults.Add($"FirstEpochs is {FirstEpochs}; expected at least 1 and, with halving, no more than Epochs, {Epochs}.");
        if (ReductionFactor < 2)
            faults.Add($"ReductionFactor is {ReductionFactor}; expected at least 2.");
        if (RoundSize is < 1 or > 1024)
            faults.Add($"RoundSize is {RoundSize}; expected 1 to 1024.");
        if (StartTrials < 1)
            faults.Add($"StartTrials is {StartTrials}; expected at least 1.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(SearchOptions), faults);
    }

    /// <summary>Epochs at which trials are compared, the last of them all epochs: from the end each about a <see cref="ReductionFactor"/>th of the next.</summary>
    internal int[] Rungs()
    {
        var rungs = new List<int> { Epochs };
        while (Halving && rungs[0] / ReductionFactor >= FirstEpochs)
            rungs.Insert(0, rungs[0] / ReductionFactor);
        return [.. rungs];
    }
}
