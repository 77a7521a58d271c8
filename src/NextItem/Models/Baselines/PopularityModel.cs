using NextItem.Models.Baselines;

namespace NextItem;

/// <summary>
/// POP: the same items for everyone, by support. The score is the support; only the most popular
/// <see cref="ListedItemCount"/> items have a score.
/// </summary>
/// <remarks>
/// The baseline of Hidasi et al. 2016, with the original's list of 100. The original scores support / (1 + support), which
/// ranks alike but runs out of digits: as floats, supports of 20,000 and 20,010 would tie. A float holds a support exactly up to 2^24.
/// </remarks>
public sealed class PopularityModel : ISessionModel
{
    /// <summary>How many items have a score unless said otherwise: 100.</summary>
    public const int DefaultListLength = 100;

    private readonly ScoredItem[] _list;

    internal PopularityModel(ItemCatalog catalog, int listLength)
    {
        Catalog = catalog;
        var order = catalog.ByPopularity().AsSpan(0, Math.Min(listLength, catalog.Count));
        _list = new ScoredItem[order.Length];
        for (var i = 0; i < order.Length; i++)
            _list[i] = new ScoredItem(order[i], catalog.Support[order[i]]);
    }

    /// <inheritdoc/>
    public string Algorithm => "pop";

    /// <inheritdoc/>
    public ItemCatalog Catalog { get; }

    /// <summary>Number of items that have a score.</summary>
    public int ListedItemCount => _list.Length;

    /// <summary>Makes the model from a training set.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="listLength">How many of the most popular items get a score. Default 100, as in the original.</param>
    public static PopularityModel Fit(SessionSet train, int listLength = DefaultListLength)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        return new PopularityModel(train.Catalog, listLength);
    }

    /// <inheritdoc/>
    public SessionLanes Open(int lanes) => new PopularityLanes(this, lanes);

    private sealed class PopularityLanes(PopularityModel model, int lanes) : LastItemLanes(model.Catalog, lanes)
    {
        protected override ReadOnlySpan<ScoredItem> ScoresAfter(int lastItem) => model._list;
    }
}
