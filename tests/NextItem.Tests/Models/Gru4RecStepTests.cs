using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Optimizers;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

public unsafe partial class Gru4RecStepTests
{
    /// <summary>A gradient whose square is beyond float has a norm all the same, and the step is as long as the cap says.</summary>
    [Fact]
    public void Run_CapOfAHugeGradient_TakesAStepOfThatLength()
    {
        var options = new Gru4RecOptions
        {
            Layers = [4],
            BatchSize = 2,
            NegativeSampleCount = 3,
            Optimizer = Optimizer.Sgd,
            LearningRate = 1,
            GradientCap = 0.5f,
            Loss = Loss.BprMax,
            FinalActivation = FinalActivation.Linear,
            ScoreRegularisation = 1e25f,
        };
        using var harness = new StepHarness(options, SmallBatches.Support);
        using var before = harness.Parameters.All.WithoutStates();
        foreach (var (batch, drawn) in SmallBatches.Sequence(2, 3, 1, seed: 4))
            harness.Run(batch, drawn);
        double square = 0;
        foreach (var (table, old) in harness.Parameters.All.Tables.Zip(before.Tables))
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var i = 0; i < table.Width; i++)
                    square += Math.Pow(table.Row(row)[i] - (double)old.Row(row)[i], 2);
            }
        }

        Assert.Equal(0.5, Math.Sqrt(square), 1e-5);
    }

    /// <summary>Dropout is carried: what is zero in h' is zero in the state that the next step starts from.</summary>
    [Fact]
    public void Run_HiddenDropout_ZerosOfTheStateAreCarried()
    {
        var options = new Gru4RecOptions { Layers = [40], BatchSize = 18, DropoutHidden = 0.5f, NegativeSampleCount = 5 };
        using var harness = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        var zerosBefore = new bool[18][];
        var continued = 0;
        foreach (var (batch, drawn) in SmallBatches.Sequence(18, 5, 6, seed: 9))
        {
            harness.Run(batch, drawn);
            var layer = harness.Step.Layers[0];
            for (var lane = 0; lane < batch.Lanes; lane++)
            {
                var previous = Zeros(layer.Previous.Row(lane));
                if (batch.ContinuesLane[lane] == MiniBatch.NewSession)
                {
                    Assert.All(previous, Assert.True);
                    continue;
                }

                continued++;
                Assert.Equal(zerosBefore[batch.ContinuesLane[lane]], previous);
            }

            for (var lane = 0; lane < batch.Lanes; lane++)
            {
                zerosBefore[lane] = Zeros(layer.State.Row(lane));
                Assert.InRange(zerosBefore[lane].Count(zero => zero), 5, 35); // half of 40, six standard deviations
            }
        }

        Assert.True(continued > 30);

        static bool[] Zeros(float* row) => Array.ConvertAll(new Span<float>(row, 40).ToArray(), value => value == 0);
    }

    [Fact]
    public void Run_Dropout_IsInvertedAndChangesWithStepAndLaneButNotWithThreads()
    {
        var options = new Gru4RecOptions { Layers = [40], BatchSize = 37, DropoutHidden = 0.25f, DropoutEmbedding = 0.5f, NegativeSampleCount = 5 };
        var masks = new List<float[]>();
        foreach (var threads in new[] { 1, 3 })
        {
            using var harness = new StepHarness(options with { Threads = threads }, SmallBatches.Support, keepGradients: true);
            var rows = new List<float>();
            foreach (var (batch, drawn) in SmallBatches.Sequence(37, 5, 2, seed: 9))
            {
                harness.Run(batch, drawn);
                for (var lane = 0; lane < batch.Lanes; lane++)
                {
                    rows.AddRange(new Span<float>(harness.Step.Layers[0].Mask.Row(lane), 40));
                    rows.AddRange(new Span<float>(harness.Step.InputMask.Row(lane), 40));
                }
            }

            masks.Add([.. rows]);
        }

        Assert.Equal(masks[0], masks[1]);
        var hidden = masks[0].Chunk(40).Where((_, i) => i % 2 == 0).ToArray();
        var input = masks[0].Chunk(40).Where((_, i) => i % 2 == 1).ToArray();
        Assert.All(hidden.SelectMany(row => row), value => Assert.True(value == 0 || value == 1 / 0.75f));
        Assert.All(input.SelectMany(row => row), value => Assert.True(value is 0 or 2));
        Assert.InRange(hidden.Average(row => row.Count(value => value == 0)) / 40, 0.21, 0.29);
        Assert.InRange(input.Average(row => row.Count(value => value == 0)) / 40, 0.46, 0.54);
        Assert.Equal(hidden.Length, hidden.Select(row => string.Join(',', row)).Distinct().Count());
    }

    /// <summary>What the input drops says nothing of what a layer drops, nor one layer of the next: any two masks agree on half of the units.</summary>
    [Fact]
    public void Run_Dropout_InputAndLayersHaveMasksOfTheirOwn()
    {
        var options = new Gru4RecOptions { Layers = [40, 40], BatchSize = 37, DropoutHidden = 0.5f, DropoutEmbedding = 0.5f, NegativeSampleCount = 5 };
        using var harness = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        var (batch, drawn) = SmallBatches.Sequence(37, 5, 1, seed: 9).First();
        harness.Run(batch, drawn);
        Matrix[] masks = [harness.Step.InputMask, harness.Step.Layers[0].Mask, harness.Step.Layers[1].Mask];
        foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            var same = 0;
            for (var lane = 0; lane < batch.Lanes; lane++)
            {
                for (var unit = 0; unit < 40; unit++)
                    same += masks[one].Row(lane)[unit] == masks[other].Row(lane)[unit] ? 1 : 0;
            }

            var units = batch.Lanes * 40.0;
            Assert.InRange(same / units, 0.5 - (2.5 / Math.Sqrt(units)), 0.5 + (2.5 / Math.Sqrt(units))); // five standard deviations
        }
    }

    /// <summary>One update an item: the accumulator is the square of the sum of both gradients, not the sum of the squares.</summary>
    [Fact]
    public void Run_ItemThatIsInputAndTarget_GetsOneUpdateWithTheSumOfItsGradients()
    {
        const int Both = 3, InputOnly = 5, Target = 8;
        var options = new Gru4RecOptions { Layers = [6], BatchSize = 2, NegativeSampleCount = 2, LearningRate = 0.1f };
        var batch = new MiniBatch(2) { Lanes = 2 };
        (batch.Inputs[0], batch.Targets[0], batch.ContinuesLane[0]) = (Both, Target, MiniBatch.NewSession);
        (batch.Inputs[1], batch.Targets[1], batch.ContinuesLane[1]) = (InputOnly, Both, MiniBatch.NewSession);
        int[] drawn = [20, 21];

        using var gradients = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        gradients.Run(batch, drawn);
        using var harness = new StepHarness(options, SmallBatches.Support);
        var before = RowBytes(harness.Parameters.Items, InputOnly);
        harness.Run(batch, drawn);
        var items = harness.Parameters.Items;
        for (var column = 0; column < 6; column++)
        {
            var sum = gradients.Parameters.Items.StateAt(0, Both, 0, column);
            Assert.NotEqual(0, sum);
            Assert.Equal(sum * sum, items.StateAt(0, Both, 0, column), 1e-7 * sum * sum);
        }

        // An item that is only an input: its vector moves, its bias and the bias's state keep their bytes.
        var after = RowBytes(items, InputOnly);
        Assert.NotEqual(before[..4], after[..4]);
        Assert.Equal(before[(6 * 4)..(7 * 4)], after[(6 * 4)..(7 * 4)]);
        Assert.Equal(0f, items.StateAt(0, InputOnly, 0, 6));
        Assert.NotEqual(0f, items.StateAt(0, InputOnly, 0, 0));

        // A row that the step does not touch keeps everything.
        Assert.Equal(RowBytes(gradients.Parameters.Items, 29)[..28], RowBytes(items, 29)[..28]);
    }

    [Fact]
    public void Run_InputOnlyItemWithBiasState_KeepsItsBiasBytes()
    {
        // The item is a target first, so that its bias has an accumulator and a velocity; then it is an input only.
        var options = new Gru4RecOptions { Layers = [6], BatchSize = 1, NegativeSampleCount = 1, Momentum = 0.9f };
        using var harness = new StepHarness(options, SmallBatches.Support);
        var batch = new MiniBatch(1) { Lanes = 1 };
        (batch.Inputs[0], batch.Targets[0], batch.ContinuesLane[0]) = (1, 2, MiniBatch.NewSession);
        harness.Run(batch, [3]);
        var kept = (harness.Parameters.Items.At(2, 0, 6), harness.Parameters.Items.StateAt(0, 2, 0, 6), harness.Parameters.Items.StateAt(1, 2, 0, 6));
        Assert.True(kept.Item2 != 0 && kept.Item3 != 0);
        (batch.Inputs[0], batch.Targets[0], batch.ContinuesLane[0]) = (2, 4, 0);
        harness.Run(batch, [5]);
        Assert.Equal(kept, (harness.Parameters.Items.At(2, 0, 6), harness.Parameters.Items.StateAt(0, 2, 0, 6), harness.Parameters.Items.StateAt(1, 2, 0, 6)));
    }

    [Fact]
    public void Run_OtherThreadCounts_GiveTheSameWithinTolerance()
    {
        var one = TrainedBytes(1, out var reference);
        foreach (var threads in new[] { 2, 3 })
        {
            TrainedBytes(threads, out var values);
            for (var i = 0; i < reference.Length; i++)
                Assert.Equal(reference[i], values[i], 2e-5);
        }

        Assert.NotEmpty(one);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Run_SameThreadCountTwice_GivesTheSameBytes(int threads) =>
        Assert.Equal(TrainedBytes(threads, out _), TrainedBytes(threads, out _));

    [Fact]
    public void Run_SmallerBatchAfterALargeOne_IsNotTouchedByWhatTheLargeOneLeft()
    {
        var options = new Gru4RecOptions { Layers = [6], BatchSize = 33, NegativeSampleCount = 4 };
        using var used = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        using var fresh = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        foreach (var (batch, drawn) in SmallBatches.Sequence(33, 4, 1, seed: 2))
            used.Run(batch, drawn);
        foreach (var table in used.Parameters.All.Tables)
            table.ClearStates();
        foreach (var (small, drawn) in SmallBatches.Sequence(3, 4, 1, seed: 3))
        {
            var batch = new MiniBatch(33) { Lanes = 3 };
            small.Inputs.CopyTo(batch.Inputs, 0);
            small.Targets.CopyTo(batch.Targets, 0);
            small.ContinuesLane.CopyTo(batch.ContinuesLane, 0);
            Assert.Equal(fresh.Run(batch, drawn), used.Run(batch, drawn));
        }

        foreach (var (a, b) in used.Parameters.All.Tables.Zip(fresh.Parameters.All.Tables))
        {
            for (var row = 0; row < a.Rows; row++)
                Assert.Equal(RowBytes(a, row), RowBytes(b, row));
        }
    }

    [Fact]
    public void Run_Padding_StaysZero()
    {
        TrainedBytes(2, out var values);
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
        var options = new Gru4RecOptions { Layers = [5, 7], BatchSize = 19, NegativeSampleCount = 12, Momentum = 0.2f, DropoutHidden = 0.3f };
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(19, 12, 5, seed: 6))
            harness.Run(batch, drawn);
        foreach (var table in harness.Parameters.All.Tables)
        {
            var block = table.Width / table.Blocks;
            for (var row = 0; row < table.Rows; row++)
            {
                for (var i = 0; i < table.Stride; i++)
                {
                    if (i % block >= table.BlockColumns)
                        Assert.Equal(0f, table.Row(row)[i]);
                }
            }
        }
    }

    private static byte[] TrainedBytes(int threads, out float[] values)
    {
        var options = new Gru4RecOptions
        {
            Layers = [5, 7],
            BatchSize = 37,
            NegativeSampleCount = 12,
            Momentum = 0.2f,
            Threads = threads,
            DropoutHidden = 0.2f,
            DropoutEmbedding = 0.1f,
        };
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(37, 12, 10, seed: 6))
            harness.Run(batch, drawn);
        var bytes = new List<byte>();
        foreach (var table in harness.Parameters.All.Tables)
        {
            for (var row = 0; row < table.Rows; row++)
                bytes.AddRange(RowBytes(table, row));
        }

        values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.ToArray()).ToArray();
        return [.. bytes];
    }

    internal static byte[] RowBytes(ParameterTable table, int row) => new Span<byte>(table.Row(row), (int)table.Stride * sizeof(float)).ToArray();

    internal static void AssertValues(ParameterTable table, DoubleTable expected)
    {
        for (var row = 0; row < table.Rows; row++)
        {
            for (var block = 0; block < table.Blocks; block++)
            {
                for (var column = 0; column < table.BlockColumns; column++)
                {
                    var (found, wanted) = (table.At(row, block, column), expected.Value[row, block, column]);
                    if (!(Math.Abs(found - wanted) <= 2e-4 * (0.1 + Math.Abs(wanted))))
                        Assert.Fail($"{table.Name} [{row}, block {block}, {column}]: {found}, expected {wanted}");
                }
            }
        }
    }

    internal static void AssertClose(ParameterTable table, DoubleTable expected)
    {
        for (var row = 0; row < table.Rows; row++)
        {
            for (var block = 0; block < table.Blocks; block++)
            {
                for (var column = 0; column < table.BlockColumns; column++)
                {
                    var (found, wanted) = (table.At(row, block, column), expected.Value[row, block, column]);
                    if (!(Math.Abs(found - wanted) <= 1e-4 * (0.1 + Math.Abs(wanted))))
                        Assert.Fail($"{table.Name} [{row}, block {block}, {column}]: {found}, expected {wanted}");
                    Assert.Equal(expected.State[row, block, column][0], table.StateAt(0, row, block, column), 1e-7 + (1e-3 * Math.Abs(expected.State[row, block, column][0])));
                }
            }
        }
    }
}
