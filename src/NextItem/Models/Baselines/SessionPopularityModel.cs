using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// S-POP: the items of the session by how often they were seen in it, then the most popular ones. The score is the count in the
/// session + support / (1 + support); an item that is neither in the session nor on the list of the most popular has none.
/// </summary>
/// <remarks>
/// The baseline of Hidasi et al. 2016. A float cannot tell the second term of a support of 20,000 from that of 20,010, so such
/// scores are moved apart by one in the last place: the order is that of the formula, whatever the supports. docs/baselines.md.
/// </remarks>
public sealed class SessionPopularityModel : ISessionModel
{
    private readonly int[] _list;

    internal SessionPopularityModel(ItemCatalog catalog, int listLength)
    {
        Catalog = catalog;
        _list = catalog.ByPopularity()[..Math.Min(listLength, catalog.Count)];
    }

    /// <inheritdoc/>
    public string Algorithm => "s-pop";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>Number of items that have a score in every session.</summary>
    public int ListedItemCount => _list.Length;

    /// <summary>Makes the model from a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="listLength">How many of the most popular items get a score in every session. Default 100, as for <see cref="PopularityModel"/>.</param>
    public static SessionPopularityModel Fit(SessionSet train, int listLength = PopularityModel.DefaultListLength)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        return new SessionPopularityModel(train.Catalog, listLength);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new SessionPopularityLanes(this, lanes);

    private sealed class SessionPopularityLanes(SessionPopularityModel model, int lanes) : HistoryLanes(model.Catalog, lanes, int.MaxValue)
    {
        private readonly Dictionary<int, int> _counts = [];
        private readonly List<(int Count, int Support, int Item)> _seen = [];
        private ScoredItem[] _scores = [];

        protected override ReadOnlySpan<ScoredItem> ScoresAfter(ReadOnlySpan<int> items)
        {
            _counts.Clear();
            foreach (var item in items)
                _counts[item] = _counts.GetValueOrDefault(item) + 1;
            _seen.Clear();
            foreach (var (item, count) in _counts)
                _seen.Add((count, model.Catalog.Support[item], item));
            _seen.Sort(static (a, b) => a.Count != b.Count ? b.Count.CompareTo(a.Count) : b.Support.CompareTo(a.Support));
            if (_scores.Length < _seen.Count + model._list.Length)
                _scores = new ScoredItem[(2 * _seen.Count) + model._list.Length];

            // Best first: all items of the session, then the list, which is in order already.
            var found = 0;
            var before = (Count: int.MaxValue, Support: 0);
            var score = float.PositiveInfinity;
            foreach (var (count, support, item) in _seen)
                Add(count, support, item);
            foreach (var item in model._list)
            {
                if (!_counts.ContainsKey(item))
                    Add(0, model.Catalog.Support[item], item);
            }

            return _scores.AsSpan(0, found);

            void Add(int count, int support, int item)
            {
                if (before != (count, support))
                    score = MathF.Min((float)(count + (support / (1.0 + support))), MathF.BitDecrement(score));
                before = (count, support);
                _scores[found++] = new ScoredItem(item, score);
            }
        }
    }
}
