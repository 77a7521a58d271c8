namespace NextItem;

/// <summary>What may be recommended.</summary>
public sealed record RecommendOptions
{
    /// <summary>Leaves out the items of the session itself. Default: no.</summary>
    public bool ExcludeSeen { get; init; }

    /// <summary>Items that may be recommended; null allows all. Applied before the top K is cut. Default: all.</summary>
    public ItemFilter? Filter { get; init; }
}
