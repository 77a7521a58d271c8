namespace NextItem.Batches;

/// <summary>
/// Session-parallel mini-batches: each lane walks through one session event by event; when a session ends the lane takes the
/// next unused one, and when none is left the lane is removed and the mini-batch shrinks. Every (input, target) pair of the
/// data comes exactly once in a pass, for any number of lanes.
/// </summary>
/// <remarks>Hidasi et al. 2016, section 3.1.1. Sessions of one event have no pair and are passed over. Fewer sessions than lanes: fewer lanes.</remarks>
internal sealed class SessionParallelBatcher
{
    private readonly SessionSet _sessions;
    private readonly int[] _session;
    private readonly int[] _position;
    private ReadOnlyMemory<int> _order;
    private int _lanes;
    private int _next;

    /// <summary>Prepares a batcher; call <see cref="Start"/> before each pass.</summary>
    public SessionParallelBatcher(SessionSet sessions, int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        _sessions = sessions;
        _session = new int[lanes];
        _position = new int[lanes];
    }

    /// <summary>Number of (input, target) pairs in a pass.</summary>
    public static long PairCount(SessionSet sessions)
    {
        long pairs = 0;
        for (var s = 0; s < sessions.Count; s++)
            pairs += Math.Max(0, sessions.Offsets[s + 1] - sessions.Offsets[s] - 1);
        return pairs;
    }

    /// <summary>Starts a pass over the sessions in the given order.</summary>
    public void Start(ReadOnlyMemory<int> order)
    {
        _order = order;
        _next = 0;
        _lanes = 0;
        for (var lane = 0; lane < _session.Length && TakeSession(lane); lane++)
            _lanes++;
    }

    /// <summary>Where the pass stands: to be kept, and to go on from in a pass over the same sessions in the same order.</summary>
    public BatcherPosition Position
    {
        get => new(_next, _session[.._lanes], _position[.._lanes]);
        set
        {
            _next = value.Next;
            _lanes = value.Sessions.Length;
            value.Sessions.CopyTo(_session, 0);
            value.Positions.CopyTo(_position, 0);
        }
    }

    /// <summary>Whether a position can be one of a pass over these sessions with so many lanes; files may hold anything.</summary>
    public bool CanStandAt(BatcherPosition position) =>
        position.Next >= 0 && position.Next <= _sessions.Count
        && position.Sessions.Length == position.Positions.Length && position.Sessions.Length <= _session.Length
        && position.Sessions.All(session => session >= 0 && session < _sessions.Count) && position.Sessions.Distinct().Count() == position.Sessions.Length
        && position.Sessions.Zip(position.Positions).All(lane => lane.Second >= 0 && lane.Second < _sessions.ItemsOf(lane.First).Length);

    /// <summary>Fills the next mini-batch in place; false at the end of the pass.</summary>
    public bool MoveNext(MiniBatch batch)
    {
        var kept = 0;
        for (var lane = 0; lane < _lanes; lane++)
        {
            var position = _position[lane];
            var session = _session[lane];
            var ended = position + 1 >= _sessions.Offsets[session + 1] - _sessions.Offsets[session];
            if (ended && !TakeSession(kept))
                continue; // none left: the lane is removed, those after it move down
            if (!ended)
                (_session[kept], _position[kept]) = (session, position);
            var events = _sessions.ItemsOf(_session[kept]);
            batch.Inputs[kept] = events[_position[kept]];
            batch.Targets[kept] = events[_position[kept] + 1];
            batch.ContinuesLane[kept] = _position[kept] == 0 ? MiniBatch.NewSession : lane;
            _position[kept]++;
            kept++;
        }

        _lanes = kept;
        batch.Lanes = kept;
        return kept > 0;
    }

    private bool TakeSession(int lane)
    {
        var order = _order.Span;
        while (_next < order.Length)
        {
            var session = order[_next++];
            if (_sessions.Offsets[session + 1] - _sessions.Offsets[session] < 2)
                continue;
            _session[lane] = session;
            _position[lane] = 0;
            return true;
        }

        return false;
    }
}
