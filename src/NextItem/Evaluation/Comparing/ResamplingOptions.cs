namespace NextItem;

/// <summary>How intervals and tests resample the test sessions.</summary>
public sealed record ResamplingOptions
{
    /// <summary>Share of the data sets whose interval should hold the true number. Default 0.95.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How often the sessions are drawn anew, and signs are drawn for a test. Default 2,000; the smallest p is 1 / (this + 1).</summary>
    public int Resamples { get; init; } = 2_000;

    /// <summary>Seed. The same seed draws the same sessions for every model and metric. Default 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads. Default 1. The result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!(Level > 0 && Level < 1))
            faults.Add($"Level is {Level}; expected a number between 0 and 1.");
        if (Resamples is < 100 or > 10_000_000)
            faults.Add($"Resamples is {Resamples}; expected 100 to 10,000,000.");
        if (Threads < 1)
            faults.Add($"Threads is {Threads}; expected at least 1.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(ResamplingOptions), faults);
    }
}
