namespace NextItem.Tests.Recommending;

/// <summary>A model of three items that counts the lanes it opened and those that were freed, and does something on every event.</summary>
internal sealed class CountingModel(Action<int> onEvent) : ISessionModel
{
    private int _opened;
    private int _freed;

    public int Opened => _opened;

    public int Freed => _freed;

    public string Algorithm => "counting";

    public ItemCatalog Catalog { get; } = ItemCatalog.From(["a", "b", "c"], [3, 2, 1]);

    public SessionLanes Open(int lanes)
    {
        Interlocked.Increment(ref _opened);
        return new Lanes(this, lanes);
    }

    /// <summary>Scores an item by how often its session had it.</summary>
    private sealed class Lanes(CountingModel model, int lanes) : SessionLanes(model.Catalog, lanes)
    {
        private readonly float[] _counts = new float[3];
        private bool _isFreed;

        protected override void ResetCore(int lane) => Array.Clear(_counts);

        protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
        {
            ObjectDisposedException.ThrowIf(_isFreed, this);
            _counts[itemIndices[0]]++;
            model.OnEvent(itemIndices[0]);
        }

        protected override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
        {
            ObjectDisposedException.ThrowIf(_isFreed, this);
            var order = _counts.Select((count, item) => new ScoredItem(item, count)).OrderByDescending(scored => scored.Score).Take(best.Length).ToArray();
            order.CopyTo(best);
            return order.Length;
        }

        protected override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks) => throw new NotSupportedException();

        protected override byte[] SaveCore(int lane) => throw new NotSupportedException();

        protected override void LoadCore(int lane, ReadOnlySpan<byte> state) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (!_isFreed)
                Interlocked.Increment(ref model._freed);
            _isFreed = true;
            base.Dispose(disposing);
        }
    }

    private void OnEvent(int item) => onEvent(item);
}
