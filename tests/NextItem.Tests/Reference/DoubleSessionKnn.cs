namespace NextItem.Tests.Reference;

/// <summary>V-SKNN and VMIS-kNN by their definitions: every training session is looked at, nothing is indexed, nothing stops early.</summary>
internal static class DoubleSessionKnn
{
    /// <summary>Everything that has a score after a session, in no order.</summary>
    public static IEnumerable<(int Item, double Score)> VSknn(SessionSet train, int[] session, VSknnOptions options)
    {
        var latest = session.TakeLast(options.SessionLength).ToArray();
        var votes = Votes(train, latest, options.Neighbours, options.RecentSessions, latest.Length);
        return votes.Select(vote => (vote.Key, vote.Value * (1 + (options.IdfWeight * Math.Log((double)train.Count / SessionsWith(train, vote.Key))))));
    }

    /// <summary>Everything that has a score after a session, in no order.</summary>
    public static IEnumerable<(int Item, double Score)> VmisKnn(SessionSet train, int[] session, VmisKnnOptions options)
    {
        var latest = session.TakeLast(options.SessionLength).ToArray();
        var votes = Votes(train, latest, options.Neighbours, options.RecentSessions, latest.Distinct().Count());
        return votes.Where(vote => vote.Key != latest[^1])
            .Select(vote => (vote.Key, vote.Value * (options.IdfWeight == 0 ? 1 : options.IdfWeight * Math.Log((double)train.EventCount / train.Catalog.Support[vote.Key]))));
    }

    /// <summary>Of the m most recent sessions with an item of the session the k most similar, and what they vote.</summary>
    private static Dictionary<int, double> Votes(SessionSet train, int[] session, int neighbours, int recentSessions, double positions)
    {
        var votes = new Dictionary<int, double>();
        var candidates = Enumerable.Range(0, train.Count)
            .Where(other => train.ItemsOf(other).ContainsAny(session))
            .OrderByDescending(train.EndTimeOf).ThenByDescending(other => other)
            .Take(recentSessions)
            .ToArray(); // the most recent first: a stable sort leaves equally similar ones so
        var nearest = candidates.OrderByDescending(other => Math.Round(SumOfPositions(train, session, other))).Take(neighbours);
        foreach (var other in nearest)
        {
            var similarity = SumOfPositions(train, session, other) / positions;
            var fromEnd = 1;
            while (!train.ItemsOf(other).Contains(session[^fromEnd]))
                fromEnd++;
            var weight = fromEnd < 10 ? 1 - (0.1 * fromEnd) : 0;
            foreach (var item in train.ItemsOf(other).ToArray().Distinct())
                votes[item] = votes.GetValueOrDefault(item) + (weight * similarity);
        }

        return votes;
    }

    /// <summary>Each shared item's last position, counted from 1.</summary>
    private static double SumOfPositions(SessionSet train, int[] session, int other)
    {
        double sum = 0;
        foreach (var item in session.Distinct())
            sum += train.ItemsOf(other).Contains(item) ? Array.LastIndexOf(session, item) + 1 : 0;
        return sum;
    }

    private static int SessionsWith(SessionSet train, int item) => Enumerable.Range(0, train.Count).Count(session => train.ItemsOf(session).Contains(item));
}
