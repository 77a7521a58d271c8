using NextItem.Batches;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Losses;
using NextItem.Tests.Reference;
using NextItem.Training;

namespace NextItem.Tests.Models;

/// <summary>The options on trial that change what a mini-batch is scored against: the best samples alone, a uniform share of them, all items.</summary>
public class SamplingIdeasTests
{
    private static readonly Gru4RecOptions s_plain = new() { Layers = [4], BatchSize = 5, NegativeSampleCount = 9, SampleAlpha = 0.75f, LogQ = 0.6f };

    private static readonly Dictionary<string, Gru4RecOptions> s_ideas = new()
    {
        ["the best one"] = s_plain with { TopSamples = 1 },
        ["the best four"] = s_plain with { TopSamples = 4, DropoutHidden = 0.2f },
        ["the best four, uncorrected"] = s_plain with { TopSamples = 4, LogQ = 0 },
        ["the best six, activated"] = s_plain with { TopSamples = 6, FinalActivation = FinalActivation.Tanh },
        ["through time"] = s_plain with { TopSamples = 3, Layers = [3, 5], BackpropagationSteps = 3 },
        ["more than there are"] = s_plain with { TopSamples = 50 },
        ["a uniform share"] = s_plain with { UniformShare = 0.3f },
        ["uniform alone, smoothed"] = s_plain with { UniformShare = 1, LabelSmoothing = 0.1f },
        ["both"] = s_plain with { UniformShare = 0.5f, TopSamples = 5 },
        ["all items"] = s_plain with { FullSoftmax = true, NegativeSampleCount = 0, DropoutHidden = 0.2f },
        ["all items, activated"] = s_plain with { FullSoftmax = true, NegativeSampleCount = 0, FinalActivation = FinalActivation.Leaky(0.3f) },
        ["all items, through time"] = s_plain with { FullSoftmax = true, NegativeSampleCount = 0, Layers = [3, 5], BackpropagationSteps = 3 },
    };

    public static TheoryData<string> Ideas => [.. s_ideas.Keys];

    public static TheoryData<string, EmbeddingMode, float, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, EmbeddingMode, float, int, int>();
            foreach (var name in s_ideas.Keys)
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
        Gru4RecGradientTests.AssertTwoSteps(s_ideas[name] with { Embedding = embedding, CosineScale = cosineScale, Threads = threads, BatchSize = lanes });

    [Theory]
    [InlineData("the best four", 2, 0.3f, 0f, 0f)]
    [InlineData("both", 1, 0f, 0.05f, 5f)]
    [InlineData("through time", 3, 0f, 0f, 0f)]
    [InlineData("a uniform share", 2, 0.3f, 0f, 0f)]
    [InlineData("all items", 3, 0.3f, 0f, 0f)]
    [InlineData("all items, activated", 1, 0f, 0.05f, 5f)]
    [InlineData("all items, through time", 2, 0f, 0f, 0f)]
    public void Run_TenSteps_EqualsTheDoubleTrainer(string name, int threads, float momentum, float cap, float cosineScale)
    {
        var options = s_ideas[name] with { Threads = threads, BatchSize = 19, Momentum = momentum, GradientCap = cap, CosineScale = cosineScale };
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

    /// <summary>The same bytes for the same threads, near ones for others, and others than without the idea.</summary>
    [Theory, MemberData(nameof(Ideas))]
    public void Run_ThreeSteps_DependsOnTheIdeaAndNotOnTheThreads(string name)
    {
        var idea = s_ideas[name] with { BatchSize = 37 };
        var plain = idea with { TopSamples = 0, UniformShare = 0, FullSoftmax = false };
        var (changed, again, shared, without) = (After(idea), After(idea), After(idea with { Threads = 3 }), After(plain));
        Assert.Equal(changed, again);
        Assert.Equal(changed.Length, shared.Length);
        Assert.True(Distance(changed, shared) < 1e-4, $"other threads: {Distance(changed, shared)}");
        if (name == "more than there are")
            Assert.True(Distance(changed, without) < 1e-4, $"without: {Distance(changed, without)}");
        else
            Assert.True(Distance(changed, without) > 1e-3, $"without: {Distance(changed, without)}");
    }

    [Theory, MemberData(nameof(Ideas))]
    public void Run_FiftySteps_AllocateNothing(string name)
    {
        var idea = s_ideas[name];
        var drawn = idea.FullSoftmax ? 0 : 50;
        using var harness = new StepHarness(idea with { BatchSize = 37, NegativeSampleCount = drawn }, SmallBatches.Support);
        AllocationTests.AssertNothing(harness, drawn);
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
            LossRun.Run(s_plain with { TopSamples = 2 }, [1, 1, 1, 1, 1], [[score, 1, 2, 3, score], [3, 1, 2, 4, 4]], [target, 0], [1, 2, 3, 4], ranges: 2);
    }

    [Theory, InlineData(0.5f, 0.2f), InlineData(0.75f, 1f), InlineData(0f, 0.5f), InlineData(1f, 0.9f)]
    public void Draw_UniformShare_FollowsTheMixture(float alpha, float share)
    {
        const int Steps = 400, Negatives = 501;
        int[] support = [1, 2, 4, 8, 0, 100, 1000, 3];
        var sampler = new NegativeSampler(support, alpha, seed: 3, share);
        var counts = new int[support.Length];
        var negatives = new int[Negatives];
        for (var step = 0; step < Steps; step++)
        {
            sampler.Draw(step, negatives);
            foreach (var item in negatives)
                counts[item]++;
        }

        var sum = support.Sum(count => Math.Pow(count, alpha));
        double chiSquare = 0;
        for (var item = 0; item < counts.Length; item++)
        {
            var expected = Steps * Negatives * (((1 - share) * Math.Pow(support[item], alpha) / sum) + (share / support.Length));
            chiSquare += Math.Pow(counts[item] - expected, 2) / expected;
        }

        Assert.InRange(chiSquare, 0, 7 + (5 * Math.Sqrt(14)));
    }

    /// <summary>What is weighed with agrees with what is drawn: for any share the weights add up to the same, and without one they are support^alpha.</summary>
    [Fact]
    public void Weights_AnyShare_HaveTheSameSum()
    {
        int[] support = [1, 2, 4, 0, 100];
        var none = NegativeSampler.Weights(support, 0.75f, 0);
        Assert.Equal(support.Select(count => Math.Pow(count, 0.75)), none);
        foreach (var share in new[] { 1e-6f, 0.3f, 1f })
            Assert.Equal(none.Sum(), NegativeSampler.Weights(support, 0.75f, share).Sum(), 1e-9);
        Assert.All(NegativeSampler.Weights(support, 0.75f, 1), weight => Assert.Equal(none.Sum() / 5, weight, 1e-9));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Build_AllItems_EveryItemOnceInEveryStep(bool shared)
    {
        const int Items = 12, Lanes = 7;
        var random = new Random(1);
        var columns = new ScoredColumns(Items, Lanes, 0, shared, steps: 2, allItems: true);
        for (var step = 0; step < 5; step++)
        {
            var batch = new MiniBatch(Lanes) { Lanes = random.Next(1, Lanes + 1) };
            for (var lane = 0; lane < Lanes; lane++)
                (batch.Inputs[lane], batch.Targets[lane]) = (random.Next(Items), random.Next(Items));
            columns.Build(batch, []);
            int[] earlier = [random.Next(Items), random.Next(Items)];
            columns.AddInputs(earlier, new int[2]);
            int[] inputs = [.. batch.Inputs[..batch.Lanes], .. earlier];
            Assert.Equal(Enumerable.Range(0, Items), columns.Items[..columns.Count]);
            Assert.All(Enumerable.Range(0, Items), item => Assert.Equal((0, 1), (columns.TargetCount[item], columns.DrawnCount[item])));
            Assert.Equal(batch.Targets[..batch.Lanes], columns.TargetColumn[..batch.Lanes]);
            Assert.Equal(inputs.Distinct(), columns.InputItems[..columns.InputCount]);
            for (var item = 0; item < Items; item++)
                Assert.Equal(shared && inputs.Contains(item) ? Array.IndexOf(columns.InputItems, item) : ScoredColumns.None, columns.InputSlot[item]);
        }
    }

    /// <summary>With all items scored, a lane has negatives without others: no mini-batch is passed over.</summary>
    [Fact]
    public void Fit_AllItemsAndOneLane_Learns()
    {
        var train = Generated.Words(string.Join(' ', Enumerable.Repeat("abcd", 40)));
        var options = new Gru4RecOptions { Layers = [8], BatchSize = 1, NegativeSampleCount = 0, FullSoftmax = true, Epochs = 10, LearningRate = 0.05f };
        var losses = Trainer.Fit(train, options).Provenance.EpochLosses;
        Assert.InRange(losses[0], 0.01, Math.Log(4));
        Assert.InRange(losses[^1], 0, 0.1 * losses[0]);
    }

    [Theory, InlineData(0f, true), InlineData(0.4f, false), InlineData(1f, false)]
    public void UntrainedLoss_IsThatOfAnEpochWithoutLearning(float share, bool all)
    {
        var train = Generated.Sessions(300, 40, seed: 5);
        var options = new Gru4RecOptions
        {
            Layers = [4],
            BatchSize = 4,
            NegativeSampleCount = all ? 0 : 12,
            FullSoftmax = all,
            UniformShare = share,
            Epochs = 1,
            LearningRate = 1e-12f,
            InitialScale = 1e-12f,
            Optimizer = Optimizer.Sgd,
        };
        var expected = UntrainedLoss.Of(options, train.Catalog.Support);
        Assert.InRange(Trainer.Fit(train, options).Provenance.EpochLosses[0], 0.9 * expected, 1.05 * expected);
    }

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
