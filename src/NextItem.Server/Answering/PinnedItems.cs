using NextItem.Server.Filters;
using NextItem.Server.Rules;

namespace NextItem.Server.Answering;

/// <summary>Items that rules put at a place of a list, and what else is in it.</summary>
internal static class PinnedItems
{
    /// <summary>The pins of a list by their position: of several for one place the first of the file that may be shown, and no item twice.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="session">The session's items, oldest first.</param>
    /// <param name="query">What is wanted: what a request leaves out, no pin brings back.</param>
    /// <param name="excludesSeen">Whether items of the session are left out.</param>
    /// <param name="now">The time.</param>
    public static SortedDictionary<int, string> Of(CatalogRules rules, IReadOnlyList<string> session, ListQuery query, bool excludesSeen, DateTimeOffset now)
    {
        var pinned = new SortedDictionary<int, string>();
        if (rules.Rules.Pins.Count == 0)
            return pinned;
        IReadOnlyList<string> lastCategories = session.Count == 0 ? [] : rules.CategoriesOf(session[^1]);
        Func<FilteredItem, bool>? condition = query.Filter is null ? null : FilterParser.Parse(query.Filter);
        var left = (excludesSeen ? query.Deny.Concat(session) : query.Deny).ToHashSet(StringComparer.Ordinal);
        var places = rules.Rules.Pins.Where(pin => pin.Position <= query.NumResults && pin.Applies(now, lastCategories)).GroupBy(pin => pin.Position).OrderBy(place => place.Key);
        foreach (var place in places)
        {
            if (place.FirstOrDefault(pin => MayBeShown(pin.ItemKey)) is not { } shown)
                continue;
            pinned[place.Key] = shown.ItemKey;
            left.Add(shown.ItemKey);
        }

        return pinned;

        bool MayBeShown(string key) =>
            !left.Contains(key) && query.Allow?.Contains(key, StringComparer.Ordinal) != false
            && rules.ItemOf(key) is var item && rules.Rules.Shows(item) && condition?.Invoke(item) != false;
    }

    /// <summary>Puts pins at their places among others; where the others are fewer, pins follow on the last of them.</summary>
    public static IEnumerable<(string Key, double? Score)> Among(IEnumerable<(string Key, double Score)> others, SortedDictionary<int, string> pinned)
    {
        var position = 1;
        using var other = others.GetEnumerator();
        foreach (var (place, key) in pinned)
        {
            for (; position < place && other.MoveNext(); position++)
                yield return other.Current;
            yield return (key, null);
            position++;
        }

        while (other.MoveNext())
            yield return other.Current;
    }
}
