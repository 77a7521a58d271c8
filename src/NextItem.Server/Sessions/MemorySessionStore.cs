namespace NextItem.Server.Sessions;

/// <summary>Sessions in memory: those idle for too long are forgotten, and beyond a number or a size the least recently used.</summary>
/// <param name="maxSessions">Sessions kept at most. Those being changed at the moment are not let go and may be more.</param>
/// <param name="maxBytes">Bytes that they take at most, about; the last used one is kept whatever it takes.</param>
/// <param name="idle">Time without a use after which a session is forgotten.</param>
/// <param name="time">The clock.</param>
internal sealed class MemorySessionStore(int maxSessions, long maxBytes, TimeSpan idle, TimeProvider time) : ISessionStore
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new(); // least recently used first
    private readonly Lock _lock = new();
    private long _bytes;

    /// <inheritdoc/>
    public int? Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <inheritdoc/>
    public SessionStoreHealth Health => SessionStoreHealth.Good;

    /// <inheritdoc/>
    public ValueTask<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ForgetIdle();
            if (!_entries.TryGetValue(sessionId, out var node))
                return new((SessionRecord?)null);
            Touch(node);
            return new(node.Value.Record);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SessionRecord> UpdateAsync(string sessionId, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entry = Begin(sessionId);
        try
        {
            // Changes of one session wait for each other here; other sessions go on.
            lock (entry.Changing)
            {
                var (before, after) = (entry.Record, change(entry.Record));
                if (!ReferenceEquals(before, after))
                    (entry.Record, entry.Bytes) = (after, after.MemoryBytes);
                return new(after);
            }
        }
        finally
        {
            End(entry);
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(sessionId, out var node))
                Forget(node);
        }

        return default;
    }

    /// <inheritdoc/>
    public void Sweep()
    {
        lock (_lock)
            ForgetIdle();
    }

    private Entry Begin(string sessionId)
    {
        lock (_lock)
        {
            ForgetIdle();
            if (!_entries.TryGetValue(sessionId, out var node))
                _entries[sessionId] = node = _byUse.AddLast(new Entry(sessionId));
            Touch(node);
            node.Value.Users++;
            return node.Value;
        }
    }

    private void End(Entry entry)
    {
        lock (_lock)
        {
            entry.Users--;
            if (_entries.TryGetValue(entry.SessionId, out var own) && own.Value == entry)
            {
                _bytes += entry.Bytes - entry.CountedBytes;
                entry.CountedBytes = entry.Bytes;
                if (entry is { Users: 0, Record.EventCount: 0 })
                    Forget(own); // its first change failed or kept nothing
            }

            ForgetBeyondLimit();
        }
    }

    private void Touch(LinkedListNode<Entry> node)
    {
        node.Value.LastUse = time.GetTimestamp();
        _byUse.Remove(node);
        _byUse.AddLast(node);
    }

    private void ForgetIdle()
    {
        while (_byUse.First is { Value.Users: 0 } oldest && time.GetElapsedTime(oldest.Value.LastUse) > idle)
            Forget(oldest);
    }

    private void ForgetBeyondLimit()
    {
        for (var node = _byUse.First; node is not null && (_entries.Count > maxSessions || (_bytes > maxBytes && _entries.Count > 1));)
        {
            var next = node.Next;
            if (node.Value.Users == 0)
                Forget(node);
            node = next;
        }
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _bytes -= node.Value.CountedBytes;
        _entries.Remove(node.Value.SessionId);
        _byUse.Remove(node);
    }

    private sealed class Entry(string sessionId)
    {
        private long _bytes;

        public string SessionId => sessionId;

        public Lock Changing { get; } = new();

        public SessionRecord Record { get; set; } = SessionRecord.Empty;

        /// <summary>What the record takes, with the session's id.</summary>
        public long Bytes
        {
            get => Volatile.Read(ref _bytes);
            set => Volatile.Write(ref _bytes, value + (sizeof(char) * SessionId.Length));
        }

        /// <summary>Those of them that the store has counted; another change may be behind.</summary>
        public long CountedBytes { get; set; }

        public long LastUse { get; set; }

        /// <summary>Changes that are under way or waiting.</summary>
        public int Users { get; set; }
    }
}
