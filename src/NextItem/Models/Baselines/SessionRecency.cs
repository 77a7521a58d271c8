namespace NextItem.Models.Baselines;

/// <summary>The order of sessions by age.</summary>
internal static class SessionRecency
{
    /// <summary>Session indices by rising time of the last event; of sessions that end together, the later one in the file is the more recent.</summary>
    public static int[] OldestFirst(SessionSet log)
    {
        var order = new int[log.Count];
        var ends = new double[log.Count];
        for (var session = 0; session < log.Count; session++)
            (order[session], ends[session]) = (session, log.EndTimeOf(session));
        Array.Sort(order, (a, b) => ends[a] != ends[b] ? ends[a].CompareTo(ends[b]) : a.CompareTo(b));
        return order;
    }
}
