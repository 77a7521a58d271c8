using NextItem.Tests.Fixtures;
using NextItem.Tests.Losses;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

/// <summary>Cross-entropy with a lane's best samples alone.</summary>
public class TopSamplesTests
{
    private static readonly Gru4RecOptions s_plain = new() { Layers = [4], BatchSize = 5, NegativeSampleCount = 9, SampleAlpha = 0.75f, LogQ = 0.6f };

    private static readonly Dictionary<string, Gru4RecOptions> s_options = new()
    {
        ["the best one"] = s_plain with { TopSamples = 1 },
        ["the best four"] = s_plain with { TopSamples = 4, DropoutHidden = 0.2f },
        ["the best four, uncorrected"] = s_plain with { TopSamples = 4, LogQ = 0 },
        ["the best six, activated"] = s_plain with { TopSamples = 6, FinalActivation = FinalActivation.Tanh },
        ["through time"] = s_plain with { TopSamples = 3, Layers = [3, 5], BackpropagationSteps = 3 },
        ["more than there are"] = s_plain with { TopSamples = 50 },
        ["the best five, by popularity"] = s_plain with { SampleAlpha = 1, LogQ = 1, TopSamples = 5 },
    };

    public static TheoryData<string> Names => [.. s_options.Keys];

    public static TheoryData<string, EmbeddingMode, float, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, EmbeddingMode, float, int, int>();
            foreach (var name in s_options.Keys)
            {
                foreach (var embedding in Enum.GetValues<EmbeddingMode>())
                {
                    cases.Add(name, embedding, 0, 1, 5);
                    cases.Add(name, embedding, 4, 2, 5);
                }

                foreach (var (cosineScale, threads, lanes) in new[] { (0f, 2, 20), (4f, 3, 20), (0f, 3, 33), (0f, 3, 1) })
                    cases.Add(name, EmbeddingMode.Shared, cosineScale, threads, lanes);
            }

            return cases;
        }
    }

    /// <summary>Random scores are hardly ever so near each other that a central difference changes which are the best; these seeds have none that are.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Run_StoreGradient_EqualsCentralDifferences(string name, EmbeddingMode embedding, float cosineScale, int threads, int lanes) =>
        Gru4RecGradientTests.AssertTwoSteps(s_options[name] with { Embedding = embedding, CosineScale = cosineScale, Threads = threads, BatchSize = lanes });

    [Theory]
    [InlineData("the best four", 2, 0.3f, 0f, 0f)]
    [InlineData("the best five, by popularity", 1, 0f, 0.05f, 5f)]
    [InlineData("through time", 3, 0f, 0f, 0f)]
    public void Run_TenSteps_EqualsTheDoubleTrainer(string name, int threads, float momentum, float cap, float cosineScale)
    {
        var options = s_options[name] with { Threads = threads, BatchSize = 19, Momentum = momentum, GradientCap = cap, CosineScale = cosineScale };
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(19, options.NegativeSampleCount, 10, seed: 4))
        {
            var loss = harness.Run(batch, drawn);
            var (expectedLoss, states) = harness.Reference.Train(harness.ForReference(batch, drawn));
            Assert.Equal(expectedLoss, loss, 1e-4 * expectedLoss);
            harness.Carry(states);
        }

        foreach (var table in harness.Parameters.All.Tables)
            Gru4RecStepTests.AssertClose(table, harness.Reference[table.Name]);
    }

    /// <summary>The same bytes for the same threads, near ones for others, and others than of all samples.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Run_ThreeSteps_DependsOnTheNumberOfSamplesAndNotOnTheThreads(string name)
    {
        var options = s_options[name] with { BatchSize = 37 };
        var plain = options with { TopSamples = 0 };
        var (changed, again, shared, without) = (After(options), After(options), After(options with { Threads = 3 }), After(plain));
        Assert.Equal(changed, again);
        Assert.Equal(changed.Length, shared.Length);
        Assert.True(Distance(changed, shared) < 1e-4, $"other threads: {Distance(changed, shared)}");
        if (name == "more than there are")
            Assert.True(Distance(changed, without) < 1e-4, $"without: {Distance(changed, without)}");
        else
            Assert.True(Distance(changed, without) > 1e-3, $"without: {Distance(changed, without)}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Run_FiftySteps_AllocateNothing(string name)
    {
        using var harness = new StepHarness(s_options[name] with { BatchSize = 37, NegativeSampleCount = 50 }, SmallBatches.Support);
        AllocationTests.AssertNothing(harness);
    }

    /// <summary>Scores on a grid, no two of a lane the same: no central difference comes near a change of the best.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void TopCrossEntropy_RandomCollisions_EqualsAllColumnsReference(int ranges)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int items = random.Next(1, 25), lanes = random.Next(1, 35);
            var options = s_plain with { TopSamples = random.Next(1, 12), LogQ = 0 };
            var support = Enumerable.Range(0, items).Select(_ => random.Next(1, 1000)).ToArray();
            var targets = Enumerable.Range(0, lanes).Select(_ => random.Next(items)).ToArray();
            var drawn = Enumerable.Range(0, random.Next(0, 30)).Select(_ => random.Next(items)).ToArray();
            var scores = Enumerable.Range(0, lanes).Select(_ => Grid(random, items)).ToArray();
            AssertIsTheReference(options, support, scores, targets, drawn, ranges);
        }
    }

    /// <summary>Whatever is level with the k-th best counts, and what is next below it does not, however near or far away the other scores are.</summary>
    [Theory]
    [InlineData(1, new[] { 0.0, 3, 3, 3, 2, 1 }, 3)]
    [InlineData(3, new[] { 0.0, 3, 3, 3, 2, 1 }, 3)]
    [InlineData(4, new[] { 0.0, 3, 3, 3, 2, 1 }, 4)]
    [InlineData(2, new[] { 9.0, 0, 0, 0, 0, 0 }, 5)]
    [InlineData(2, new[] { 0.0, 0, 0, 0, 0, 0 }, 5)]
    [InlineData(1, new[] { 1.0, 1, 1, 0, 0, 0 }, 2)]
    [InlineData(2, new[] { 0.0, 1, -1e20, -1e20, 1e-7, -1e-7 }, 2)]
    [InlineData(1, new[] { 5.0, -1e20, -1e20, -1.1e20, -2e20, -1e30 }, 2)]
    [InlineData(2, new[] { -7.0, 1.0000001, 1, 1.0000002, 0.99999994, -4 }, 2)]
    public void TopCrossEntropy_LevelScores_AllThatAreLevelWithTheKthCount(int top, double[] scores, int others)
    {
        var options = s_plain with { TopSamples = top, LogQ = 0 };
        var single = scores.Select(score => (double)(float)score).ToArray();
        foreach (var ranges in new[] { 1, 2, 4 })
        {
            var (losses, gradient) = LossRun.Run(options, [1, 1, 1, 1, 1, 1], [single, single], [0, 0], [1, 2, 3, 4, 5], ranges, capacity: 19);
            var expected = DoubleLoss.Sum(options, [single, single], [0, 0], [1, 2, 3, 4, 5], [1, 1, 1, 1, 1, 1]);
            Assert.All(losses, loss => Assert.Equal(expected, loss, 1e-5 * (1 + expected)));

            // exp of what is far below underflows, counted or not.
            var counted = single.Skip(1).OrderDescending().ElementAt(top - 1);
            Assert.Equal(others, single.Skip(1).Count(score => score >= counted));
            for (var item = 1; item < scores.Length; item++)
            {
                var near = single.Max() - single[item] < 50;
                Assert.All(gradient, lane => Assert.Equal(near && single[item] >= counted, lane[item] > 0));
            }
        }
    }

    /// <summary>Numbers that are none end the search too: a loss that is not finite is seen by who trains.</summary>
    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity)]
    public void TopCrossEntropy_NotFinite_Ends(double score)
    {
        foreach (var target in new[] { 0, 1 })
        {
            var (losses, _) = LossRun.Run(s_plain with { TopSamples = 2 }, [1, 1, 1, 1, 1], [[score, 1, 2, 3, score], [3, 1, 2, 4, 4]], [target, 0], [1, 2, 3, 4], ranges: 2);
            if (!double.IsNegativeInfinity(score))
                Assert.All(losses, loss => Assert.False(double.IsFinite(loss)));
        }
    }

    [Fact]
    public void Validate_WhatDoesNotGoTogether_IsTold()
    {
        AssertFault("TopSamples is -1; expected at least 0.", s_plain with { TopSamples = -1 });
        AssertFault("TopSamples is 3 and Loss BprMax; expected only one of them.", s_plain with { TopSamples = 3, Loss = Loss.BprMax });
        AssertFault("TopSamples is 3 and LabelSmoothing 0.1; expected only one of them.", s_plain with { TopSamples = 3, LabelSmoothing = 0.1f });
        AssertFault("TopSamples is 3 and MaskTargets True; expected only one of them.", s_plain with { TopSamples = 3, MaskTargets = true });
        AssertFault("TopSamples is 3 and Distillation 0.5; expected only one of them.", s_plain with { TopSamples = 3, Distillation = 0.5f });
    }

    /// <summary>Scores of a model that learned from its best samples alone say nothing of the others.</summary>
    [Fact]
    public void Fit_TeacherOfTheBestSamples_IsRefused()
    {
        var train = Generated.Words("abcd bcda cdab dabc");
        var small = new Gru4RecOptions { Layers = [4], BatchSize = 2, NegativeSampleCount = 4, Epochs = 1 };
        var teacher = Trainer.Fit(train, small with { TopSamples = 2 }).Model;
        var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(train, small with { Distillation = 0.5f }, new TrainingContext { Teachers = [teacher] }));
        Assert.Contains("Teacher 1 was trained with TopSamples 2; expected 0", thrown.Message, StringComparison.Ordinal);
    }

    private static void AssertFault(string expected, Gru4RecOptions options) =>
        Assert.Equal(expected, Assert.Single(Assert.Throws<OptionsException>(options.Validate).Faults));

    private static void AssertIsTheReference(Gru4RecOptions options, int[] support, double[][] scores, int[] targets, int[] drawn, int ranges)
    {
        var inDouble = Array.ConvertAll(support, count => (double)count);
        var expected = DoubleLoss.Sum(options, scores, targets, drawn, inDouble);
        var (losses, gradient) = LossRun.Run(options, support, scores, targets, drawn, ranges, capacity: targets.Length + 3);
        Assert.All(losses, value => Assert.Equal(expected, value, 2e-6 * (1 + expected)));
        var byItem = DoubleLoss.Gradient(options, scores, targets, drawn, inDouble);
        for (var lane = 0; lane < scores.Length; lane++)
        {
            for (var item = 0; item < support.Length; item++)
                Assert.Equal(byItem[lane][item], gradient[lane][item], 2e-6);
        }
    }

    private static double[] Grid(Random random, int items)
    {
        var scores = Enumerable.Range(0, items).Select(place => (place - (items / 2)) / 8.0).ToArray();
        random.Shuffle(scores);
        return scores;
    }

    /// <summary>All parameters after three steps.</summary>
    private static float[] After(Gru4RecOptions options)
    {
        using var harness = new StepHarness(options, SmallBatches.Support);
        foreach (var (batch, drawn) in SmallBatches.Sequence(options.BatchSize, options.NegativeSampleCount, 3, seed: 2))
            harness.Run(batch, drawn);
        var values = new List<float>();
        foreach (var table in harness.Parameters.All.Tables)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.BlockColumns; column++)
                        values.Add(table.At(row, block, column));
                }
            }
        }

        return [.. values];
    }

    private static double Distance(float[] a, float[] b) => a.Zip(b).Max(pair => Math.Abs(pair.First - pair.Second));
}
