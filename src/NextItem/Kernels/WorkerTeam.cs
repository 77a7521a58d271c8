namespace NextItem.Kernels;

/// <summary>
/// A fixed team of threads that runs one piece of work after another, each on all members at once. The caller is member 0.
/// Between two pieces members spin for about 20 microseconds, the length of a gap within a training step, and then park,
/// since machines are shared. Running allocates nothing.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    private const int None = -1;
    private const int SpinRounds = 200;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _callerWakes = new(0);
    private readonly SemaphoreSlim[] _workerWakes;
    private readonly bool[] _parked;
    private readonly Thread[] _threads;
    private Action<int>? _work;
    private Exception? _failure;
    private int _generation;
    private int _remaining;
    private bool _callerParked;
    private bool _stopping;

    /// <summary>Starts a team.</summary>
    /// <param name="members">Number of members, the caller included; at least 1.</param>
    public WorkerTeam(int members)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        Members = members;
        _workerWakes = new SemaphoreSlim[members];
        _parked = new bool[members];
        _threads = new Thread[members - 1];
        for (var member = 1; member < members; member++)
        {
            var number = member;
            _workerWakes[member] = new SemaphoreSlim(0);
            _threads[member - 1] = new Thread(() => Serve(number)) { IsBackground = true, Name = $"nextitem worker {number}" };
            _threads[member - 1].Start();
        }
    }

    /// <summary>Number of members, the caller included.</summary>
    public int Members { get; }

    /// <summary>Runs <paramref name="work"/> once on every member, with the member's number, and returns when all are done.</summary>
    /// <exception cref="AggregateException">A member's work threw; the rest ran to their end.</exception>
    public void Run(Action<int> work)
    {
        if (Members == 1)
        {
            work(0);
            return;
        }

        _failure = null;
        _work = work;
        Volatile.Write(ref _remaining, Members - 1);
        lock (_gate)
        {
            _generation++;
            WakeParked();
        }

        try
        {
            work(0);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, e, null);
        }

        WaitForOthers();
        if (_failure is not null)
            throw new AggregateException(_failure);
    }

    /// <summary>The half-open range of <paramref name="count"/> things that falls to a member, in multiples of <paramref name="grain"/>.</summary>
    public static (int Start, int End) Share(int member, int members, int count, int grain = 1)
    {
        var grains = (count + grain - 1) / grain;
        var start = (int)((long)grains * member / members) * grain;
        var end = (int)((long)grains * (member + 1) / members) * grain;
        return (Math.Min(start, count), Math.Min(end, count));
    }

    /// <summary>
    /// Which part of what can be done meanwhile falls to a member when <paramref name="count"/> things are shared by <see cref="Share"/>:
    /// one to each of those that have the fewest of them, none to the others, for whom it gives no parts.
    /// </summary>
    public static (int Part, int Parts) ShareOfLeastLoaded(int member, int members, int count, int grain)
    {
        var fewest = int.MaxValue;
        for (var other = 0; other < members; other++)
            fewest = Math.Min(fewest, LoadOf(other));
        if (LoadOf(member) > fewest)
            return (None, 0);
        var (part, parts) = (0, 0);
        for (var other = 0; other < members; other++)
        {
            if (LoadOf(other) > fewest)
                continue;
            part += other < member ? 1 : 0;
            parts++;
        }

        return (part, parts);

        int LoadOf(int other)
        {
            var (start, end) = Share(other, members, count, grain);
            return end - start;
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            _generation++;
            WakeParked();
        }

        foreach (var thread in _threads)
            thread.Join();
        _callerWakes.Dispose();
        foreach (var wake in _workerWakes)
            wake?.Dispose();
    }

    private void WakeParked()
    {
        for (var member = 1; member < Members; member++)
        {
            if (!_parked[member])
                continue;
            _parked[member] = false;
            _workerWakes[member].Release();
        }
    }

    private void WaitForOthers()
    {
        for (var round = 0; round < SpinRounds; round++)
        {
            if (Volatile.Read(ref _remaining) == 0)
                return;
            Thread.SpinWait(8);
        }

        lock (_gate)
        {
            if (Volatile.Read(ref _remaining) == 0)
                return;
            _callerParked = true;
        }

        _callerWakes.Wait();
    }

    private void Serve(int member)
    {
        var seen = 0;
        while (true)
        {
            for (var round = 0; round < SpinRounds && Volatile.Read(ref _generation) == seen; round++)
                Thread.SpinWait(8);
            var park = false;
            lock (_gate)
            {
                if (_generation == seen)
                    park = _parked[member] = true;
            }

            if (park)
                _workerWakes[member].Wait();
            seen = Volatile.Read(ref _generation);
            if (Volatile.Read(ref _stopping))
                return;
            try
            {
                _work!(member);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }

            if (Interlocked.Decrement(ref _remaining) != 0)
                continue;
            lock (_gate)
            {
                // A member that is held up right here may find the caller parked in a later round, which is not its to end.
                if (!_callerParked || Volatile.Read(ref _remaining) != 0)
                    continue;
                _callerParked = false;
                _callerWakes.Release();
            }
        }
    }
}
