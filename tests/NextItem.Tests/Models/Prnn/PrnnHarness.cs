using NextItem.Batches;
using NextItem.Features;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Models.Gru4Rec;
using NextItem.Models.Prnn;
using NextItem.Optimizers;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models.Prnn;

/// <summary>A p-RNN step on a small network with random parameters, beside the double network of the same parameters.</summary>
internal sealed unsafe class PrnnHarness<TRule> : IDisposable
    where TRule : struct, IRowRule
{
    private readonly WorkerTeam _team;
    private readonly MiniBatch _empty = new(1);
    private double[][][] _carried = [];
    private long _steps;

    public PrnnHarness(PrnnShape shape, Gru4RecOptions options, TRule rule)
    {
        Options = options;
        Shape = shape;
        Parameters = new PrnnParameters(shape, SmallBatches.Items, TRule.States);
        var random = new Random(5);
        foreach (var table in Parameters.All.Tables)
        {
            for (var i = 0; i < table.Rows * table.Blocks * table.BlockColumns; i++)
                table.At(i / (table.Blocks * table.BlockColumns), i / table.BlockColumns % table.Blocks, i % table.BlockColumns) = (float)((random.NextDouble() * 1.6) - 0.8);
        }

        Reference = new DoublePrnn(Parameters, options, SmallBatches.Support);
        _team = new WorkerTeam(options.Threads);
        Step = new PrnnStep<CrossEntropy, TRule>(
            Parameters, options, new CrossEntropy(SmallBatches.Support, options.SampleAlpha, options.LogQ), rule, _team, aside: true);
        Batch = _empty;
    }

    public Gru4RecOptions Options { get; }

    public PrnnShape Shape { get; }

    public PrnnParameters Parameters { get; }

    public DoublePrnn Reference { get; }

    public PrnnStep<CrossEntropy, TRule> Step { get; }

    public MiniBatch Batch { get; private set; }

    public int[] Drawn { get; private set; } = [];

    /// <summary>[S][lane][d] before the mini-batch, in double.</summary>
    public double[][][] Previous { get; private set; } = [];

    /// <summary>Takes a mini-batch in both.</summary>
    public void Begin(MiniBatch batch, int[] drawn)
    {
        (Batch, Drawn) = (batch, drawn);
        Step.Begin(batch, drawn, _steps++);
        Previous = [.. Shape.Subnets.Select((subnet, k) => Enumerable.Range(0, batch.Lanes)
            .Select(lane => batch.ContinuesLane[lane] == MiniBatch.NewSession ? new double[subnet.Units] : _carried[k][batch.ContinuesLane[lane]]).ToArray())];
        _carried = [.. Previous.Select(lanes => lanes.ToArray())];
    }

    /// <summary>The reference's loss of a pass with the engine's masks of now.</summary>
    public double ReferenceLoss(PrnnPass pass) => Reference.Forward(Batch, Drawn, Previous, Masks(), pass).Loss;

    /// <summary>Keeps the states that a pass leaves to the next mini-batch.</summary>
    public void Carry(PrnnPass pass)
    {
        var (_, states) = Reference.Forward(Batch, Drawn, Previous, Masks(), pass);
        for (var k = 0; k < states.Length; k++)
        {
            if (pass.Includes(k) && (pass.Trains(k) || !pass.FrozenAside))
                _carried[k] = [.. states[k].Select(state => state!)];
        }
    }

    public void Dispose()
    {
        Step.Dispose();
        _team.Dispose();
        Parameters.Dispose();
    }

    private double[][]?[] Masks() =>
    [
        .. Shape.Subnets.Select((subnet, k) => subnet.DropoutHidden == 0
            ? null
            : Enumerable.Range(0, Batch.Lanes).Select(lane => Mask(k, lane, subnet.Units)).ToArray()),
    ];

    private double[] Mask(int k, int lane, int units) =>
        Array.ConvertAll(new Span<float>(Step.Subnets[k].Carried.Mask.Row(lane), units).ToArray(), value => (double)value);
}

/// <summary>Features of the small batches' items.</summary>
internal static class SmallFeatures
{
    /// <summary>[30 x 9], up to three entries an item, some with none.</summary>
    public static SparseRows Sparse { get; } = MakeSparse();

    /// <summary>[30 x 9]: the same numbers.</summary>
    public static DenseRows SparseAsDense { get; } = ToDense(Sparse);

    /// <summary>[30 x 5].</summary>
    public static DenseRows Dense { get; } = MakeDense();

    private static SparseRows MakeSparse()
    {
        var random = new Random(8);
        List<int> offsets = [0], columns = [];
        List<float> values = [];
        for (var item = 0; item < SmallBatches.Items; item++)
        {
            foreach (var column in Enumerable.Range(0, 9).Where(_ => random.Next(4) == 0).Take(3))
            {
                columns.Add(column);
                values.Add((float)(random.NextDouble() + 0.2));
            }

            offsets.Add(columns.Count);
        }

        return new SparseRows(9, [.. offsets], [.. columns], [.. values]);
    }

    private static DenseRows ToDense(SparseRows rows)
    {
        var values = new float[rows.Count * rows.Width];
        for (var item = 0; item < rows.Count; item++)
        {
            foreach (var (column, value) in rows.Entries(item))
                values[(item * rows.Width) + column] = value;
        }

        return new DenseRows(rows.Width, rows.Count, values);
    }

    private static DenseRows MakeDense()
    {
        var random = new Random(9);
        return new DenseRows(5, SmallBatches.Items, [.. Enumerable.Range(0, SmallBatches.Items * 5).Select(_ => (float)((random.NextDouble() * 2) - 1))]);
    }
}
