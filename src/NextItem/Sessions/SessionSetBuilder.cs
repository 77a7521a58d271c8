using NextItem.Sessions;

namespace NextItem;

/// <summary>
/// Collects events in any order and groups them into a <see cref="SessionSet"/>. Takes about 24 bytes an event while it
/// works. Not safe for use by several threads at once.
/// </summary>
public sealed class SessionSetBuilder
{
    private const int ChunkSize = 1 << 16;

    private readonly record struct Row(int Session, int Item, double Time);

    private readonly ItemCatalog? _given;
    private readonly KeyTable _itemKeys = new();
    private readonly KeyTable _sessionKeys = new();
    private readonly List<Row[]> _chunks = [];
    private int _count;
    private bool _built;

    /// <summary>Starts an empty set.</summary>
    /// <param name="catalog">The catalog of a model, for test data; null makes a new catalog, for training data.</param>
    public SessionSetBuilder(ItemCatalog? catalog = null) => _given = catalog;

    /// <summary>Number of events added so far.</summary>
    public int EventCount => _count;

    /// <summary>Adds one event.</summary>
    /// <param name="sessionKey">The outside's id of the visit.</param>
    /// <param name="itemKey">The outside's id of the item.</param>
    /// <param name="time">Any sortable number, by convention Unix seconds.</param>
    /// <exception cref="ArgumentException"><paramref name="time"/> is not a number.</exception>
    /// <exception cref="InvalidOperationException">There are more events than one set can hold (2^31 - 1), or the set was built already.</exception>
    public void Add(ReadOnlySpan<char> sessionKey, ReadOnlySpan<char> itemKey, double time)
    {
        if (double.IsNaN(time))
            throw new ArgumentException("The time of an event is NaN; expected a number.", nameof(time));
        if (_built)
            throw new InvalidOperationException("The set was built already; use another builder for more events.");
        if (_count == Array.MaxLength)
            throw new InvalidOperationException($"More than {Array.MaxLength:N0} events; split the data or use a later part of it.");
        if (_count % ChunkSize == 0)
            _chunks.Add(new Row[ChunkSize]);
        var item = _given is null ? _itemKeys.GetOrAdd(itemKey) : _given.IndexOf(itemKey);
        _chunks[^1][_count % ChunkSize] = new Row(_sessionKeys.GetOrAdd(sessionKey), item, time);
        _count++;
    }

    /// <summary>
    /// Groups the events into sessions, numbered in order of first appearance, each in time order; equal times keep their
    /// input order. The set takes over the builder's keys, so nothing can be added afterwards.
    /// </summary>
    public SessionSet Build()
    {
        _built = true;
        var sessions = _sessionKeys.Count;
        var offsets = new int[sessions + 1];
        for (var e = 0; e < _count; e++)
            offsets[At(e).Session + 1]++;
        for (var s = 0; s < sessions; s++)
            offsets[s + 1] += offsets[s];

        // Counting sort by session: events of a session stand together, still in input order.
        var order = new int[_count];
        var next = offsets.AsSpan(0, sessions).ToArray();
        for (var e = 0; e < _count; e++)
            order[next[At(e).Session]++] = e;

        var items = new int[_count];
        var startTimes = new double[sessions];
        var endTimes = new double[sessions];
        for (var s = 0; s < sessions; s++)
        {
            var events = order.AsSpan(offsets[s]..offsets[s + 1]);
            SortByTime(events);
            for (var i = 0; i < events.Length; i++)
                items[offsets[s] + i] = At(events[i]).Item;
            startTimes[s] = At(events[0]).Time;
            endTimes[s] = At(events[^1]).Time;
        }

        return new SessionSet(_given ?? new ItemCatalog(_itemKeys, SupportOf(items)), items, offsets, startTimes, endTimes, _sessionKeys);
    }

    private ref Row At(int e) => ref _chunks[e / ChunkSize][e % ChunkSize];

    private void SortByTime(Span<int> events)
    {
        var sorted = true;
        for (var i = 1; i < events.Length && sorted; i++)
            sorted = At(events[i - 1]).Time <= At(events[i]).Time;
        if (!sorted)
            events.Sort((a, b) => At(a).Time != At(b).Time ? At(a).Time.CompareTo(At(b).Time) : a.CompareTo(b));
    }

    private int[] SupportOf(int[] items)
    {
        var support = new int[_itemKeys.Count];
        foreach (var item in items)
            support[item]++;
        return support;
    }
}
