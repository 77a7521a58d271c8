namespace NextItem.Models.Baselines;

/// <summary>The events of each item in the order of the log, and the session of each event. Eight bytes an event.</summary>
internal sealed class ItemEvents
{
    private readonly int[] _offsets;
    private readonly int[] _events;
    private readonly int[] _sessions;

    public ItemEvents(SessionSet log)
    {
        _offsets = new int[log.Catalog.Count + 1];
        _events = new int[log.EventCount];
        _sessions = new int[log.EventCount];
        foreach (var item in log.Items)
        {
            if (item >= 0)
                _offsets[item + 1]++;
        }

        for (var item = 0; item < log.Catalog.Count; item++)
            _offsets[item + 1] += _offsets[item];
        var next = _offsets.AsSpan(0, log.Catalog.Count).ToArray();
        for (var session = 0; session < log.Count; session++)
        {
            for (var e = log.Offsets[session]; e < log.Offsets[session + 1]; e++)
            {
                _sessions[e] = session;
                if (log.Items[e] >= 0)
                    _events[next[log.Items[e]]++] = e;
            }
        }
    }

    /// <summary>Places of an item's events in <see cref="SessionSet.Items"/>, rising.</summary>
    public ReadOnlySpan<int> Of(int item) => _events.AsSpan(_offsets[item].._offsets[item + 1]);

    /// <summary>Number of events of an item: its support.</summary>
    public int CountOf(int item) => _offsets[item + 1] - _offsets[item];

    /// <summary>The session of an event.</summary>
    public int SessionOf(int place) => _sessions[place];
}
