namespace NextItem;

/// <summary>The best items of one lane, asked for together with those of others.</summary>
public sealed class TopKRequest
{
    /// <summary>The lane.</summary>
    public required int Lane { get; init; }

    /// <summary>Receives the items, best first; its length is the number wanted, K. No two requests may share it.</summary>
    public required Memory<ScoredItem> Best { get; init; }

    /// <summary>Items that may be recommended; null allows all.</summary>
    public ItemFilter? Filter { get; init; }

    /// <summary>Item indices to leave out as well.</summary>
    public ReadOnlyMemory<int> Exclude { get; init; }

    /// <summary>How many items there are, when it is answered.</summary>
    public int Found { get; internal set; }
}
