using System.Numerics.Tensors;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Optimizers;

namespace NextItem.Models.Prnn;

/// <summary>
/// The training step of a p-RNN. A mini-batch is begun once, and then passed over once, or under interleaving once for each
/// subnet: forward, scores over the distinct items, loss, item rows, the way back, weights. Frozen subnets take part in the
/// scores; nothing of theirs is written. Derivation: docs/derivations/prnn.md.
/// </summary>
/// <remarks>
/// Letters: B lanes, S subnets, d_k units, D distinct scored items. Everything is lazy on sparse rows as in GRU4Rec: a row of an
/// input's weights or of an output matrix is updated once a pass in which it has a gradient.
/// </remarks>
internal sealed unsafe partial class PrnnStep<TLoss, TRule> : PrnnStep
    where TLoss : struct, ILoss
    where TRule : struct, IRowRule
{
    /// <summary>Item rows that are worked on together.</summary>
    private const int ItemBlock = 32;

    private readonly PrnnParameters _parameters;
    private readonly PrnnShape _shape;
    private readonly Gru4RecOptions _options;
    private readonly TLoss _loss;
    private readonly TRule _rule;
    private readonly FinalActivation _activation;
    private readonly WorkerTeam _team;
    private readonly CounterRandom _random;
    private readonly ScoredColumns _columns;
    private readonly SubnetWork[] _subnets;
    private readonly PrnnBuffers _buffers;
    private readonly bool _dropsFrozen;
    private readonly Action<int> _forward;
    private readonly Action<int> _score;
    private readonly Action<int> _reduceAgain;
    private readonly Action<int> _updateItems;
    private readonly Action<int> _backward;
    private readonly Action<int> _updateWeights;

    private MiniBatch _batch;
    private PrnnPass _pass;
    private long _step;
    private float _learningRate;
    private double _lossSum;

    /// <summary>Allocates everything a step needs.</summary>
    /// <param name="parameters">Updated in place; allocated with the rule's number of states.</param>
    /// <param name="options">Batch size, samples, loss, optimiser's numbers and seed; layers, embedding and dropout are the shape's.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="rule">What is done with each row and its gradient.</param>
    /// <param name="team">The threads.</param>
    /// <param name="aside">Whether passes ask for <see cref="PrnnPass.FrozenAside"/>.</param>
    /// <param name="dropsFrozen">Whether frozen subnets have their dropout too.</param>
    public PrnnStep(PrnnParameters parameters, Gru4RecOptions options, TLoss loss, TRule rule, WorkerTeam team, bool aside, bool dropsFrozen = false)
    {
        _parameters = parameters;
        _shape = parameters.Shape;
        _options = options;
        _loss = loss;
        _rule = rule;
        _activation = options.Activation;
        _dropsFrozen = dropsFrozen;
        _team = team;
        _random = new CounterRandom(options.Seed);
        var lanes = options.BatchSize;
        _batch = new MiniBatch(lanes);
        _columns = new ScoredColumns(parameters.ItemCount, lanes, options.NegativeSampleCount, inputsAreScoredRows: false);
        _subnets = [.. _shape.Subnets.Select((subnet, k) => new SubnetWork(subnet, parameters.Grus[k], parameters.ItemCount, lanes, aside))];
        _buffers = new PrnnBuffers(parameters, _columns.Items.Length, lanes, team.Members, TLoss.StatisticsPerLane, TLoss.FinalsPerLane, ItemBlock, !_activation.IsIdentity);
        _forward = Forward;
        _score = Score;
        _reduceAgain = ReduceAgain;
        _updateItems = UpdateItems;
        _backward = Backward;
        _updateWeights = UpdateWeights;
    }

    /// <inheritdoc/>
    public override int ScoredItems => _columns.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<SubnetWork> Subnets => _subnets;

    /// <inheritdoc/>
    public override void Begin(MiniBatch batch, ReadOnlySpan<int> negatives, long step)
    {
        _batch = batch;
        _step = step;
        _columns.Build(batch, negatives);
        for (var k = 0; k < _subnets.Length; k++)
            _subnets[k].Begin(batch, _shape.Subnets[k]);
    }

    /// <inheritdoc/>
    public override double Run(PrnnPass pass, float learningRate)
    {
        _pass = pass;
        _learningRate = learningRate;
        for (var k = 0; k < _subnets.Length; k++)
            _subnets[k].Use(aside: pass.FrozenAside && !pass.Trains(k));
        _team.Run(_forward);
        _team.Run(_score);
        if (_loss.HasSecondPass)
            _team.Run(_reduceAgain);
        _team.Run(_updateItems);
        _team.Run(_backward);
        _team.Run(_updateWeights);
        return _lossSum / _options.BatchSize;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var subnet in _subnets)
            subnet.Dispose();
        _buffers.Dispose();
    }

    private (int Start, int End) LanesOf(int member) => WorkerTeam.Share(member, _team.Members, _batch.Lanes, SimdWidth.Padding);

    /// <summary>Whether a head takes part in the scores of this pass.</summary>
    private bool Includes(int head) => _shape.Output == PrnnOutput.SharedWeights || _pass.Includes(head);

    /// <summary>Whether a head's matrix is trained in this pass.</summary>
    private bool TrainsHead(int head) => _shape.Output == PrnnOutput.SharedWeights ? _pass.TrainsOutput : _pass.Trains(head) && !_pass.FreezesHead(head);

    /// <summary>Whether the gradient by a head's vectors is wanted: under interaction the first subnet's state is in all of them.</summary>
    private bool WantsGradient(int head) =>
        Includes(head) && (_shape.Output == PrnnOutput.SharedWeights || _pass.Trains(head) || (_shape.Output == PrnnOutput.Interaction && _pass.Trains(0)));

    private float RateOf(int subnet) => _learningRate * _shape.Subnets[subnet].RateFactor;

    private void Score(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.Count);
        var rows = stackalloc float*[ItemBlock];
        var logits = _buffers.Logits.Block(0, _batch.Lanes);
        for (var first = start; first < end; first += ItemBlock)
        {
            var count = Math.Min(ItemBlock, end - first);
            var isFirst = true;
            for (var head = 0; head < _parameters.Heads.Length; head++)
            {
                if (!Includes(head))
                    continue;
                RowsOf(head, first, count, rows);
                for (var next = first + count; next < Math.Min(first + count + ItemBlock, end); next++)
                    Prefetch.Row(_parameters.Heads[head].Row(_columns.Items[next]), _parameters.Heads[head].Width);
                MatMul.MultiplyRows(rows, _buffers.OutputByUnitOf(head), logits.Slice(first, count), _parameters.Heads[head].BlockColumns, accumulate: !isFirst);
                isFirst = false;
            }

            for (var i = first; i < first + count && !_activation.IsIdentity; i++)
                ActivationWork.Run(_activation, logits.Row(i), _buffers.Slopes.Row(i), SimdWidth.Padded(_batch.Lanes));
        }

        for (var lane = 0; lane < _batch.Lanes; lane++)
        {
            var column = _columns.TargetColumn[lane];
            if (column >= start && column < end)
                _buffers.Targets.Row(0)[lane] = logits.Row(column)[lane];
        }

        _loss.Reduce(_columns, RangeOf(member));
    }

    private void ReduceAgain(int member) => _loss.ReduceAgain(_columns, RangeOf(member));

    private LossRange RangeOf(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.Count);
        return new LossRange(
            start, end, _buffers.Logits.Block(0, _batch.Lanes), _buffers.Targets, _buffers.Statistics, _team.Members, member, _buffers.FinalsOf(member));
    }

    private void UpdateItems(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.Count);
        var range = RangeOf(member);
        var lossSum = _loss.Combine(_columns, range);
        if (member == 0)
            _lossSum = lossSum;

        var logits = _buffers.Logits.Block(0, _batch.Lanes);
        for (var head = 0; head < _parameters.Heads.Length; head++)
            _buffers.GradientOutputOf(head, member).Block(0, _batch.Lanes).Clear();
        for (var first = start; first < end; first += ItemBlock)
        {
            var count = Math.Min(ItemBlock, end - first);
            _loss.Gradient(_columns, range, first, first + count, 1f / _options.BatchSize);
            for (var i = first; i < first + count && !_activation.IsIdentity; i++)
                ActivationWork.Multiply(logits.Row(i), _buffers.Slopes.Row(i), SimdWidth.Padded(_batch.Lanes));
            for (var head = 0; head < _parameters.Heads.Length; head++)
                UpdateHead(head, member, first, count, end, logits.Slice(first, count));
        }
    }

    private void UpdateHead(int head, int member, int first, int count, int end, Matrix block)
    {
        var table = _parameters.Heads[head];
        var rows = stackalloc float*[ItemBlock];
        RowsOf(head, first, count, rows);
        if (WantsGradient(head))
            MatMul.AddTransposedRows(rows, block, _buffers.GradientOutputOf(head, member).Block(0, _batch.Lanes), count);
        if (!Includes(head))
            return;
        if (!TrainsHead(head))
        {
            if (head == 0 && _pass.TrainsBias)
                UpdateBias(member, rows, block, count);
            return;
        }

        var gradients = _buffers.RowGradientsOf(head, member);
        for (var done = 0; done < count; done += MatMul.TileRows)
        {
            var some = Math.Min(MatMul.TileRows, count - done);
            MatMul.Multiply(block.Slice(done, some), _buffers.OutputOf(head), gradients.Top(some), _batch.Lanes);
            for (var i = 0; i < some; i++)
            {
                _rule.Update(rows[done + i], gradients.Row(i), table.Width, _shape.Output == PrnnOutput.SharedWeights ? _learningRate : RateOf(head));
                if (first + done + i + ItemBlock < end)
                    Prefetch.Row(table.Row(_columns.Items[first + done + i + ItemBlock]), (int)table.Stride);
            }
        }
    }

    /// <summary>The bias alone of some rows of the first head, which else are frozen: what an update does to the rest of a row is undone.</summary>
    private void UpdateBias(int member, float** rows, Matrix block, int count)
    {
        var (table, bias) = (_parameters.Heads[0], _parameters.VectorLength(0));
        var gradient = _buffers.RowGradientsOf(0, member).Row(0);
        var kept = new Span<float>(_buffers.KeptRowOf(member), (int)table.Stride);
        new Span<float>(gradient, table.Width).Clear();
        for (var i = 0; i < count; i++)
        {
            var row = new Span<float>(rows[i], kept.Length);
            row.CopyTo(kept);
            gradient[bias] = TensorPrimitives.Sum(new ReadOnlySpan<float>(block.Row(i), _batch.Lanes));
            _rule.Update(rows[i], gradient, table.Width, _shape.Output == PrnnOutput.SharedWeights ? _learningRate : RateOf(0));
            for (var part = 0; part <= TRule.States; part++)
                kept[(part * table.Width) + bias] = row[(part * table.Width) + bias];
            kept.CopyTo(row);
        }
    }

    private void RowsOf(int head, int first, int count, float** rows)
    {
        for (var i = 0; i < count; i++)
            rows[i] = _parameters.Heads[head].Row(_columns.Items[first + i]);
    }
}
