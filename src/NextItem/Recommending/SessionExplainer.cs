namespace NextItem.Recommending;

/// <summary>Scores a session as it is and without each of its clicks, side by side on the lanes of a model.</summary>
internal static class SessionExplainer
{
    /// <summary>Lanes at once: bounds the memory for the longest of sessions.</summary>
    private const int MostLanes = 64;

    /// <summary>Explains items.</summary>
    /// <param name="model">The model.</param>
    /// <param name="session">The session's known items, oldest first.</param>
    /// <param name="positions">The place of each in the session as it was given.</param>
    /// <param name="items">The items to explain.</param>
    public static Explanation[] Explain(ISessionModel model, List<int> session, List<int> positions, int[] items)
    {
        var only = ItemFilter.AllowOnly(model.Catalog, items.Select(model.Catalog.KeyOf));
        var outcomes = new (int? Rank, double? Score)[session.Count + 1, items.Length]; // the whole session, then without click 0, 1, ...
        using var lanes = model.Open(Math.Min(MostLanes, session.Count + 1));
        for (var first = 0; first <= session.Count; first += lanes.Count)
            Fill(lanes, session, items, only, outcomes, first);
        return [.. items.Select((item, i) => Of(model.Catalog, session, positions, item, i, outcomes))];
    }

    private static void Fill(SessionLanes lanes, List<int> session, int[] items, ItemFilter only, (int? Rank, double? Score)[,] outcomes, int first)
    {
        var used = Math.Min(lanes.Count, session.Count + 1 - first);
        var next = new int[lanes.Count];
        for (var lane = 0; lane < lanes.Count; lane++)
            lanes.Reset(lane);
        for (var click = 0; click < session.Count; click++)
        {
            for (var lane = 0; lane < lanes.Count; lane++)
                next[lane] = lane >= used || first + lane == click + 1 ? ItemCatalog.UnknownItem : session[click];
            lanes.Advance(next);
        }

        var ranks = new TargetRank[lanes.Count];
        for (var i = 0; i < items.Length; i++)
        {
            Array.Fill(next, items[i]);
            lanes.Rank(next, ranks);
            for (var lane = 0; lane < used; lane++)
                outcomes[first + lane, i].Rank = ranks[lane].IsScored ? ranks[lane].Above + 1 : null;
        }

        var best = new ScoredItem[items.Length];
        for (var lane = 0; lane < used; lane++)
        {
            foreach (var (item, score) in best.AsSpan(0, lanes.TopK(lane, only, [], best)))
            {
                for (var i = 0; i < items.Length; i++)
                {
                    if (items[i] == item)
                        outcomes[first + lane, i].Score = score;
                }
            }
        }
    }

    private static Explanation Of(ItemCatalog catalog, List<int> session, List<int> positions, int item, int i, (int? Rank, double? Score)[,] outcomes)
    {
        var whole = outcomes[0, i];
        var clicks = new ClickEffect[session.Count];
        ClickEffect? carriedBy = null;
        var (rankFall, scoreFall) = (0L, 0.0);
        for (var click = 0; click < session.Count; click++)
        {
            var without = outcomes[click + 1, i];
            clicks[click] = new ClickEffect(positions[click], catalog.KeyOf(session[click]), without.Rank, without.Score);
            if (whole.Rank is not { } rank)
                continue; // what is nowhere falls nowhere
            var byRank = (without.Rank ?? long.MaxValue / 2) - rank;
            var byScore = (whole.Score ?? 0) - (without.Score ?? double.NegativeInfinity);
            var isFall = byRank > 0 || (byRank == 0 && byScore > 0);
            if (isFall && (byRank, byScore).CompareTo((rankFall, scoreFall)) >= 0)
                (carriedBy, rankFall, scoreFall) = (clicks[click], byRank, byScore);
        }

        return new Explanation(catalog.KeyOf(item), whole.Rank, whole.Score, clicks, carriedBy);
    }
}
