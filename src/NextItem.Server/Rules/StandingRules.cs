using NextItem.Server.Filters;

namespace NextItem.Server.Rules;

/// <summary>What a shop wants of every list, whatever the request says.</summary>
internal sealed record StandingRules
{
    /// <summary>No rule: unavailable items are not shown, and nothing else is changed.</summary>
    public static StandingRules None { get; } = new();

    /// <summary>Keys that are never shown.</summary>
    public IReadOnlySet<string> HiddenItems { get; init; } = new HashSet<string>();

    /// <summary>Categories of which no item is shown.</summary>
    public IReadOnlySet<string> HiddenCategories { get; init; } = new HashSet<string>();

    /// <summary>Items for which it holds are never shown; null for none.</summary>
    public Func<FilteredItem, bool>? HiddenFilter { get; init; }

    /// <summary>Shows items too that <c>PUT /v1/items</c> told to be unavailable.</summary>
    public bool ShowsUnavailable { get; init; }

    /// <summary>Whether items of the session are left out; null leaves it to the server's setting.</summary>
    public bool? ExcludeSeen { get; init; }

    /// <summary>Items with a place of their own, in the order of the file.</summary>
    public IReadOnlyList<Pin> Pins { get; init; } = [];

    /// <summary>Boosts, and buries as negative boosts.</summary>
    public IReadOnlyList<Lift> Lifts { get; init; } = [];

    /// <summary>Items of a category that a list has at most.</summary>
    public IReadOnlyDictionary<string, int> Quotas { get; init; } = new Dictionary<string, int>();

    /// <summary>Items that a list has at most of each category without a quota of its own; null for any number.</summary>
    public int? QuotaOfEach { get; init; }

    /// <summary>Whether lists have fewer of a category than there may be.</summary>
    public bool HasQuotas => QuotaOfEach is not null || Quotas.Count > 0;

    /// <summary>Whether an item may be shown.</summary>
    public bool Shows(FilteredItem item) =>
        (item.Facts.IsAvailable || ShowsUnavailable)
        && !HiddenItems.Contains(item.Key)
        && (HiddenCategories.Count == 0 || !item.Facts.Categories.Any(HiddenCategories.Contains))
        && HiddenFilter?.Invoke(item) != true;

    /// <summary>How far the rules lift an item, in spreads of the session's scores; negative for down.</summary>
    public double LiftOf(FilteredItem item)
    {
        double sum = 0;
        foreach (var lift in Lifts)
            sum += lift.Holds(item) ? lift.Spreads : 0;
        return sum;
    }
}

/// <summary>An item at a place of the list.</summary>
/// <param name="Position">The place, from 1.</param>
/// <param name="ItemKey">The item; the model need not know it.</param>
/// <param name="From">Not before this time; null for always.</param>
/// <param name="Until">Not from this time on; null for always.</param>
/// <param name="LastCategory">Only where the session's last item is of this category; null for all sessions.</param>
internal sealed record Pin(int Position, string ItemKey, DateTimeOffset? From, DateTimeOffset? Until, string? LastCategory)
{
    /// <summary>Whether it is meant for a session now.</summary>
    public bool Applies(DateTimeOffset now, IReadOnlyList<string> lastCategories) =>
        !(now < From) && !(now >= Until) && (LastCategory is null || lastCategories.Contains(LastCategory, StringComparer.Ordinal));
}

/// <summary>Items that a rule lifts.</summary>
/// <param name="Holds">Which.</param>
/// <param name="Spreads">How far, in spreads of the session's scores; negative for down.</param>
internal sealed record Lift(Func<FilteredItem, bool> Holds, double Spreads);
