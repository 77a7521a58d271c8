using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// The last n steps of every lane, for training that sends gradients back through them: which items were seen, and which rows
/// take part in which step. Step n - 1 is the current one; a session that is younger than the window has no rows in the steps
/// before its start.
/// </summary>
/// <remarks>
/// Within each thread's share the lanes are put in the order of their history, the longest first, so that those which take part in a step
/// are the first rows of the share and matrices need no gaps. A row is a lane's place in that order, the same in all steps of
/// the window. With n = 1 rows are lanes, and nothing is moved or kept.
/// </remarks>
internal sealed class StepWindow
{
    private readonly int _members;
    private readonly int[] _active;
    private readonly int[] _rowOfLane;
    private readonly int[] _laneOfRow;
    private readonly int[] _lengths;
    private readonly int[] _newLengths;
    private readonly int[] _sources;
    private readonly bool[] _hasBase;
    private readonly int[][] _items;
    private readonly int[][] _slots;
    private readonly MiniBatch? _rows;
    private readonly WindowSegment[] _segments;
    private int _segmentCount;

    /// <summary>Allocates.</summary>
    /// <param name="steps">Steps n of the window.</param>
    /// <param name="lanes">The most lanes, B.</param>
    /// <param name="members">Threads.</param>
    /// <param name="laneGrain">Threads take multiples of this.</param>
    public StepWindow(int steps, int lanes, int members, int laneGrain)
    {
        Steps = steps;
        LaneGrain = laneGrain;
        _members = members;
        _segments = new WindowSegment[1 + ((steps - 1) * members)];
        _active = new int[steps * members];
        _items = new int[steps][];
        _slots = new int[steps][];
        for (var step = 0; step < steps - 1; step++)
        {
            _items[step] = new int[lanes];
            _slots[step] = new int[lanes];
        }

        var history = steps > 1 ? lanes : 0;
        _rowOfLane = new int[history];
        _laneOfRow = new int[history];
        _lengths = new int[history];
        _newLengths = new int[history];
        _sources = new int[history];
        _hasBase = new bool[history];
        if (steps > 1)
            _rows = new MiniBatch(lanes);
        CarriedIntegers = steps > 1 ? [_rowOfLane, _lengths, .. _items[1..^1], _rows!.Inputs] : [];
    }

    /// <summary>Number of steps, n.</summary>
    public int Steps { get; }

    /// <summary>Threads take multiples of so many rows.</summary>
    public int LaneGrain { get; }

    /// <summary>The mini-batch by rows. Its ContinuesLane names rows too, in any order.</summary>
    public MiniBatch Batch { get; private set; } = new(0);

    /// <summary>What the next step needs of this one.</summary>
    public IReadOnlyList<int[]> CarriedIntegers { get; }

    /// <summary>Whether numbers from a file can be <see cref="CarriedIntegers"/>: rows, lengths, then items.</summary>
    public bool CanCarry(IReadOnlyList<int[]> integers, int itemCount) =>
        integers.Select(values => values.Length).SequenceEqual(CarriedIntegers.Select(values => values.Length))
        && integers.Select((values, i) => (Values: values, End: i == 0 ? _rowOfLane.Length : i == 1 ? Steps + 1 : itemCount))
            .All(array => array.Values.All(value => value >= 0 && value < array.End));

    /// <summary>Every step's rows, the current step first: one segment of all lanes, then one a thread for each earlier step.</summary>
    public ReadOnlySpan<WindowSegment> Segments => _segments.AsSpan(0, _segmentCount);

    /// <summary>[B] the items that step <paramref name="step"/> sees.</summary>
    public int[] ItemsOf(int step) => step == Steps - 1 ? Batch.Inputs : _items[step];

    /// <summary>[B] the rows' slots among the distinct inputs, for an earlier step.</summary>
    public int[] SlotsOf(int step) => _slots[step];

    /// <summary>The lane that a row is.</summary>
    public int LaneOf(int row) => Steps == 1 ? row : _laneOfRow[row];

    /// <summary>The row that a lane is.</summary>
    public int RowOf(int lane) => Steps == 1 ? lane : _rowOfLane[lane];

    /// <summary>Whether a row's oldest step continues an older state, which is a constant, instead of starting from zero.</summary>
    public bool HasBase(int row) => _hasBase[row];

    /// <summary>The row that a row was in the step before.</summary>
    public int SourceOf(int row) => _rows!.ContinuesLane[row];

    /// <summary>The steps of a row, the current one included.</summary>
    public int LengthOf(int row) => _lengths[row];

    /// <summary>A member's rows that take part in a step, always from the start of its share.</summary>
    public (int Start, int End) RowsOf(int step, int member)
    {
        var (start, end) = WorkerTeam.Share(member, _members, Batch.Lanes, LaneGrain);
        return (start, step == Steps - 1 ? end : start + _active[(step * _members) + member]);
    }

    /// <summary>Goes on to the next mini-batch.</summary>
    public void Advance(MiniBatch batch)
    {
        if (_rows is null)
            Batch = batch;
        else
            MoveOn(batch, _rows);
        _segments[0] = new WindowSegment(Steps - 1, 0, batch.Lanes);
        _segmentCount = 1;
        for (var step = Steps - 2; step >= 0; step--)
        {
            for (var member = 0; member < _members; member++)
            {
                var (start, end) = RowsOf(step, member);
                if (end > start)
                    _segments[_segmentCount++] = new WindowSegment(step, start, end - start);
            }
        }
    }

    private void MoveOn(MiniBatch batch, MiniBatch rows)
    {
        var lanes = batch.Lanes;
        for (var lane = 0; lane < lanes; lane++)
        {
            var source = batch.ContinuesLane[lane];
            _sources[lane] = source == MiniBatch.NewSession ? MiniBatch.NewSession : _rowOfLane[source];
            _newLengths[lane] = source == MiniBatch.NewSession ? 1 : _lengths[_sources[lane]] + 1; // n + 1: there is a state before the window
        }

        rows.Lanes = lanes;
        Batch = rows;
        for (var member = 0; member < _members; member++)
            OrderShare(member, lanes);

        for (var row = 0; row < lanes; row++)
        {
            var lane = _laneOfRow[row];
            _rowOfLane[lane] = row;
            _hasBase[row] = _newLengths[lane] > Steps;
            _lengths[row] = Math.Min(_newLengths[lane], Steps);
            rows.ContinuesLane[row] = _sources[lane];
            rows.Targets[row] = batch.Targets[lane];
        }

        for (var step = 0; step < Steps - 1; step++)
        {
            var next = step == Steps - 2 ? rows.Inputs : _items[step + 1];
            for (var row = 0; row < lanes; row++)
            {
                if (_lengths[row] >= Steps - step)
                    _items[step][row] = next[rows.ContinuesLane[row]];
            }
        }

        for (var row = 0; row < lanes; row++)
            rows.Inputs[row] = batch.Inputs[_laneOfRow[row]];
    }

    /// <summary>Orders a member's lanes by their history, the longest first, equal ones as they stood, and counts those of each step.</summary>
    private void OrderShare(int member, int lanes)
    {
        var (start, end) = WorkerTeam.Share(member, _members, lanes, LaneGrain);
        var row = start;
        for (var length = Steps; length >= 1; length--)
        {
            for (var lane = start; lane < end; lane++)
            {
                if (Math.Min(_newLengths[lane], Steps) == length)
                    _laneOfRow[row++] = lane;
            }

            _active[((Steps - length) * _members) + member] = row - start;
        }
    }
}
