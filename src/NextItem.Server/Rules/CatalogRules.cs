using NextItem.Server.Catalog;
using NextItem.Server.Filters;

namespace NextItem.Server.Rules;

/// <summary>Standing rules as sets of a model's items.</summary>
internal sealed class CatalogRules
{
    /// <summary>Sets of items with a common lift at most: each is asked for its best. Beyond, all items are scored.</summary>
    private const int MostGroups = 16;

    private readonly ItemCatalog _catalog;
    private readonly ItemFactsStore _facts;
    private readonly long _revision;
    private readonly double[]? _lifts;

    /// <summary>Asks the rules of every item, where they ask for more than keys.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="catalog">The model's items.</param>
    /// <param name="facts">What the shop told about items.</param>
    /// <param name="revision">That of the facts before they are looked at.</param>
    public CatalogRules(StandingRules rules, ItemCatalog catalog, ItemFactsStore facts, long revision)
    {
        (Rules, _catalog, _facts, _revision) = (rules, catalog, facts, revision);
        var hidden = new List<string>();
        if (rules.HiddenCategories.Count > 0 || rules.HiddenFilter is not null)
        {
            for (var item = 0; item < catalog.Count; item++)
            {
                if (ItemOf(item) is var one && !rules.Shows(one))
                    hidden.Add(one.Key);
            }
        }
        else
        {
            hidden.AddRange(rules.ShowsUnavailable ? rules.HiddenItems : facts.Unavailable().Concat(rules.HiddenItems));
        }

        Allowed = hidden.Count == 0 ? null : ItemFilter.Deny(catalog, hidden);
        HiddenCount = hidden.Count;
        if (rules.Lifts.Count == 0)
            return;
        _lifts = new double[catalog.Count];
        for (var item = 0; item < _lifts.Length; item++)
            _lifts[item] = rules.LiftOf(ItemOf(item));
        Groups = GroupsOf(_lifts, catalog);
    }

    public StandingRules Rules { get; }

    /// <summary>The items that may be shown; null where all may.</summary>
    public ItemFilter? Allowed { get; }

    /// <summary>Items that may not be shown, at most.</summary>
    public int HiddenCount { get; }

    /// <summary>Whether items are boosted or buried.</summary>
    public bool HasLifts => _lifts is not null;

    /// <summary>The items by their lifts; null where there are no lifts, or too many different ones.</summary>
    public IReadOnlyList<ItemFilter>? Groups { get; }

    /// <summary>How far an item is lifted, in spreads of the session's scores.</summary>
    public double LiftOf(int itemIndex) => _lifts?[itemIndex] ?? 0;

    /// <summary>The categories of an item.</summary>
    public IReadOnlyList<string> CategoriesOf(string itemKey) => _facts[itemKey].Categories;

    /// <summary>What filters see of an item, known to the model or not.</summary>
    public FilteredItem ItemOf(string itemKey) =>
        new(itemKey, _facts[itemKey], _catalog.IndexOf(itemKey) is >= 0 and var item ? _catalog.Support[item] : 0);

    /// <summary>Whether nothing has changed since it was made.</summary>
    public bool IsOf(StandingRules rules, long revision) => ReferenceEquals(rules, Rules) && revision == _revision;

    private FilteredItem ItemOf(int item) => _catalog.KeyOf(item) is var key ? new(key, _facts[key], _catalog.Support[item]) : default;

    private static ItemFilter[]? GroupsOf(double[] lifts, ItemCatalog catalog)
    {
        var groups = new Dictionary<double, List<string>>();
        for (var item = 0; item < lifts.Length; item++)
        {
            if (!groups.TryGetValue(lifts[item], out var group))
            {
                if (groups.Count == MostGroups)
                    return null;
                groups[lifts[item]] = group = [];
            }

            group.Add(catalog.KeyOf(item));
        }

        return [.. groups.Values.Select(keys => ItemFilter.AllowOnly(catalog, keys))];
    }
}
