using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// Recent popularity: the same items for everyone, by how often they occur in the last events or in the last share of the
/// training time. The score is that count.
/// </summary>
/// <remarks>
/// A log keeps the times of a session's first and last event, so a window of time takes the sessions that end in it, whole; a
/// window of events takes the sessions that end last, and of the earliest of them its latest events. docs/baselines.md.
/// </remarks>
public sealed class RecentPopularityModel : ISessionModel
{
    private readonly ScoredItem[] _list;

    /// <summary>From the items and their counts, best first.</summary>
    internal RecentPopularityModel(ItemCatalog catalog, RecentPopularityOptions options, int[] items, int[] counts)
    {
        Catalog = catalog;
        Options = options;
        Items = items;
        Counts = counts;
        _list = new ScoredItem[items.Length];
        var (before, score) = (double.PositiveInfinity, float.PositiveInfinity);
        for (var i = 0; i < items.Length; i++)
        {
            score = ScoreOrder.Behind(counts[i], before, score);
            before = counts[i];
            _list[i] = new ScoredItem(items[i], score);
        }
    }

    /// <inheritdoc/>
    public string Algorithm => "recent-pop";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>What the model was fitted with.</summary>
    public RecentPopularityOptions Options { get; }

    /// <summary>Number of items that have a score.</summary>
    public int ListedItemCount => _list.Length;

    internal int[] Items { get; }

    internal int[] Counts { get; }

    /// <summary>Counts the recent events of a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">Which events are recent; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static RecentPopularityModel Fit(SessionSet train, RecentPopularityOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new RecentPopularityOptions();
        options.Validate();
        var counts = new int[train.Catalog.Count];
        var order = SessionRecency.OldestFirst(train);
        var left = options.Events > 0 ? options.Events : int.MaxValue;
        var from = options.Events > 0 ? double.NegativeInfinity : WindowStart(train, options.TimeShare);
        for (var i = order.Length - 1; i >= 0 && left > 0 && train.EndTimeOf(order[i]) >= from; i--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var items = train.ItemsOf(order[i]);
            for (var e = items.Length - 1; e >= 0 && left > 0; e--)
            {
                if (items[e] < 0)
                    continue;
                counts[items[e]]++;
                left--;
            }
        }

        var best = Enumerable.Range(0, counts.Length).Where(item => counts[item] > 0)
            .OrderByDescending(item => counts[item]).ThenBy(item => item).Take(options.ListLength).ToArray();
        return new RecentPopularityModel(train.Catalog, options, best, Array.ConvertAll(best, item => counts[item]));
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new RecentPopularityLanes(this, lanes);

    private static double WindowStart(SessionSet train, double share)
    {
        var (first, last) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var session = 0; session < train.Count; session++)
        {
            first = Math.Min(first, train.StartTimeOf(session));
            last = Math.Max(last, train.EndTimeOf(session));
        }

        return share == 1 ? double.NegativeInfinity : last - (share * (last - first));
    }

    private sealed class RecentPopularityLanes(RecentPopularityModel model, int lanes) : LastItemLanes(model.Catalog, lanes)
    {
        protected override ReadOnlySpan<ScoredItem> ScoresAfter(int lastItem) => model._list;
    }
}
