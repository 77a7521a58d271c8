using NextItem.Server.Contract;
using NextItem.Server.Settings;

namespace NextItem.Server.Answering;

/// <summary>Which items of a session carried a recommendation, by scoring the session again without each.</summary>
internal static class Reasons
{
    /// <summary>The reasons for each item, heaviest first; none where the item falls without none of the clicks.</summary>
    /// <param name="recommender">The model's.</param>
    /// <param name="session">The session's items, known or not.</param>
    /// <param name="items">The recommended items.</param>
    /// <exception cref="RequestException">The session is too long.</exception>
    public static IReadOnlyList<BecauseAnswer>[] Of(Recommender recommender, IReadOnlyList<string> session, IReadOnlyList<string> items)
    {
        if (session.Count > RequestLimits.ExplainedItems)
            throw new RequestException(400, "session-too-long", $"The session has {session.Count} items; explain expects {RequestLimits.ExplainedItems} at most, since each is left out once.");
        return [.. recommender.Explain(session, items).Select(Of)];
    }

    /// <summary>
    /// An item's share is how much the recommendation's reciprocal rank falls without it, of the falls of all. Where no rank changes, as for
    /// an item far ahead of the others, the falls of the scores are taken.
    /// </summary>
    internal static IReadOnlyList<BecauseAnswer> Of(Explanation explanation)
    {
        if (explanation.Rank is not { } rank || explanation.Score is not { } score)
            return [];
        var byRank = Falls(explanation, click => (1.0 / rank) - (click.RankWithout is { } without ? 1.0 / without : 0));
        var falls = byRank.Count > 0 ? byRank : Falls(explanation, click => score - (click.ScoreWithout ?? 0));
        var all = falls.Values.Sum();
        return [.. falls.Select(fall => new BecauseAnswer(fall.Key, Math.Round(fall.Value / all, 4))).OrderByDescending(because => because.Weight)];
    }

    private static Dictionary<string, double> Falls(Explanation explanation, Func<ClickEffect, double> fallOf)
    {
        var falls = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var click in explanation.Clicks)
        {
            if (fallOf(click) is var fall and > 0)
                falls[click.ItemKey] = falls.GetValueOrDefault(click.ItemKey) + fall;
        }

        return falls;
    }
}
