using NextItem.Batches;
using NextItem.Optimizers;

namespace NextItem.Tests.Models;

/// <summary>Gradients that go back n steps, against a double network that computes every lane's last n events again.</summary>
public class BackpropagationTests
{
    public static TheoryData<int, GruVariant, string, EmbeddingMode, float, int> Cases
    {
        get
        {
            var cases = new TheoryData<int, GruVariant, string, EmbeddingMode, float, int>();
            foreach (var steps in new[] { 2, 3, 5 })
            {
                foreach (var variant in Enum.GetValues<GruVariant>())
                {
                    foreach (var embedding in Enum.GetValues<EmbeddingMode>())
                    {
                        foreach (var dropout in new[] { 0, 0.3f })
                        {
                            cases.Add(steps, variant, "4", embedding, dropout, 1);
                            cases.Add(steps, variant, "3/5", embedding, dropout, 2);
                        }
                    }
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Run_StoreGradient_EqualsCentralDifferences(int steps, GruVariant variant, string layers, EmbeddingMode embedding, float dropout, int threads)
    {
        var options = Options(steps, layers, embedding, dropout) with { Variant = variant, Threads = threads, BatchSize = 5, NegativeSampleCount = 6 };
        AssertGradients(options, steps + 3, checkFrom: 1);
    }

    /// <summary>More lanes than one vector, so that every thread has rows of its own with histories of all lengths.</summary>
    [Theory]
    [InlineData(GruVariant.ResetBefore, EmbeddingMode.Shared, 1, 20)]
    [InlineData(GruVariant.ResetAfter, EmbeddingMode.Separate, 2, 37)]
    [InlineData(GruVariant.ResetBefore, EmbeddingMode.None, 3, 40)]
    [InlineData(GruVariant.ResetAfter, EmbeddingMode.Shared, 5, 33)]
    [InlineData(GruVariant.ResetBefore, EmbeddingMode.Shared, 2, 1)]
    public void Run_ManyLanesAndThreads_EqualsCentralDifferences(GruVariant variant, EmbeddingMode embedding, int threads, int lanes)
    {
        var options = Options(3, "3/17", embedding, 0.3f) with { Variant = variant, Threads = threads, BatchSize = lanes, NegativeSampleCount = 6 };
        AssertGradients(options, 7, checkFrom: 6);
    }

    [Theory, InlineData(EmbeddingMode.Shared), InlineData(EmbeddingMode.Separate), InlineData(EmbeddingMode.None)]
    public void Run_CosineScores_EqualsCentralDifferences(EmbeddingMode embedding)
    {
        var options = Options(3, "3/17", embedding, 0.3f) with { CosineScale = 5, Threads = 2, BatchSize = 20, NegativeSampleCount = 6 };
        AssertGradients(options, 7, checkFrom: 5);
    }

    private static Gru4RecOptions Options(int steps, string layers, EmbeddingMode embedding, float dropout) => new()
    {
        BackpropagationSteps = steps,
        Layers = [.. layers.Split('/').Select(int.Parse)],
        Embedding = embedding,
        EmbeddingSize = embedding == EmbeddingMode.Separate ? 6 : 0,
        DropoutHidden = dropout,
        DropoutEmbedding = embedding == EmbeddingMode.None ? 0 : dropout,
        LogQ = 0.6f,
    };

    private static void AssertGradients(Gru4RecOptions options, int count, int checkFrom)
    {
        using var harness = new StepHarness(options, SmallBatches.Support, keepGradients: true);
        var (longest, constants, moved) = (0, 0, 0);
        foreach (var ((batch, drawn), number) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, count, seed: 3).Select((pair, i) => (pair, i)))
        {
            foreach (var table in harness.Parameters.All.Tables)
                table.ClearStates();
            var loss = harness.Run(batch, drawn);
            var forReference = harness.ForReference(batch, drawn);
            var (expectedLoss, afterFirst) = harness.Reference.Forward(forReference);
            Assert.Equal(expectedLoss, loss, 1e-5 * (1 + expectedLoss));
            if (number >= checkFrom)
            {
                longest = Math.Max(longest, forReference.Events.Max(events => events.Length));
                constants += forReference.Before.Count(states => states[0].Any(value => value != 0));
                moved += Enumerable.Range(0, batch.Lanes).Count(lane => batch.ContinuesLane[lane] > lane);
                var expected = harness.Reference.Gradients(forReference);
                foreach (var table in harness.Parameters.All.Tables)
                    Gru4RecGradientTests.AssertGradient(table, expected[table.Name]);
            }

            harness.Carry(afterFirst);
        }

        // Else the case has not tested what it should: full windows with a state before them, and lanes that moved.
        Assert.Equal(options.BackpropagationSteps, longest);
        Assert.NotEqual(0, constants);
        Assert.True(moved > 0 || options.BatchSize < 3 || checkFrom > 4);
    }

    public static TheoryData<int, GruVariant, EmbeddingMode, float, float, int> Trainings
    {
        get
        {
            var cases = new TheoryData<int, GruVariant, EmbeddingMode, float, float, int>();
            foreach (var embedding in Enum.GetValues<EmbeddingMode>())
            {
                cases.Add(2, GruVariant.ResetBefore, embedding, 0, 0, 1);
                cases.Add(3, GruVariant.ResetAfter, embedding, 0.2f, 0, 2);
                cases.Add(4, GruVariant.ResetBefore, embedding, 0.2f, 0.2f, 2); // a capped gradient sees the earlier inputs' rows too
            }

            return cases;
        }
    }

    /// <summary>Parameters move between the steps, so the window's states are other ones each time they are computed.</summary>
    [Theory, MemberData(nameof(Trainings))]
    public void Run_TenSteps_EqualsTheDoubleTrainer(int steps, GruVariant variant, EmbeddingMode embedding, float dropout, float cap, int threads)
    {
        var options = Options(steps, "4", embedding, dropout) with
        {
            Variant = variant,
            Threads = threads,
            GradientCap = cap,
            Momentum = 0.3f,
            LearningRate = 0.1f,
            BatchSize = 5,
            NegativeSampleCount = 7,
        };
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(5, 7, 10, seed: 4))
        {
            var loss = harness.Run(batch, drawn);
            var (expectedLoss, afterFirst) = harness.Reference.Train(harness.ForReference(batch, drawn));
            Assert.Equal(expectedLoss, loss, 2e-4 * expectedLoss);
            harness.Carry(afterFirst);
        }

        foreach (var table in harness.Parameters.All.Tables)
            Gru4RecStepTests.AssertValues(table, harness.Reference[table.Name]);
    }

    /// <summary>An item that was seen only in an earlier step is an input of this step too; its bias is not.</summary>
    [Fact]
    public void Run_ItemOfAnEarlierStep_MovesItsVectorAndKeepsItsBias()
    {
        const int Earlier = 1, Now = 2;
        foreach (var steps in new[] { 1, 2 })
        {
            var options = new Gru4RecOptions { Layers = [6], BatchSize = 1, NegativeSampleCount = 1, BackpropagationSteps = steps };
            using var harness = new StepHarness(options, SmallBatches.Support);
            var batch = new MiniBatch(1) { Lanes = 1 };
            (batch.Inputs[0], batch.Targets[0], batch.ContinuesLane[0]) = (Earlier, 8, MiniBatch.NewSession);
            harness.Run(batch, [20]);
            var before = RowOf(harness.Parameters.Items, Earlier);
            (batch.Inputs[0], batch.Targets[0], batch.ContinuesLane[0]) = (Now, 9, 0);
            harness.Run(batch, [21]);
            var after = RowOf(harness.Parameters.Items, Earlier);
            Assert.Equal(steps == 1, before.AsSpan(0, 6).SequenceEqual(after.AsSpan(0, 6)));
            Assert.Equal(before[6], after[6]);
        }

        static float[] RowOf(ParameterTable table, int row) => [.. Enumerable.Range(0, 7).Select(column => table.At(row, 0, column))];
    }

    [Theory, InlineData(1, 1), InlineData(1, 3), InlineData(2, 3), InlineData(3, 3), InlineData(2, 64)]
    public void Run_SameThreadCountTwice_GivesTheSameBytes(int threads, int steps)
    {
        var options = Long(steps, threads);
        Assert.Equal(BytesAfter(options, split: null), BytesAfter(options, split: null));
    }

    [Theory, InlineData(2), InlineData(3)]
    public void Run_OtherThreadCounts_GiveTheSameWithinTolerance(int threads)
    {
        var one = Floats(BytesAfter(Long(4, 1), split: null));
        var other = Floats(BytesAfter(Long(4, threads), split: null));
        for (var i = 0; i < one.Length; i++)
            Assert.Equal(one[i], other[i], 1e-4);

        static float[] Floats(byte[] bytes) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    /// <summary>What a checkpoint does: parameters with their states and the carried buffers go into another step object.</summary>
    [Theory, InlineData(1, 1, 0.2f), InlineData(1, 2, 0.2f), InlineData(3, 1, 0.2f), InlineData(3, 2, 0.2f), InlineData(2, 2, 0), InlineData(7, 2, 0.2f)]
    public void Run_CarriedBuffersCopiedToAFreshStep_GoesOnWithTheSameBytes(int steps, int threads, float dropout)
    {
        var options = Long(steps, threads) with { DropoutHidden = dropout, DropoutEmbedding = dropout / 2 };
        var uninterrupted = BytesAfter(options, split: null);
        for (var split = 1; split < 12; split += 3)
            Assert.Equal(uninterrupted, BytesAfter(options, split));
        Assert.NotEqual(uninterrupted, BytesAfter(options, split: 4, carry: false)); // the buffers matter
    }

    private static Gru4RecOptions Long(int steps, int threads) => Options(steps, "5/7", EmbeddingMode.Shared, 0.2f) with
    {
        BatchSize = 37,
        NegativeSampleCount = 12,
        Momentum = 0.2f,
        Threads = threads,
    };

    private static byte[] BytesAfter(Gru4RecOptions options, int? split, bool carry = true)
    {
        var harness = new StepHarness(options, SmallBatches.Support);
        try
        {
            foreach (var ((batch, drawn), number) in SmallBatches.Sequence(37, 12, 12, seed: 6).Select((pair, i) => (pair, i)))
            {
                if (number == split)
                {
                    var fresh = new StepHarness(options, SmallBatches.Support, parameterSeed: 99) { Steps = harness.Steps };
                    Copy(harness, fresh, carry);
                    harness.Dispose();
                    harness = fresh;
                }

                harness.Run(batch, drawn);
            }

            var bytes = new List<byte>();
            foreach (var table in harness.Parameters.All.Tables)
            {
                for (var row = 0; row < table.Rows; row++)
                    bytes.AddRange(Gru4RecStepTests.RowBytes(table, row));
            }

            return [.. bytes];
        }
        finally
        {
            harness.Dispose();
        }
    }

    private static unsafe void Copy(StepHarness from, StepHarness to, bool carry)
    {
        foreach (var (a, b) in from.Parameters.All.Tables.Zip(to.Parameters.All.Tables))
        {
            for (var row = 0; row < a.Rows; row++)
                new Span<float>(a.Row(row), (int)a.Stride).CopyTo(new Span<float>(b.Row(row), (int)b.Stride));
        }

        Assert.Equal(from.Step.CarriedStates.Count, to.Step.CarriedStates.Count);
        Assert.Equal(from.Step.CarriedIntegers.Count, to.Step.CarriedIntegers.Count);
        foreach (var (a, b) in from.Step.CarriedIntegers.Zip(to.Step.CarriedIntegers))
            a.CopyTo(b, 0);
        if (!carry)
            return;
        foreach (var (a, b) in from.Step.CarriedStates.Zip(to.Step.CarriedStates))
        {
            for (var row = 0; row < a.Rows; row++)
                new Span<float>(a.Row(row), a.Columns).CopyTo(new Span<float>(b.Row(row), a.Columns));
        }
    }
}
