using System.Collections.Concurrent;

namespace NextItem.Hosting.Models;

/// <summary>
/// Follows sessions on the lanes of a model, from their start or from a stored state. The lanes are those of evaluation and of
/// <see cref="Recommender"/>: there is one scoring path. Safe for use by many threads at once.
/// </summary>
internal sealed class SessionScorer(ISessionModel model, long shareFromBytes = SharedScans.CacheBytes, int passes = 0) : IDisposable
{
    private readonly SharedScans _scans = new(model, shareFromBytes, passes);
    private readonly ConcurrentBag<SessionLanes> _idle = [];

    /// <summary>Sessions so far whose items were found together with others'.</summary>
    public long Shared => _scans.Shared;

    /// <summary>The state after more items.</summary>
    /// <param name="state">The state before; empty for a session that begins.</param>
    /// <param name="items">Known item indices, oldest first.</param>
    public byte[] Advance(ReadOnlySpan<byte> state, ReadOnlySpan<int> items)
    {
        var lanes = Take();
        try
        {
            Follow(lanes, state, items);
            return lanes.Save(0);
        }
        finally
        {
            _idle.Add(lanes);
        }
    }

    /// <summary>The best items after more items; see <see cref="SessionLanes.TopK(int, ItemFilter?, ReadOnlySpan{int}, Span{ScoredItem})"/>.</summary>
    /// <param name="state">The state before the items; empty for a session that begins.</param>
    /// <param name="items">Known item indices, oldest first.</param>
    /// <param name="filter">Items that may be recommended; null allows all.</param>
    /// <param name="exclude">Item indices to leave out as well.</param>
    /// <param name="best">Receives the items; its length is the number wanted, K.</param>
    /// <returns>How many there are.</returns>
    public int TopK(ReadOnlySpan<byte> state, ReadOnlySpan<int> items, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        var lanes = Take();
        try
        {
            Follow(lanes, state, items);
            return _scans.TopK(lanes, filter, exclude, best);
        }
        finally
        {
            _idle.Add(lanes);
        }
    }

    /// <summary>Asks for the best items after more items, several times.</summary>
    /// <param name="state">The state before the items; empty for a session that begins.</param>
    /// <param name="items">Known item indices, oldest first.</param>
    /// <param name="use">Asks, and does not keep the question.</param>
    public T Rank<T>(ReadOnlySpan<byte> state, ReadOnlySpan<int> items, Func<BestItems, T> use)
    {
        var lanes = Take();
        try
        {
            Follow(lanes, state, items);
            return use((filter, exclude, count) =>
            {
                var best = new ScoredItem[Math.Min(count, model.Catalog.Count)];
                return best[.._scans.TopK(lanes, filter, exclude, best)];
            });
        }
        finally
        {
            _idle.Add(lanes);
        }
    }

    /// <summary>Frees the lanes; nobody may be using them.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var lanes))
            lanes.Dispose();
        _scans.Dispose();
    }

    private static void Follow(SessionLanes lanes, ReadOnlySpan<byte> state, ReadOnlySpan<int> items)
    {
        if (state.IsEmpty)
            lanes.Reset(0);
        else
            lanes.Load(0, state);
        foreach (var item in items)
            lanes.Advance([item]);
    }

    private SessionLanes Take() => _idle.TryTake(out var lanes) ? lanes : model.Open(1);
}
