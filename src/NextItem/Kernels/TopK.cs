namespace NextItem.Kernels;

/// <summary>
/// Keeps the K best (index, score) pairs of a stream in a heap whose root is the worst kept: most candidates are refused by
/// one comparison. Equal scores: the lower index is better.
/// </summary>
/// <param name="heap">Where they are kept.</param>
/// <param name="count">How many are there already, as another of these left them.</param>
internal ref struct TopK(Span<ScoredItem> heap, int count = 0)
{
    private readonly Span<ScoredItem> _heap = heap;

    /// <summary>Number of pairs kept.</summary>
    public int Count { get; private set; } = count;

    /// <summary>Candidates whose score is below this are refused.</summary>
    public readonly float Floor => Count < _heap.Length ? float.NegativeInfinity : _heap[0].Score;

    /// <summary>Offers a candidate.</summary>
    public void Add(int itemIndex, float score)
    {
        var candidate = new ScoredItem(itemIndex, score);
        if (Count < _heap.Length)
        {
            var i = Count++;
            for (int parent; i > 0 && Worse(candidate, _heap[parent = (i - 1) / 2]); i = parent)
                _heap[i] = _heap[parent];
            _heap[i] = candidate;
        }
        else if (!_heap.IsEmpty && Worse(_heap[0], candidate))
        {
            SiftDown(candidate, Count);
        }
    }

    /// <summary>Puts what was kept in order, best first, and returns how many there are.</summary>
    public int Sort()
    {
        for (var last = Count - 1; last > 0; last--)
        {
            var worst = _heap[0];
            SiftDown(_heap[last], last);
            _heap[last] = worst;
        }

        return Count;
    }

    private readonly void SiftDown(ScoredItem item, int count)
    {
        var i = 0;
        while (true)
        {
            var child = (2 * i) + 1;
            if (child >= count)
                break;
            if (child + 1 < count && Worse(_heap[child + 1], _heap[child]))
                child++;
            if (!Worse(_heap[child], item))
                break;
            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = item;
    }

    private static bool Worse(ScoredItem a, ScoredItem b) =>
        a.Score != b.Score ? a.Score < b.Score : a.ItemIndex > b.ItemIndex;
}
