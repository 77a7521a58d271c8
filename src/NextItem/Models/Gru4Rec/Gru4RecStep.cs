using System.Runtime.CompilerServices;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// The training step of GRU4Rec: forward by lanes, scores by distinct items, one pass over the item rows that reads the old
/// row, adds its part of the hidden state's gradient and applies the rule, then the GRU's backward pass and its weights. Five
/// pieces of work with a barrier between them, six where the loss must see the scores twice; nothing is allocated after
/// construction.
/// </summary>
/// <remarks>
/// Letters: B lanes, V units of the last layer, D distinct scored items, n steps of the window that gradients go back. The last hidden
/// state gets a constant 1 behind its V units, so that the bias, the last element of an item's row, takes part in every product
/// like any other element. Derivation of n above 1: docs/derivations/bptt.md.
/// </remarks>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule> : TrainingStep
    where TLoss : struct, ILoss
    where TRule : struct, IRowRule
{
    /// <summary>Item rows that are worked on together: they and their gradients stay in the first-level cache.</summary>
    private const int ItemBlock = 32;

    /// <summary>Lanes lie along the vector in item-major matrices, so a thread takes multiples of this.</summary>
    private const int LaneGrain = SimdWidth.Padding;

    private readonly Gru4RecParameters _parameters;
    private readonly Gru4RecOptions _options;
    private readonly TLoss _loss;
    private readonly TRule _rule;
    private readonly FinalActivation _activation;
    private readonly WorkerTeam _team;
    private readonly CounterRandom _random;
    private readonly ScoredColumns _columns;
    private readonly StepWindow _window;
    private readonly Distillation? _distillation;
    private readonly int[] _negatives;
    private readonly GruWorkspace[][] _layers; // [L][n], the oldest step first
    private readonly GruWorkspace[] _current;
    private readonly StepBuffers _buffers;
    private readonly Action<int> _forward;
    private readonly Action<int> _score;
    private readonly Action<int> _reduceAgain;
    private readonly Action<int> _updateItems;
    private readonly Action<int> _backward;
    private readonly Action<int> _updateWeights;

    private MiniBatch? _batch; // by rows of the window
    private MiniBatch? _laneBatch;
    private int _negativeCount;
    private long _step;
    private float _learningRate;
    private double _lossSum;

    /// <summary>Allocates everything a step needs.</summary>
    /// <param name="parameters">Updated in place; allocated with the rule's number of states.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="rule">What is done with each row and its gradient.</param>
    /// <param name="team">The threads.</param>
    /// <param name="distillation">The teachers, disposed of with the step; null for none. Only for cross-entropy.</param>
    public Gru4RecStep(Gru4RecParameters parameters, Gru4RecOptions options, TLoss loss, TRule rule, WorkerTeam team, Distillation? distillation)
    {
        _distillation = distillation;
        _parameters = parameters;
        _options = options;
        _loss = loss;
        _rule = rule;
        _team = team;
        _random = new CounterRandom(options.Seed);
        var lanes = options.BatchSize;
        _activation = options.Activation;
        var steps = options.BackpropagationSteps;
        _columns = new ScoredColumns(
            parameters.Items.Rows, lanes, options.NegativeSampleCount, parameters.Embedding == EmbeddingMode.Shared, steps);
        _negatives = new int[options.NegativeSampleCount];
        _outputFactors = new float[lanes];
        _inverseNorms = new float[_columns.Items.Length];
        _window = new StepWindow(steps, lanes, team.Members, LaneGrain);
        _layers = Array.ConvertAll(parameters.Layers, layer => WorkspacesOf(layer, lanes, steps));
        _current = Array.ConvertAll(_layers, layer => layer[^1]);
        _buffers = new StepBuffers(
            parameters, _columns.Items.Length, lanes, team.Members, TLoss.StatisticsPerLane, TLoss.FinalsPerLane, ItemBlock, !_activation.IsIdentity, steps);
        CarriedStates = [.. Carried(), .. _distillation?.CarriedStates ?? []];
        _forward = Forward;
        _score = Score;
        _reduceAgain = ReduceAgain;
        _updateItems = UpdateItems;
        _backward = Backward;
        _updateWeights = UpdateWeights;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Matrix> CarriedStates { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<int[]> CarriedIntegers => _window.CarriedIntegers;

    /// <inheritdoc/>
    public override bool CanCarry(IReadOnlyList<int[]> integers) => _window.CanCarry(integers, _parameters.Items.Rows);

    /// <inheritdoc/>
    public override IReadOnlyList<GruWorkspace> Layers => _current;

    /// <inheritdoc/>
    public override Matrix InputMask => _buffers.InputMaskOf(_window.Steps - 1);

    /// <inheritdoc/>
    public override int ScoredItems => _columns.Count;

    /// <inheritdoc/>
    public override int RowOf(int lane) => _window.RowOf(lane);

    /// <summary>Which rows the step touches.</summary>
    internal ScoredColumns Columns => _columns;

    /// <inheritdoc/>
    public override double Run(MiniBatch batch, ReadOnlySpan<int> negatives, long step, float learningRate)
    {
        _learningRate = learningRate;
        _step = step;
        _window.Advance(batch);
        _laneBatch = batch;
        _batch = _window.Batch;
        _distillation?.Carry(batch);
        negatives.CopyTo(_negatives);
        _negativeCount = negatives.Length;
        if (_window.Steps == 1)
        {
            GruWorkspace.Carry(_current, _batch);
        }
        else
        {
            BuildColumns();
            CarryWindow(); // adds inputs to the columns
        }

        _team.Run(_forward);
        _team.Run(_score);
        if (_loss.HasSecondPass)
            _team.Run(_reduceAgain);
        _team.Run(_updateItems);
        _team.Run(_backward);
        Upcoming?.Complete();
        _team.Run(_updateWeights);
        return _lossSum / _options.BatchSize;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var layer in _layers)
        {
            foreach (var step in layer)
                step.Dispose();
        }

        _buffers.Dispose();
        _distillation?.Dispose();
    }

    private void BuildColumns() => _columns.Build(_batch!, _negatives.AsSpan(0, _negativeCount));

    /// <summary>Lanes forward, and the columns, which nothing needs before the scores: a member with fewer lanes than others has time for them.</summary>
    private void Forward(int member)
    {
        ForwardLanes(member);
        if (_window.Steps == 1 && WorkerTeam.ShareOfLeastLoaded(member, _team.Members, _batch!.Lanes, LaneGrain).Part == 0)
            BuildColumns();
    }

    private void ForwardLanes(int member)
    {
        var last = _window.Steps - 1;
        for (var step = 0; step <= last; step++)
            ForwardStep(step, member);

        var (start, end) = _window.RowsOf(last, member);
        var vector = _parameters.VectorLength;
        for (var lane = start; lane < end; lane++)
        {
            var output = _buffers.Output.Row(lane);
            new ReadOnlySpan<float>(_current[^1].State.Row(lane), vector).CopyTo(new Span<float>(output, vector));
            output[vector] = 1;
            if (IsCosine)
                WriteDirection(lane, _current[^1].State.Row(lane), output);
        }

        Transpose.Run(_buffers.Output, start, end, vector + 1, _buffers.OutputByUnit);
        _distillation?.Forward(_laneBatch!, _window, start, end);
    }

    private void Score(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.Count);
        var rows = stackalloc float*[ItemBlock];
        var logits = _buffers.Logits.Block(0, _batch!.Lanes);
        for (var first = start; first < end; first += ItemBlock)
        {
            var count = Math.Min(ItemBlock, end - first);
            for (var i = 0; i < count; i++)
                rows[i] = _parameters.Items.Row(_columns.Items[first + i]);
            for (var next = first + count; next < Math.Min(first + count + ItemBlock, end); next++)
                Prefetch.Row(_parameters.Items.Row(_columns.Items[next]), _parameters.Items.Width);
            MatMul.MultiplyRows(rows, _buffers.OutputByUnit, logits.Slice(first, count), _parameters.VectorLength + 1);
            if (IsCosine)
                ScaleLogits(logits, rows, first, count);
            if (_activation.IsIdentity)
                continue;
            for (var i = first; i < first + count; i++)
                ActivationWork.Run(_activation, logits.Row(i), _buffers.Slopes.Row(i), SimdWidth.Padded(_batch.Lanes));
        }

        for (var lane = 0; lane < _batch.Lanes; lane++)
        {
            var column = _columns.TargetColumn[lane];
            if (column >= start && column < end)
                _buffers.Targets.Row(0)[lane] = logits.Row(column)[lane];
        }

        _distillation?.Reduce(_columns, start, end, member, logits);
        _loss.Reduce(_columns, RangeOf(member));
    }

    private void ReduceAgain(int member) => _loss.ReduceAgain(_columns, RangeOf(member));

    /// <summary>A member's share of the columns, and the memory that its loss works in.</summary>
    private LossRange RangeOf(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.Count);
        return new LossRange(
            start, end, _buffers.Logits.Block(0, _batch!.Lanes), _buffers.Targets, _buffers.Statistics, _team.Members, member, _buffers.FinalsOf(member));
    }

    private void UpdateItems(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.Count);
        var range = RangeOf(member);
        var lossSum = _loss.Combine(_columns, range);
        if (_distillation is not null)
            lossSum = _distillation.Combine(_columns, range, member, lossSum);
        if (member == 0)
            _lossSum = lossSum;

        var lanes = _batch!.Lanes;
        var items = _parameters.Items;
        var logits = _buffers.Logits.Block(0, lanes);
        var gradientOutput = _buffers.GradientOutputOf(member).Block(0, lanes);
        var rows = stackalloc float*[ItemBlock];
        var gradients = _buffers.RowGradientsOf(member);
        gradientOutput.Clear();
        for (var first = start; first < end; first += ItemBlock)
        {
            var count = Math.Min(ItemBlock, end - first);
            for (var i = 0; i < count; i++)
                rows[i] = items.Row(_columns.Items[first + i]);
            _loss.Gradient(_columns, range, first, first + count, 1f / _options.BatchSize);
            _distillation?.AddGradient(_columns, range, member, first, first + count, 1f / _options.BatchSize);
            for (var i = first; i < first + count && !_activation.IsIdentity; i++)
                ActivationWork.Multiply(logits.Row(i), _buffers.Slopes.Row(i), SimdWidth.Padded(lanes));
            if (IsCosine)
                ScaleByNorms(logits, first, count);
            var block = logits.Slice(first, count);
            MatMul.AddTransposedRows(rows, block, gradientOutput, count);
            for (var done = 0; done < count; done += MatMul.TileRows)
            {
                var some = Math.Min(MatMul.TileRows, count - done);
                MatMul.Multiply(block.Slice(done, some), _buffers.Output, gradients.Top(some), lanes);
                UpdateRows(rows, first, done, some, end, gradients);
            }
        }
    }

    /// <summary>Updates some rows of a block, and asks for as many of the next one, so that reading them overlaps with what is computed in between.</summary>
    private void UpdateRows(float** rows, int first, int done, int count, int end, Matrix gradients)
    {
        var items = _parameters.Items;
        for (var i = 0; i < count; i++)
        {
            // A row that is also an input waits for the input's gradient: it is updated once, with the sum.
            var column = first + done + i;
            var slot = _columns.InputSlot[column];
            if (slot == ScoredColumns.None && IsCosine)
                CosineScores.Project(rows[done + i], _parameters.VectorLength, _inverseNorms[column], gradients.Row(i));
            if (slot == ScoredColumns.None)
                _rule.Update(rows[done + i], gradients.Row(i), items.Width, _learningRate);
            else
                Unsafe.CopyBlock(_buffers.Deferred.Row(slot), gradients.Row(i), (uint)(items.Width * sizeof(float)));
            if (column + ItemBlock < end)
                Prefetch.Row(items.Row(_columns.Items[column + ItemBlock]), (int)items.Stride);
        }
    }

    /// <summary>Lanes back, and then what the next step needs of random numbers: the members with fewer lanes have time for it.</summary>
    private void Backward(int member)
    {
        BackwardLanes(member);
        if (Upcoming is null)
            return;
        var (part, parts) = WorkerTeam.ShareOfLeastLoaded(member, _team.Members, _batch!.Lanes, LaneGrain);
        if (parts > 0)
            Upcoming.DrawAhead(part, parts);
    }

    private void BackwardLanes(int member)
    {
        var last = _window.Steps - 1;
        var (start, end) = _window.RowsOf(last, member);
        if (end <= start)
            return;

        // The members' parts of the output's gradient are added in the order of the members: the same bits each time.
        var first = _buffers.GradientOutputOf(0).Block(start, end - start);
        for (var other = 1; other < _team.Members; other++)
            first.Add(_buffers.GradientOutputOf(other).Block(start, end - start));

        for (var step = last; step >= 0; step--)
            BackwardStep(step, member);
    }

    private void UpdateWeights(int member)
    {
        for (var l = 0; l < _layers.Length; l++)
            GruCell.UpdateWeights(_parameters.Layers[l], _layers[l], _window.Segments, _rule, _learningRate, _buffers.WeightScratchOf(member), member, _team.Members);
        UpdateInputs(member);
    }
}
