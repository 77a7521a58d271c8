namespace NextItem.Evaluation;

/// <summary>One prediction as it was played: what recorders see.</summary>
/// <param name="session">The test session.</param>
/// <param name="items">Its items as they are played: without unknown ones where these are dropped.</param>
/// <param name="seen">How many of them the model has seen; the target is the next one.</param>
/// <param name="rank">Where the model put the target.</param>
/// <param name="list">The model's best items, best first; empty unless a recorder wants them.</param>
internal readonly ref struct EvaluatedCase(int session, ReadOnlySpan<int> items, int seen, TargetRank rank, ReadOnlySpan<ScoredItem> list)
{
    public int Session { get; } = session;

    public ReadOnlySpan<int> Items { get; } = items;

    public int Seen { get; } = seen;

    public TargetRank Rank { get; } = rank;

    public ReadOnlySpan<ScoredItem> List { get; } = list;

    public int Target => Items[Seen];
}

/// <summary>Takes down something of every case of one thread's share. One of each kind a thread; they are added up at the end.</summary>
internal interface ICaseRecorder
{
    /// <summary>How many of the best items it wants to see with every case; 0 for none.</summary>
    int ListLength { get; }

    /// <summary>Takes one case down.</summary>
    void Record(in EvaluatedCase played);

    /// <summary>Adds what another thread's recorder of the same kind took down.</summary>
    void Add(ICaseRecorder other);
}
