using NextItem.Diagnostics;

namespace NextItem;

/// <summary>
/// B live sessions that a model follows side by side, one a lane. Owned by one thread at a time. This base class checks
/// arguments; models implement the parts that end in <c>Core</c>.
/// </summary>
/// <remarks>Scores are logits (raw scores before any final activation), so that no activation makes ties.</remarks>
public abstract class SessionLanes : IDisposable
{
    private readonly ItemCatalog _catalog;
    private bool _disposed;

    /// <summary>Creates lanes that all start empty.</summary>
    protected SessionLanes(ItemCatalog catalog, int lanes)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        _catalog = catalog;
        Count = lanes;
    }

    /// <summary>Number of lanes, B.</summary>
    public int Count { get; }

    /// <summary>Starts a new session on a lane: as if nothing had been seen.</summary>
    public void Reset(int lane)
    {
        CheckLane(lane);
        ResetCore(lane);
    }

    /// <summary>Feeds each lane's next event.</summary>
    /// <param name="itemIndices">[B] item index per lane; <see cref="ItemCatalog.UnknownItem"/> leaves the lane as it is.</param>
    public void Advance(ReadOnlySpan<int> itemIndices)
    {
        CheckItems(itemIndices);
        AdvanceCore(itemIndices);
        GC.KeepAlive(this);
    }

    /// <summary>Ranks one target item per lane among all items of the catalog.</summary>
    /// <param name="targets">[B] item index per lane; <see cref="ItemCatalog.UnknownItem"/> skips the lane.</param>
    /// <param name="ranks">[B] receives what stands above and level with each target; <see cref="TargetRank.Unscored"/> for skipped lanes.</param>
    public void Rank(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        CheckItems(targets);
        Throw.IfLengthDiffers(ranks.Length, Count, "the number of lanes");
        RankCore(targets, ranks);
        GC.KeepAlive(this); // what is read is native memory, which finalizers would free
    }

    /// <summary>The best items for one lane, best first; equal scores stand in the order of their item index.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="filter">Items that may be recommended; null allows all.</param>
    /// <param name="exclude">Item indices to leave out as well, for instance those of the session.</param>
    /// <param name="best">Receives the items; its length is the number wanted, K.</param>
    /// <returns>How many there are: fewer than K where the model scores fewer or the filter leaves fewer.</returns>
    public int TopK(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        CheckLane(lane);
        if (filter is not null)
            Throw.IfLengthDiffers(filter.ItemCount, _catalog.Count, "the number of items in the model's catalog");
        var found = best.IsEmpty ? 0 : TopKCore(lane, filter, exclude, best);
        GC.KeepAlive(this);
        return found;
    }

    /// <summary>The best items for several lanes at once, as <see cref="TopK(int, ItemFilter?, ReadOnlySpan{int}, Span{ScoredItem})"/> gives them; one pass over the items may serve all.</summary>
    /// <param name="requests">What is wanted; receives the items.</param>
    public void TopK(ReadOnlySpan<TopKRequest> requests)
    {
        foreach (var request in requests)
        {
            ArgumentNullException.ThrowIfNull(request, nameof(requests));
            CheckLane(request.Lane);
            if (request.Filter is not null)
                Throw.IfLengthDiffers(request.Filter.ItemCount, _catalog.Count, "the number of items in the model's catalog");
            request.Found = 0;
        }

        TopKCore(requests);
        GC.KeepAlive(this);
    }

    /// <summary>The lane's session state as bytes, to be continued later or elsewhere by the same model.</summary>
    public byte[] Save(int lane)
    {
        CheckLane(lane);
        var state = SaveCore(lane);
        GC.KeepAlive(this);
        return state;
    }

    /// <summary>Continues a session that <see cref="Save"/> wrote.</summary>
    /// <exception cref="ArgumentException">The bytes were not written by a model of this shape.</exception>
    public void Load(int lane, ReadOnlySpan<byte> state)
    {
        CheckLane(lane);
        LoadCore(lane, state);
        GC.KeepAlive(this);
    }

    /// <summary>Starts a new session on a lane.</summary>
    protected abstract void ResetCore(int lane);

    /// <summary>Feeds each lane's next event; a negative index leaves the lane as it is.</summary>
    protected abstract void AdvanceCore(ReadOnlySpan<int> itemIndices);

    /// <summary>Ranks one target per lane; a negative index skips the lane.</summary>
    protected abstract void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks);

    /// <summary>The best items for one lane.</summary>
    protected abstract int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best);

    /// <summary>The best items for several lanes; one lane after the other where a model has nothing better.</summary>
    protected virtual void TopKCore(ReadOnlySpan<TopKRequest> requests)
    {
        foreach (var request in requests)
            request.Found = request.Best.IsEmpty ? 0 : TopKCore(request.Lane, request.Filter, request.Exclude.Span, request.Best.Span);
    }

    /// <summary>The lane's state as bytes.</summary>
    protected abstract byte[] SaveCore(int lane);

    /// <summary>Continues from bytes that <see cref="SaveCore"/> wrote.</summary>
    protected abstract void LoadCore(int lane, ReadOnlySpan<byte> state);

    /// <summary>Frees native memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposed lanes are refused too: their native memory is gone.</summary>
    private void CheckLane(int lane)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Throw.IfOutside(lane, Count, "lane");
    }

    private void CheckItems(ReadOnlySpan<int> itemIndices)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Throw.IfLengthDiffers(itemIndices.Length, Count, "the number of lanes");
        foreach (var item in itemIndices)
        {
            if (item != ItemCatalog.UnknownItem)
                Throw.IfOutside(item, _catalog.Count, "item");
        }
    }
}
