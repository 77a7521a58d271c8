namespace NextItem.Tests.Reference;

/// <summary>Ranks, best lists and (input, target) pairs by their definitions: nothing clever.</summary>
internal static class ByDefinition
{
    /// <summary>How many other items score higher than the target, and how many exactly the same.</summary>
    public static (int Above, int Tied) Rank<T>(IReadOnlyList<T> scores, int target)
        where T : IComparable<T>
    {
        int above = 0, tied = 0;
        for (var item = 0; item < scores.Count; item++)
        {
            if (item == target)
                continue;
            var order = scores[item].CompareTo(scores[target]);
            above += order > 0 ? 1 : 0;
            tied += order == 0 ? 1 : 0;
        }

        return (above, tied);
    }

    /// <summary>The K best by a full sort: higher score first, then lower index.</summary>
    public static ScoredItem[] TopK(IEnumerable<ScoredItem> scores, int count) =>
        [.. scores.OrderByDescending(item => item.Score).ThenBy(item => item.ItemIndex).Take(count)];

    /// <summary>Every (session, input, target) of the sessions, session by session.</summary>
    public static List<(int Session, int Position, int Input, int Target)> Pairs(SessionSet sessions)
    {
        var pairs = new List<(int Session, int Position, int Input, int Target)>();
        for (var session = 0; session < sessions.Count; session++)
        {
            var items = sessions.ItemsOf(session);
            for (var i = 1; i < items.Length; i++)
                pairs.Add((session, i - 1, items[i - 1], items[i]));
        }

        return pairs;
    }
}
