namespace NextItem.Models.Baselines;

/// <summary>
/// Training sessions as sets of items, by age, and the most recent sessions of each item. Sessions are numbered from the oldest:
/// the higher number is the more recent one. Eight bytes an event at most.
/// </summary>
internal sealed class SessionIndex
{
    private readonly int[] _sessionsOf;
    private readonly int[] _sessionsOfOffsets;

    /// <summary>From the sessions' items in compressed rows, oldest session first, rising in each.</summary>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="offsets">[S + 1].</param>
    /// <param name="items">Items, each once a session.</param>
    /// <param name="recentSessions">m: how many sessions are kept of each item.</param>
    public SessionIndex(int itemCount, int[] offsets, int[] items, int recentSessions)
    {
        Offsets = offsets;
        Items = items;
        SessionCounts = new int[itemCount];
        foreach (var item in items)
            SessionCounts[item]++;
        _sessionsOfOffsets = new int[itemCount + 1];
        for (var item = 0; item < itemCount; item++)
            _sessionsOfOffsets[item + 1] = _sessionsOfOffsets[item] + Math.Min(recentSessions, SessionCounts[item]);
        _sessionsOf = new int[_sessionsOfOffsets[itemCount]];
        var next = _sessionsOfOffsets.AsSpan(0, itemCount).ToArray();
        for (var session = offsets.Length - 2; session >= 0; session--)
        {
            foreach (var item in this[session])
            {
                if (next[item] < _sessionsOfOffsets[item + 1])
                    _sessionsOf[next[item]++] = session;
            }
        }
    }

    /// <summary>Where each session starts in <see cref="Items"/>.</summary>
    public int[] Offsets { get; }

    /// <summary>Items of all sessions.</summary>
    public int[] Items { get; }

    /// <summary>Number of sessions, S.</summary>
    public int Count => Offsets.Length - 1;

    /// <summary>[I] number of sessions that have an item, the old ones too.</summary>
    public int[] SessionCounts { get; }

    /// <summary>The items of a session, rising.</summary>
    public ReadOnlySpan<int> this[int session] => Items.AsSpan(Offsets[session]..Offsets[session + 1]);

    /// <summary>The m most recent sessions that have an item, the most recent first.</summary>
    public ReadOnlySpan<int> SessionsOf(int item) => _sessionsOf.AsSpan(_sessionsOfOffsets[item].._sessionsOfOffsets[item + 1]);

    /// <summary>Indexes a training set.</summary>
    public static SessionIndex Of(SessionSet train, int recentSessions, CancellationToken cancellationToken)
    {
        var offsets = new int[train.Count + 1];
        var items = new List<int>(train.EventCount);
        var distinct = new SortedSet<int>();
        var order = SessionRecency.OldestFirst(train);
        for (var i = 0; i < order.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            distinct.Clear();
            foreach (var item in train.ItemsOf(order[i]))
            {
                if (item >= 0)
                    distinct.Add(item);
            }

            items.AddRange(distinct);
            offsets[i + 1] = items.Count;
        }

        return new SessionIndex(train.Catalog.Count, offsets, [.. items], recentSessions);
    }
}
