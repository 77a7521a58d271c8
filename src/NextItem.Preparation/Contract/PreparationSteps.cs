namespace NextItem.Preparation;

/// <summary>What is done with the events, in this order. The defaults are those of the published preprocessing of 2023.</summary>
/// <remarks>Hidasi and Czapp, "The effect of third party implementations on reproducibility", RecSys 2023: how its datasets were made.</remarks>
public sealed record PreparationSteps
{
    /// <summary>Types of events that are kept; empty for all. Default empty.</summary>
    public IReadOnlyList<string> EventTypes { get; init; } = [];

    /// <summary>Whether types are selected before sessions are built; else events of all types hold sessions together. Default false.</summary>
    public bool SelectTypesFirst { get; init; }

    /// <summary>Where sessions come from. Default: ids where there is such a column, else users and pauses.</summary>
    public SessionSource Sessions { get; init; } = SessionSource.Auto;

    /// <summary>A longer pause than this begins a new session; null for none. With ids, sessions are cut at such pauses. Default: 1 hour for users, none for ids.</summary>
    public TimeSpan? Gap { get; init; }

    /// <summary>Whether of immediate repeats of an item only the first event stays. Default true.</summary>
    public bool CollapseRepeats { get; init; } = true;

    /// <summary>The most events that a session may have; 0 for any number. Default 0.</summary>
    public int MaxSessionLength { get; init; }

    /// <summary>What happens with longer sessions. Default: they are cut into pieces.</summary>
    public LongSessions LongSessions { get; init; } = LongSessions.Split;

    /// <summary>Items with fewer events are dropped. Default 5.</summary>
    public int MinItemSupport { get; init; } = 5;

    /// <summary>Sessions with fewer events are dropped. Default 2.</summary>
    public int MinSessionLength { get; init; } = 2;

    /// <summary>Whether dropping goes on until nothing changes. Default: it does.</summary>
    public FilterRounds Filter { get; init; } = FilterRounds.Stable;

    /// <summary>How long before the end the test begins. Default 1 day.</summary>
    public TimeSpan TestPeriod { get; init; } = TimeSpan.FromDays(1);

    /// <summary>When the test begins; null: <see cref="TestPeriod"/> before the end. Default null.</summary>
    public DateTimeOffset? TestFrom { get; init; }

    /// <summary>The end of the log; null for the time of its last event. Default null.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>What decides on which side a session is. Default: its start.</summary>
    public SplitBy SplitBy { get; init; } = SplitBy.Start;

    /// <summary>What happens with sessions that go on into the test's time, when the start decides. Default: they are cut.</summary>
    public CrossingSessions Crossing { get; init; } = CrossingSessions.Cut;

    /// <summary>What happens with test events of items that training does not have. Default: they stay, for the evaluator to decide.</summary>
    public UnseenItems UnseenItems { get; init; } = UnseenItems.Keep;

    /// <summary>Which part of the training sessions stays, the latest ones; 1 for all. Default 1.</summary>
    public double LatestFraction { get; init; } = 1;

    /// <summary>Whether the training is split once more, in the same way, for validation. Default true.</summary>
    public bool Validation { get; init; } = true;

    internal void AddFaults(List<string> faults)
    {
        if (EventTypes is null || EventTypes.Any(string.IsNullOrEmpty))
            faults.Add("EventTypes has an empty type; expected names of types, or none for all.");
        if (Gap <= TimeSpan.Zero)
            faults.Add($"Gap is {Gap}; expected more than no time.");
        if (MaxSessionLength is not 0 && MaxSessionLength < Math.Max(2, MinSessionLength))
            faults.Add($"MaxSessionLength is {MaxSessionLength}; expected 0 or at least {Math.Max(2, MinSessionLength)}.");
        if (MinItemSupport < 1)
            faults.Add($"MinItemSupport is {MinItemSupport}; expected at least 1.");
        if (MinSessionLength < 1)
            faults.Add($"MinSessionLength is {MinSessionLength}; expected at least 1.");
        if (TestPeriod <= TimeSpan.Zero)
            faults.Add($"TestPeriod is {TestPeriod}; expected more than no time.");
        if (!(LatestFraction is > 0 and <= 1))
            faults.Add($"LatestFraction is {LatestFraction}; expected more than 0 and at most 1.");
        foreach (var (name, isKnown) in new[]
                 {
                     (nameof(Sessions), Enum.IsDefined(Sessions)), (nameof(LongSessions), Enum.IsDefined(LongSessions)), (nameof(Filter), Enum.IsDefined(Filter)),
                     (nameof(SplitBy), Enum.IsDefined(SplitBy)), (nameof(Crossing), Enum.IsDefined(Crossing)), (nameof(UnseenItems), Enum.IsDefined(UnseenItems)),
                 })
        {
            if (!isKnown)
                faults.Add($"{name} has a value that does not exist.");
        }
    }
}
