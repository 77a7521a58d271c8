using System.Numerics.Tensors;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// A table of vectors, one a class of events, that are added to the first layer's input; and, in training, which of its rows a mini-batch
/// touches. Like rows of items each of those is updated once a step, with the sum of its lanes' gradients, and no other row moves.
/// </summary>
internal sealed unsafe class InputClasses : IDisposable
{
    private const int None = -1;

    private readonly ParameterTable _table;
    private readonly bool _isTime;
    private readonly Arena _arena = new();
    private readonly int[] _slotOfClass; // [C], or None
    private readonly int[] _classes;     // [slots]
    private readonly int[] _slotOfLane;  // [B]
    private readonly Matrix _sums;       // [slots x E]

    private InputClasses(ParameterTable table, bool isTime, int lanes)
    {
        _table = table;
        _isTime = isTime;
        _slotOfClass = new int[table.Rows];
        Array.Fill(_slotOfClass, None);
        _classes = new int[MostTouched(table.Rows, lanes)];
        _slotOfLane = new int[lanes];
        _sums = _arena.Allocate(_classes.Length, table.BlockColumns);
    }

    /// <summary>Those that a network has.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="lanes">The most lanes, B.</param>
    public static InputClasses[] Of(Gru4RecParameters parameters, int lanes)
    {
        var all = new List<InputClasses>();
        if (parameters.TimeInputs is { } times)
            all.Add(new InputClasses(times, isTime: true, lanes));
        if (parameters.PositionInputs is { } positions)
            all.Add(new InputClasses(positions, isTime: false, lanes));
        return [.. all];
    }

    /// <summary>The most rows that a mini-batch touches.</summary>
    public static int MostTouched(int classes, int lanes) => Math.Min(classes, lanes);

    /// <summary>The table.</summary>
    public ParameterTable Table => _table;

    /// <summary>The rows that the mini-batch touches, each once.</summary>
    public ReadOnlySpan<int> Touched => _classes.AsSpan(0, Count);

    /// <summary>How many they are.</summary>
    public int Count { get; private set; }

    /// <summary>Collects a mini-batch's classes; those that are beyond the last one are the last one.</summary>
    public void Begin(MiniBatch batch)
    {
        foreach (var touched in Touched)
            _slotOfClass[touched] = None;
        Count = 0;
        var last = _table.Rows - 1;
        for (var lane = 0; lane < batch.Lanes; lane++)
        {
            var at = Math.Min(_isTime ? batch.Gaps[lane] : batch.Positions[lane], last);
            ref var slot = ref _slotOfClass[at];
            if (slot == None)
            {
                slot = Count++;
                _classes[slot] = at;
            }

            _slotOfLane[lane] = slot;
        }
    }

    /// <summary>Adds the vector of a lane's class to its input.</summary>
    public void Add(int lane, Span<float> input) =>
        TensorPrimitives.Add(input, new ReadOnlySpan<float>(_table.Row(_classes[_slotOfLane[lane]]), input.Length), input);

    /// <summary>A member's share of the rows: the sums are taken in the order of the lanes, so that the bits are the same for any number of threads.</summary>
    /// <param name="gradients">[B x E] by the input, before dropout.</param>
    /// <param name="lanes">Lanes of the mini-batch.</param>
    /// <param name="rule">What is done with each row and its gradient.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="member">The member.</param>
    /// <param name="members">How many there are.</param>
    public void Update<TRule>(Matrix gradients, int lanes, TRule rule, float learningRate, int member, int members)
        where TRule : struct, IRowRule
    {
        var (start, end) = WorkerTeam.Share(member, members, Count);
        if (end <= start)
            return;
        for (var slot = start; slot < end; slot++)
            new Span<float>(_sums.Row(slot), _table.Width).Clear();
        for (var lane = 0; lane < lanes; lane++)
        {
            var slot = _slotOfLane[lane];
            if (slot < start || slot >= end)
                continue;
            var sum = new Span<float>(_sums.Row(slot), _table.BlockColumns);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(gradients.Row(lane), sum.Length), sum);
        }

        for (var slot = start; slot < end; slot++)
            rule.Update(_table.Row(_classes[slot]), _sums.Row(slot), _table.Width, learningRate);
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
