using NextItem.Batches;
using NextItem.Optimizers;

namespace NextItem.Tests.Models;

/// <content>Whole training against a trainer in double, and what a step draws ahead.</content>
public unsafe partial class Gru4RecStepTests
{
    /// <summary>The full path of training, ten steps with momentum, against a trainer in double that knows no distinct items.</summary>
    [Theory]
    [InlineData(GruVariant.ResetBefore, 1, "6", 0)]
    [InlineData(GruVariant.ResetAfter, 2, "6", 0)]
    [InlineData(GruVariant.ResetBefore, 3, "5/7", 0.3f)]
    [InlineData(GruVariant.ResetAfter, 1, "5/7", 0.3f)]
    public void Run_TenStepsOfAdagradWithMomentum_EqualsTheDoubleTrainer(GruVariant variant, int threads, string layers, float momentum)
    {
        var options = new Gru4RecOptions
        {
            Layers = [.. layers.Split('/').Select(int.Parse)],
            Variant = variant,
            Threads = threads,
            BatchSize = 19,
            NegativeSampleCount = 12,
            Momentum = momentum,
        };
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(19, 12, 10, seed: 4))
        {
            var loss = harness.Run(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Train(harness.ForReference(batch, drawn));
            Assert.Equal(expectedLoss, loss, 1e-4 * expectedLoss);
            harness.Carry(states);
        }

        foreach (var table in harness.Parameters.All.Tables)
            AssertClose(table, harness.Reference[table.Name]);
    }

    public static TheoryData<Optimizer, float, float, float, EmbeddingMode> Optimizers
    {
        get
        {
            var cases = new TheoryData<Optimizer, float, float, float, EmbeddingMode>();
            foreach (var optimizer in Enum.GetValues<Optimizer>())
            {
                foreach (var embedding in Enum.GetValues<EmbeddingMode>())
                {
                    var momentum = optimizer == Optimizer.Adam ? 0 : 0.3f;
                    cases.Add(optimizer, 0, 0, 0, embedding);
                    cases.Add(optimizer, momentum, 0.01f, 0, embedding);
                    cases.Add(optimizer, momentum, 0, 0.2f, embedding);
                }
            }

            return cases;
        }
    }

    /// <summary>Every optimiser, with momentum, L2 penalty and a cap on the gradient's norm, against the trainer in double.</summary>
    [Theory, MemberData(nameof(Optimizers))]
    public void Run_TenStepsOfAnyOptimizer_EqualsTheDoubleTrainer(Optimizer optimizer, float momentum, float penalty, float cap, EmbeddingMode embedding)
    {
        var options = new Gru4RecOptions
        {
            Layers = [4],
            Embedding = embedding,
            EmbeddingSize = embedding == EmbeddingMode.Separate ? 3 : 0,
            Loss = penalty > 0 ? Loss.BprMax : Loss.CrossEntropy,
            Optimizer = optimizer,
            LearningRate = optimizer switch { Optimizer.Adadelta => 1, Optimizer.Adam or Optimizer.RmsProp => 0.01f, _ => 0.1f },
            Momentum = momentum,
            L2Penalty = penalty,
            GradientCap = cap,
            Threads = cap > 0 ? 2 : 1,
            BatchSize = 4,
            NegativeSampleCount = 7,
        };
        AssertTenSteps(options);
    }

    /// <summary>Cosines, where rows that are inputs and scored have one gradient through their direction; a cap measures that one.</summary>
    [Theory]
    [InlineData(EmbeddingMode.Shared, 1, 0, 0)]
    [InlineData(EmbeddingMode.Shared, 2, 0.2f, 0)]
    [InlineData(EmbeddingMode.Shared, 2, 0, 0.05f)]
    [InlineData(EmbeddingMode.Separate, 3, 0, 0)]
    [InlineData(EmbeddingMode.None, 2, 0, 0)]
    public void Run_TenStepsOfCosineScores_EqualsTheDoubleTrainer(EmbeddingMode embedding, int threads, float cap, float penalty)
    {
        var options = new Gru4RecOptions
        {
            Layers = [5],
            Embedding = embedding,
            CosineScale = 6,
            Momentum = 0.3f,
            GradientCap = cap,
            L2Penalty = penalty,
            Threads = threads,
            BatchSize = 19,
            NegativeSampleCount = 7,
        };
        AssertTenSteps(options);
    }

    /// <summary>
    /// Rows without a direction, and a state that dropout has emptied, score 0 and stay; rows that are barely long enough for one, or almost too
    /// long, move, and nothing becomes what is no number.
    /// </summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1e-30f, true)]
    [InlineData(1e-19f, true)]
    [InlineData(1e-14f, false)]
    [InlineData(1e18f, false)]
    [InlineData(1e25f, true)]
    public void Run_CosineScoresOfRowsOfAnyLength_StayFinite(float length, bool stays)
    {
        int[] changed = [3, 10, 13]; // an input, one in every role, a target and drawn
        var options = new Gru4RecOptions
        {
            Layers = [6],
            CosineScale = 20,
            BatchSize = 19,
            NegativeSampleCount = 12,
            DropoutHidden = 0.9f, // half of the states are zeros
            Threads = 2,
        };
        using var harness = new StepHarness(options, SmallBatches.Support);
        var items = harness.Parameters.Items;
        foreach (var row in changed)
        {
            for (var i = 0; i < 6; i++)
                items.At(row, 0, i) = length * (i == 2 ? -1 : 0.1f);
        }

        var before = Array.ConvertAll(changed, row => VectorBytes(items, row));
        foreach (var (batch, drawn) in SmallBatches.Sequence(19, 12, 10, seed: 4))
            Assert.True(double.IsFinite(harness.Run(batch, drawn)));
        Assert.Null(harness.Parameters.All.FirstNotFinite());
        if (stays)
            Assert.Equal(before, Array.ConvertAll(changed, row => VectorBytes(items, row)));
        else if (length < 1) // to a row as long as 1e18 a step adds nothing that a float could hold
            Assert.NotEqual(before[1], VectorBytes(items, changed[1]));

        static byte[] VectorBytes(ParameterTable table, int row) => new Span<byte>(table.Row(row), 6 * sizeof(float)).ToArray();
    }

    /// <summary>The next step's negatives, drawn in this one by those who have time: the sampler's, and nothing else changes by it.</summary>
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 0)] // one of two has fewer lanes
    [InlineData(3, 1, 0.2f)]
    [InlineData(7, 1, 0)] // several have none
    [InlineData(7, 3, 0)]
    [InlineData(2, 3, 0.2f)]
    public void Run_NegativesDrawnAhead_AreTheSamplersAndChangeNothing(int threads, int steps, float cap)
    {
        const int Lanes = 40, Drawn = 301;
        var options = new Gru4RecOptions { Layers = [6], BatchSize = Lanes, NegativeSampleCount = Drawn, Threads = threads, BackpropagationSteps = steps, GradientCap = cap };
        var sampler = new NegativeSampler(SmallBatches.Support, 0.5f, 3);
        var stream = new NegativeStream(sampler, Drawn);
        using var ahead = new StepHarness(options, SmallBatches.Support);
        using var plain = new StepHarness(options, SmallBatches.Support);
        ahead.Step.Upcoming = stream;
        var negatives = new int[Drawn];
        var step = 0L;
        foreach (var (batch, _) in SmallBatches.Sequence(Lanes, 0, 9, seed: 4))
        {
            sampler.Draw(step, negatives);
            var taken = stream.Take(step).ToArray();
            Assert.Equal(negatives, taken);
            Assert.Equal(plain.Run(batch, negatives), ahead.Run(batch, taken));
            step++;
        }

        foreach (var (one, other) in plain.Parameters.All.Tables.Zip(ahead.Parameters.All.Tables))
        {
            for (var row = 0; row < one.Rows; row++)
                Assert.True(new Span<float>(one.Row(row), (int)one.Stride).SequenceEqual(new Span<float>(other.Row(row), (int)other.Stride)), $"{one.Name} {row}");
        }
    }

    /// <summary>Ten steps of mini-batches in which everything coincides that can: every loss, and at the end every parameter.</summary>
    private static void AssertTenSteps(Gru4RecOptions options)
    {
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 10, seed: 4))
        {
            var loss = harness.Run(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Train(harness.ForReference(batch, drawn));
            Assert.Equal(expectedLoss, loss, 2e-4 * expectedLoss);
            harness.Carry(states);
        }

        foreach (var table in harness.Parameters.All.Tables)
            AssertValues(table, harness.Reference[table.Name]);
    }
}
