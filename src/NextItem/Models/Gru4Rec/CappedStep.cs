using System.Numerics.Tensors;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// A training step whose whole gradient is scaled down to a norm: all gradients are stored first, in a state of their own behind
/// the optimiser's, then every touched row is updated. That second pass over the rows is what a cap costs.
/// </summary>
/// <remarks>Official name: grad_cap; the norm is over dense and sparse gradients together.</remarks>
internal sealed unsafe class CappedStep<TLoss, TRule> : TrainingStep
    where TLoss : struct, ILoss
    where TRule : struct, IRowRule
{
    private readonly Gru4RecParameters _parameters;
    private readonly Gru4RecStep<TLoss, StoreGradient> _step;
    private readonly TRule _rule;
    private readonly WorkerTeam _team;
    private readonly float _cap;
    private readonly double[] _squares;
    private readonly Action<int> _measure;
    private readonly Action<int> _apply;
    private float _scale;
    private float _learningRate;

    /// <summary>Wraps a step; the parameters have one state more than the rule.</summary>
    public CappedStep(Gru4RecParameters parameters, Gru4RecOptions options, TLoss loss, TRule rule, WorkerTeam team, Distillation? distillation)
    {
        _parameters = parameters;
        _step = new Gru4RecStep<TLoss, StoreGradient>(parameters, options, loss, new StoreGradient(TRule.States), team, distillation);
        _rule = rule;
        _team = team;
        _cap = options.GradientCap;
        _squares = new double[team.Members];
        _measure = Measure;
        _apply = Apply;
    }

    /// <inheritdoc/>
    public override NegativeStream? Upcoming
    {
        get => _step.Upcoming;
        set => _step.Upcoming = value;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Matrix> CarriedStates => _step.CarriedStates;

    /// <inheritdoc/>
    public override IReadOnlyList<int[]> CarriedIntegers => _step.CarriedIntegers;

    /// <inheritdoc/>
    public override bool CanCarry(IReadOnlyList<int[]> integers) => _step.CanCarry(integers);

    /// <inheritdoc/>
    public override IReadOnlyList<GruWorkspace> Layers => _step.Layers;

    /// <inheritdoc/>
    public override Matrix InputMask => _step.InputMask;

    /// <inheritdoc/>
    public override int ScoredItems => _step.ScoredItems;

    /// <inheritdoc/>
    public override int RowOf(int lane) => _step.RowOf(lane);

    /// <inheritdoc/>
    public override double Run(MiniBatch batch, ReadOnlySpan<int> negatives, long step, float learningRate)
    {
        _learningRate = learningRate;
        var loss = _step.Run(batch, negatives, step, learningRate);
        _team.Run(_measure);
        double square = 0;
        foreach (var part in _squares)
            square += part;
        var norm = Math.Sqrt(square);
        _scale = norm >= _cap ? (float)(_cap / norm) : 1;
        _team.Run(_apply);
        return loss;
    }

    /// <inheritdoc/>
    public override void Dispose() => _step.Dispose();

    private void Measure(int member)
    {
        _squares[member] = 0;
        Visit(member, (step, member, table, row, length) =>
        {
            var gradient = new ReadOnlySpan<float>(GradientOf(table, row), length);
            var square = TensorPrimitives.SumOfSquares(gradient);
            step._squares[member] += float.IsFinite(square) ? square : SumOfSquares(gradient);
        });
    }

    /// <summary>In double: a gradient above 1e19 is a number yet, and its square in float is not.</summary>
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (var value in values)
            sum += (double)value * value;
        return sum;
    }

    private void Apply(int member) => Visit(member, (step, _, table, row, length) =>
    {
        var gradient = GradientOf(table, row);
        TensorPrimitives.Multiply(new ReadOnlySpan<float>(gradient, length), step._scale, new Span<float>(gradient, length));
        if (length == table.Width)
            step._rule.Update(table.Row(row), gradient, table.Width, step._learningRate);
        else
            Gru4RecStep<TLoss, StoreGradient>.UpdateVector(step._rule, table.Row(row), gradient, table.Width, length, step._learningRate);
    });

    private delegate void Visitor(CappedStep<TLoss, TRule> step, int member, ParameterTable table, int row, int length);

    private static float* GradientOf(ParameterTable table, int row) => table.Row(row) + ((1 + TRule.States) * (long)table.Width);

    /// <summary>A member's share of the rows that the step touched, each once, with how much of it: an item that is only an input has no bias gradient.</summary>
    private void Visit(int member, Visitor visit)
    {
        var columns = _step.Columns;
        var (start, end) = WorkerTeam.Share(member, _team.Members, columns.Count);
        for (var column = start; column < end; column++)
            visit(this, member, _parameters.Items, columns.Items[column], _parameters.Items.Width);

        (start, end) = WorkerTeam.Share(member, _team.Members, columns.InputCount);
        var shared = _parameters.Embedding == EmbeddingMode.Shared;
        for (var slot = start; slot < end; slot++)
        {
            if (!columns.InputIsScored[slot])
                visit(this, member, _parameters.Inputs, columns.InputItems[slot], shared ? _parameters.VectorLength : _parameters.Inputs.Width);
        }

        foreach (var table in _parameters.All.Tables)
        {
            if (table == _parameters.Items || table == _parameters.Inputs)
                continue;
            (start, end) = WorkerTeam.Share(member, _team.Members, table.Rows);
            for (var row = start; row < end; row++)
                visit(this, member, table, row, table.Width);
        }
    }
}
