namespace NextItem.Synthetic;

/// <summary>What log to generate for speed measurements. The defaults are the published benchmark's; its bytes are pinned by a test.</summary>
public sealed record BenchmarkLogOptions
{
    /// <summary>Decides the popularity order, the successors and all sessions. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Number of items; from 20 to 5,000,000. Default 30,000.</summary>
    public int Items { get; init; } = 30_000;

    /// <summary>Number of sessions; from 1 to 100,000,000. With twice as many sessions as items, every item occurs. Default 60,000.</summary>
    public int Sessions { get; init; } = 60_000;

    /// <summary>Mean number of events of a session, from 2 to 100; lengths are 2 plus a geometric number. Default 5.</summary>
    public double MeanLength { get; init; } = 5;

    /// <summary>Zipf exponent of the items' popularity, from 0 to 2. Default 0.9.</summary>
    public double PopularityExponent { get; init; } = 0.9;

    /// <summary>Percentage of steps to one of the last item's five successors, from 0 to 100; the others are drawn by popularity. Default 60.</summary>
    public int SuccessorPercent { get; init; } = 60;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">One or more options are out of range; the exception lists all of them.</exception>
    public void Validate()
    {
        var faults = new FaultList();
        faults.Range(nameof(Items), Items, 20, 5_000_000);
        faults.Range(nameof(Sessions), Sessions, 1, 100_000_000);
        faults.Range(nameof(MeanLength), MeanLength, 2, 100);
        faults.Range(nameof(PopularityExponent), PopularityExponent, 0, 2);
        faults.Range(nameof(SuccessorPercent), SuccessorPercent, 0, 100);
        faults.ThrowIfAny(nameof(BenchmarkLogOptions));
    }
}
