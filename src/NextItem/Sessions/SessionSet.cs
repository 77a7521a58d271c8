using NextItem.Diagnostics;
using NextItem.Sessions;

namespace NextItem;

/// <summary>
/// Sessions as two flat arrays: the item indices of all events, session after session in time order, and where each
/// session starts. Immutable and safe to share between threads. Four bytes an event and about 40 a session.
/// </summary>
/// <remarks>
/// An event whose item the catalog does not know (possible only when a catalog was given) is kept with item index
/// <see cref="ItemCatalog.UnknownItem"/>; the evaluator decides what to do with it.
/// </remarks>
public sealed class SessionSet
{
    private readonly int[] _items;
    private readonly int[] _offsets;
    private readonly double[] _startTimes;
    private string? _fingerprint;
    private readonly double[] _endTimes;
    private readonly KeyTable _keys;

    internal SessionSet(ItemCatalog catalog, int[] items, int[] offsets, double[] startTimes, double[] endTimes, KeyTable keys)
    {
        Catalog = catalog;
        _items = items;
        _offsets = offsets;
        _startTimes = startTimes;
        _endTimes = endTimes;
        _keys = keys;
        foreach (var item in items)
            UnknownEventCount += item < 0 ? 1 : 0;
    }

    /// <summary>Groups events into sessions, each in time order; equal times keep their input order.</summary>
    /// <param name="events">Events in any order.</param>
    /// <param name="catalog">The catalog of a model, for test data; null makes a new catalog, for training data.</param>
    /// <exception cref="ArgumentException">A key is null or a time is not a number.</exception>
    public static SessionSet From(IEnumerable<SessionEvent> events, ItemCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(events);
        var builder = new SessionSetBuilder(catalog);
        foreach (var (sessionKey, itemKey, time) in events)
        {
            if (sessionKey is null || itemKey is null)
                throw new ArgumentException("An event has no session key or no item key; every event needs both.", nameof(events));
            builder.Add(sessionKey, itemKey, time);
        }

        return builder.Build();
    }

    /// <summary>The items that the indices refer to.</summary>
    public ItemCatalog Catalog { get; }

    /// <summary>Number of sessions, those of a single event included.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>Number of events.</summary>
    public int EventCount => _items.Length;

    /// <summary>Number of events whose item the catalog does not know.</summary>
    public int UnknownEventCount { get; }

    /// <summary>Item indices of all events, session after session.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <summary>[Count + 1]: where each session starts in <see cref="Items"/>; the last entry is the number of events.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Item indices of one session in time order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such session.</exception>
    public ReadOnlySpan<int> ItemsOf(int session)
    {
        Throw.IfOutside(session, Count, "session");
        return _items.AsSpan(_offsets[session].._offsets[session + 1]);
    }

    /// <summary>The outside's id of one session; a new string each time.</summary>
    public string KeyOf(int session)
    {
        Throw.IfOutside(session, Count, "session");
        return _keys[session];
    }

    /// <summary>The time of the session's first event, in the unit of the input.</summary>
    public double StartTimeOf(int session)
    {
        Throw.IfOutside(session, Count, "session");
        return _startTimes[session];
    }

    /// <summary>The time of the session's last event, in the unit of the input.</summary>
    public double EndTimeOf(int session)
    {
        Throw.IfOutside(session, Count, "session");
        return _endTimes[session];
    }

    /// <summary>Session indices by rising start time; sessions that start together keep the order of the file.</summary>
    public int[] OrderByStartTime()
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => _startTimes[a] != _startTimes[b] ? _startTimes[a].CompareTo(_startTimes[b]) : a.CompareTo(b));
        return order;
    }

    /// <summary>
    /// SHA-256, as lower-case hexadecimal, of the item keys, the sessions' items and their start times: the same sessions
    /// have the same fingerprint whatever file format they came in.
    /// </summary>
    public string Fingerprint() => _fingerprint ??= Hash();

    private string Hash()
    {
        using var fingerprint = new SessionFingerprint();
        for (var item = 0; item < Catalog.Count; item++)
            fingerprint.AddItemKey(Catalog.Keys.Utf8(item));
        fingerprint.Add(_items);
        fingerprint.Add(_offsets);
        fingerprint.Add(_startTimes);
        return fingerprint.Finish();
    }
}
