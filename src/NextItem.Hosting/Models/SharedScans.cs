using System.Collections.Concurrent;

namespace NextItem.Hosting.Models;

/// <summary>
/// Finds the best items of sessions, and of sessions that have to wait for a processor together: as many run at once as there are
/// processors, one session each where nobody waits, and whoever is done hands over to all that came meanwhile, whose items are then
/// found in one pass over the index. A session that comes to an idle server is not held up.
/// </summary>
/// <remarks>
/// Pays where the index is larger than the processor's caches (1,000,000 items of 100 units: 3.6 ms for one session, 20 ms for 16); with a
/// smaller one a pass for each session is as fast, and nobody waits here. Waiting holds a thread of the pool.
/// </remarks>
/// <param name="model">The model.</param>
/// <param name="shareFromBytes">Size of the index from which sessions wait for each other.</param>
/// <param name="passes">Passes at the same time; 0 for as many as there are processors.</param>
internal sealed class SharedScans(ISessionModel model, long shareFromBytes = SharedScans.CacheBytes, int passes = 0) : IDisposable
{
    /// <summary>Indexes from this size on are read from memory with every pass.</summary>
    public const long CacheBytes = 32L << 20;

    /// <summary>Sessions of one pass; more would make all of them wait for longer than it saves.</summary>
    public const int MostTogether = 16;

    private readonly ConcurrentBag<SessionLanes> _idle = [];
    private readonly Queue<Waiting> _waiting = new();
    private readonly Lock _lock = new();
    private readonly int _most = passes > 0 ? passes : Environment.ProcessorCount;
    private int _running;
    private long _shared;

    /// <summary>Sessions so far that shared their pass with others.</summary>
    public long Shared => Volatile.Read(ref _shared);

    /// <summary>The best items for a lane of the caller's, as <see cref="SessionLanes.TopK(int, ItemFilter?, ReadOnlySpan{int}, Span{ScoredItem})"/> of lane 0 gives them.</summary>
    public int TopK(SessionLanes lanes, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        if (!(IndexBytes >= shareFromBytes))
            return lanes.TopK(0, filter, exclude, best);
        Waiting? own = null;
        lock (_lock)
        {
            if (_running < _most)
                _running++;
            else
                _waiting.Enqueue(own = new Waiting(lanes.Save(0), filter, exclude.ToArray(), new ScoredItem[best.Length]));
        }

        if (own is null)
            return Alone(lanes, filter, exclude, best);
        using (own)
        {
            own.Wait();
            if (own.Lead is [_])
                return Alone(lanes, filter, exclude, best);
            if (own.Lead is { } together)
                Together(together);
            if (own.Failure is not null)
                throw new InvalidOperationException("The pass that this session shared with others failed.", own.Failure);
            own.Best.AsSpan(0, own.Found).CopyTo(best);
            return own.Found;
        }
    }

    /// <summary>Bytes of what a pass reads; null for models that go from session to session all the same.</summary>
    private long? IndexBytes => model switch
    {
        Gru4RecModel network => network.IndexBytes,
        PrnnModel network => network.IndexBytes,
        _ => null,
    };

    /// <summary>Frees the lanes; nobody may be asking.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var lanes))
            lanes.Dispose();
    }

    private int Alone(SessionLanes lanes, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        try
        {
            return lanes.TopK(0, filter, exclude, best);
        }
        finally
        {
            HandOver();
        }
    }

    /// <summary>Answers all of them; the first is the caller's.</summary>
    private void Together(Waiting[] together)
    {
        try
        {
            if (!_idle.TryTake(out var lanes))
                lanes = model.Open(MostTogether);
            for (var lane = 0; lane < together.Length; lane++)
                lanes.Load(lane, together[lane].State);
            var requests = together.Select((one, lane) => new TopKRequest { Lane = lane, Filter = one.Filter, Exclude = one.Exclude, Best = one.Best }).ToArray();
            lanes.TopK(requests);
            _idle.Add(lanes);
            for (var i = 0; i < together.Length; i++)
                together[i].Found = requests[i].Found;
            Interlocked.Add(ref _shared, together.Length);
        }
        catch (Exception e)
        {
            foreach (var one in together)
                one.Failure = e;
        }
        finally
        {
            foreach (var one in together.AsSpan(1))
                one.Go();
            HandOver();
        }
    }

    /// <summary>To those who wait, of whom the first does the work; or to nobody.</summary>
    private void HandOver()
    {
        Waiting first;
        lock (_lock)
        {
            if (!_waiting.TryPeek(out first!))
            {
                _running--;
                return;
            }

            var together = new Waiting[Math.Min(_waiting.Count, MostTogether)];
            for (var i = 0; i < together.Length; i++)
                together[i] = _waiting.Dequeue();
            first.Lead = together;
        }

        first.Go();
    }

    /// <summary>A session that waits for its turn: to lead, or until somebody else has answered it.</summary>
    private sealed class Waiting(byte[] state, ItemFilter? filter, int[] exclude, ScoredItem[] best) : IDisposable
    {
        private readonly ManualResetEventSlim _go = new(initialState: false, spinCount: 0); // the processors are busy as it is

        public byte[] State => state;

        public ItemFilter? Filter => filter;

        public int[] Exclude => exclude;

        public ScoredItem[] Best => best;

        public int Found { get; set; }

        public Exception? Failure { get; set; }

        public Waiting[]? Lead { get; set; }

        public void Wait() => _go.Wait();

        public void Go() => _go.Set();

        public void Dispose() => _go.Dispose();
    }
}
