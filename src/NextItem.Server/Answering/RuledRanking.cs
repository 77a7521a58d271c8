using NextItem.Hosting.Models;
using NextItem.Server.Rules;

namespace NextItem.Server.Answering;

/// <summary>
/// The best items of a session after boosts, buries and quotas: exactly those that come out when every item is scored, lifted, sorted, and
/// taken from the best on while its categories have room, only without scoring every item.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="best">The model's best items for the session.</param>
/// <param name="catalog">The model's items.</param>
/// <param name="filter">The only items allowed; null allows all.</param>
/// <param name="exclude">Items left out as well.</param>
internal sealed class RuledRanking(CatalogRules rules, BestItems best, ItemCatalog catalog, ItemFilter? filter, int[] exclude)
{
    /// <summary>The spread of a session's scores is the distance from the best item to the one of this rank.</summary>
    public const int SpreadRank = 100;

    /// <summary>The list is made this much longer when quotas leave too few.</summary>
    private const int Deepening = 4;

    private double? _spread;

    /// <summary>The best items.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <param name="taken">Items that a list has already of each category.</param>
    public List<RankedItem> Take(int count, Dictionary<string, int> taken)
    {
        if (count == 0)
            return [];
        if (!rules.Rules.HasQuotas)
            return [.. Ranked(Math.Min(count, catalog.Count))];
        for (var depth = Math.Min(Deepening * (long)count, catalog.Count); ; depth = Math.Min(Deepening * depth, catalog.Count))
        {
            var ranked = Ranked((int)depth);
            var kept = WithinQuotas(ranked, count, new Dictionary<string, int>(taken, StringComparer.Ordinal));
            if (kept.Count == count || ranked.Length < depth || depth == catalog.Count)
                return kept;
        }
    }

    /// <summary>Counts an item in its categories.</summary>
    public static void Count(IEnumerable<string> categories, Dictionary<string, int> taken)
    {
        foreach (var category in categories.Distinct(StringComparer.Ordinal))
            taken[category] = taken.GetValueOrDefault(category) + 1;
    }

    private List<RankedItem> WithinQuotas(RankedItem[] ranked, int count, Dictionary<string, int> taken)
    {
        var kept = new List<RankedItem>(count);
        foreach (var item in ranked)
        {
            if (kept.Count == count)
                break;
            var categories = rules.CategoriesOf(catalog.KeyOf(item.ItemIndex));
            if (categories.Any(category => taken.GetValueOrDefault(category) >= MostOf(category)))
                continue;
            Count(categories, taken);
            kept.Add(item);
        }

        return kept;
    }

    private int MostOf(string category) => rules.Rules.Quotas.TryGetValue(category, out var most) ? most : rules.Rules.QuotaOfEach ?? int.MaxValue;

    /// <summary>The best items after lifts: the best of each group of one lift, merged.</summary>
    private RankedItem[] Ranked(int count)
    {
        if (!rules.HasLifts)
            return Array.ConvertAll(best(filter, exclude, count), item => new RankedItem(item.ItemIndex, item.Score));
        var spread = _spread ??= Spread();
        var candidates = rules.Groups is { } groups
            ? groups.SelectMany(group => best(filter?.And(group) ?? group, exclude, count))
            : best(filter, exclude, catalog.Count);
        return [.. candidates.Select(item => new RankedItem(item.ItemIndex, item.Score + (rules.LiftOf(item.ItemIndex) * spread)))
            .OrderByDescending(item => item.Score).ThenBy(item => item.ItemIndex).Take(count)];
    }

    /// <summary>
    /// From all that the model scores, whatever is left out of this list: the order of two items is the same on every page of a list, and in
    /// a list of any length. Where all scores are equal, 1: then lifts alone decide.
    /// </summary>
    private double Spread()
    {
        var top = best(null, [], Math.Min(SpreadRank, catalog.Count));
        return top.Length > 0 && (double)top[0].Score - top[^1].Score is > 0 and var spread ? spread : 1;
    }
}
