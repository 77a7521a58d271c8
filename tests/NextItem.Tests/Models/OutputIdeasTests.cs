using NextItem.Models.Gru4Rec;
using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;
using NextItem.Training;

namespace NextItem.Tests.Models;

/// <summary>What items are multiplied with, in the ideas on trial: states less their mean, a layer normalisation in place of cosines, a residual connection.</summary>
public unsafe class OutputIdeasTests
{
    private static readonly Gru4RecOptions s_plain = new() { Layers = [6], NegativeSampleCount = 6, LogQ = 0.6f, SampleAlpha = 0.75f };

    private static readonly Dictionary<string, Gru4RecOptions> s_cases = new()
    {
        ["centred"] = s_plain with { CosineScale = 4, CentredStates = true },
        ["centred, separate, two layers, dropout"] = s_plain with { CosineScale = 4, CentredStates = true, Embedding = EmbeddingMode.Separate, Layers = [4, 7], DropoutHidden = 0.3f },
        ["centred, one-hot"] = s_plain with { CosineScale = 4, CentredStates = true, Embedding = EmbeddingMode.None },
        ["centred, bpr-max"] = s_plain with { CosineScale = 2.5f, CentredStates = true, Loss = Loss.BprMax },
        ["centred, through time"] = s_plain with { CosineScale = 4, CentredStates = true, BackpropagationSteps = 3 },
        ["layer normalisation"] = s_plain with { LayerNormScale = 2.5f },
        ["layer normalisation, reset after, dropout"] = s_plain with { LayerNormScale = 2.5f, Variant = GruVariant.ResetAfter, DropoutEmbedding = 0.2f, DropoutHidden = 0.2f },
        ["layer normalisation, separate, through time"] = s_plain with { LayerNormScale = 2.5f, Embedding = EmbeddingMode.Separate, EmbeddingSize = 5, BackpropagationSteps = 2 },
        ["residual"] = s_plain with { CosineScale = 4, ResidualWeight = 0.7f },
        ["residual, two layers, dropout"] = s_plain with { CosineScale = 4, ResidualWeight = 2, Layers = [4, 7], DropoutEmbedding = 0.3f, DropoutHidden = 0.2f },
        ["residual, bpr-max"] = s_plain with { CosineScale = 2.5f, ResidualWeight = 0.7f, Loss = Loss.BprMax, ScoreRegularisation = 0.8f },
    };

    public static TheoryData<string, int, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, int>();
            foreach (var name in s_cases.Keys)
            {
                cases.Add(name, 1, 5);
                cases.Add(name, 2, 20);
                cases.Add(name, 3, 33);
            }

            return cases;
        }
    }

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Run_StoreGradient_EqualsCentralDifferences(string name, int threads, int lanes) =>
        Gru4RecGradientTests.AssertTwoSteps(s_cases[name] with { Threads = threads, BatchSize = lanes });

    [Theory, MemberData(nameof(Names))]
    public void Run_TenSteps_EqualsTheDoubleTrainer(string name)
    {
        var options = s_cases[name] with { Threads = 2, BatchSize = 19, Momentum = 0.3f, GradientCap = 0.5f };
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

    [Theory, MemberData(nameof(Names))]
    public void Run_FiftySteps_AllocateNothing(string name)
    {
        using var harness = new StepHarness(s_cases[name] with { BatchSize = 37, NegativeSampleCount = 50 }, SmallBatches.Support);
        AllocationTests.AssertNothing(harness);
    }

    /// <summary>Finished models score as training did, from the first event to the last, and a saved lane goes on as it was.</summary>
    [Theory, MemberData(nameof(Names))]
    public void TopK_OfAFinishedModel_AreTheScoresOfTraining(string name)
    {
        const int Items = SmallBatches.Items;
        var options = s_cases[name] with { DropoutEmbedding = 0, DropoutHidden = 0 };
        var parameters = new Gru4RecParameters(options, Items, states: 0);
        StepHarness.Randomise(parameters, 3);
        var reference = new DoubleNetwork(parameters.All, options, SmallBatches.Support);
        if (options.CosineScale > 0)
            CosineScores.Normalise(parameters.Items, parameters.VectorLength);
        for (var item = 0; item < Items && options.CosineScale > 0; item++)
            parameters.Items.At(item, 0, parameters.VectorLength) = 0;
        using var model = new Gru4RecModel(ItemCatalog.From(Enumerable.Range(0, Items).Select(item => $"i{item}"), Enumerable.Repeat(1, Items)), options, parameters);
        using var lanes = model.Open(2);
        var states = new[] { Zeros(options), Zeros(options) };
        var last = new[] { -1, -1 };
        var random = new Random(9);
        for (var step = 0; step < 5; step++)
        {
            int[] inputs = [random.Next(Items), step == 2 ? ItemCatalog.UnknownItem : random.Next(Items)];
            lanes.Advance(inputs);
            for (var lane = 0; lane < 2; lane++)
            {
                if (inputs[lane] >= 0)
                    (states[lane], last[lane]) = (reference.Next(states[lane], new DoubleEvent(inputs[lane], null, null)), inputs[lane]);
                var expected = reference.Scores(states[lane][^1], last[lane]);
                var best = new ScoredItem[Items];
                Assert.Equal(Items, lanes.TopK(lane, null, [], best));
                Assert.All(best, item => Assert.Equal(expected[item.ItemIndex], item.Score, 1e-5));
                using var other = model.Open(1);
                other.Load(0, lanes.Save(lane));
                var again = new ScoredItem[Items];
                Assert.Equal(Items, other.TopK(0, null, [], again));
                Assert.Equal(best, again);
            }
        }
    }

    /// <summary>Each option changes what is learned, and a model of it comes back from its file.</summary>
    [Fact]
    public void Fit_EachIdea_GivesAnotherModelThatItsFileKeeps()
    {
        var train = Generated.Words("abcd bcda cdab dabc");
        var plain = new Gru4RecOptions { Layers = [8], BatchSize = 2, NegativeSampleCount = 4, Epochs = 5 };
        Gru4RecOptions[] all =
        [
            plain, plain with { CosineScale = 4 }, plain with { CosineScale = 4, CentredStates = true }, plain with { LayerNormScale = 2 }, plain with { LayerNormScale = 3 },
            plain with { CosineScale = 4, ResidualWeight = 0.5f }, plain with { CosineScale = 4, ResidualWeight = 1 },
            plain with { AveragedEpochs = 2 }, plain with { AveragedEpochs = 3 }, plain with { CosineScale = 4, AveragedEpochs = 3 },
        ];
        var found = all.Select(options =>
        {
            var trained = Trainer.Fit(train, options);
            using var file = new MemoryStream();
            ModelFile.Save(file, trained);
            file.Position = 0;
            var back = ModelFile.Load(file);
            Assert.Equal(options, ((Gru4RecModel)back.Model).Options);
            var scores = ScoresAfter(back.Model, 0, 1);
            Assert.Equal(ScoresAfter(trained.Model, 0, 1), scores);
            return string.Join(' ', scores);
        }).ToArray();

        Assert.Equal(found.Length, found.Distinct().Count());
    }

    /// <summary>The mean of the last epochs: of models that were stopped after each of them.</summary>
    [Theory]
    [InlineData(0), InlineData(9)]
    public void Fit_AveragedEpochs_IsTheMeanOfTheEpochsModels(float cosineScale)
    {
        var train = Generated.Words("abcd bcda cdab dabc");
        var validation = Generated.Words("abd cad bdc", train.Catalog);
        var options = new Gru4RecOptions { Layers = [5], BatchSize = 2, NegativeSampleCount = 4, Epochs = 5, LearningRate = 0.2f, CosineScale = cosineScale };
        using var run = new Gru4RecRun(train, options);
        var mean = run.Parameters.WithoutStates();
        var counted = 0;
        for (var epoch = 1; epoch <= 5; epoch++)
        {
            run.StartEpoch(epoch);
            while (run.MoveNext())
                run.Step();
            if (epoch < 3)
                continue;
            counted++;
            foreach (var (sum, table) in mean.Tables.Zip(run.Parameters.Tables))
            {
                for (var row = 0; row < table.Rows; row++)
                {
                    for (var i = 0; i < table.Width; i++)
                        sum.Row(row)[i] = counted == 1 ? table.Row(row)[i] / 3 : sum.Row(row)[i] + (table.Row(row)[i] / 3);
                }
            }
        }

        var expected = (Gru4RecModel)run.ModelOf(mean);
        var trained = Trainer.Fit(train, options with { AveragedEpochs = 3 }, new TrainingContext { Validation = validation });
        var found = (Gru4RecModel)trained.Model;
        Assert.Equal(Evaluator.Evaluate(found, validation).Metrics, trained.Provenance.ValidationMetrics);
        foreach (var (one, other) in expected.Parameters.All.Tables.Zip(found.Parameters.All.Tables))
        {
            for (var row = 0; row < one.Rows; row++)
            {
                for (var i = 0; i < one.Width; i++)
                    Assert.Equal(one.Row(row)[i], other.Row(row)[i], 1e-5f);
            }
        }
    }

    /// <summary>Stopped after any mini-batch and taken up from the checkpoint's file: the same bytes as of a run in one go.</summary>
    [Fact]
    public void Fit_AveragedEpochsResumed_GivesTheSameBytes()
    {
        var train = Generated.Words("abcd bcda cdab dabc");
        var options = new Gru4RecOptions { Layers = [5], BatchSize = 2, NegativeSampleCount = 4, Epochs = 4, AveragedEpochs = 3 };
        var sink = new Kept();
        var whole = FileOf(Trainer.Fit(train, options, new TrainingContext { Checkpoints = sink }));
        Assert.Equal(4, sink.Files.Count);
        foreach (var bytes in sink.Files)
        {
            using var checkpoint = CheckpointFile.Load(new MemoryStream(bytes));
            Assert.Equal(whole, FileOf(Trainer.Fit(train, options, new TrainingContext { ResumeFrom = checkpoint })));
            var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(train, options with { Epochs = 9 }, new TrainingContext { ResumeFrom = checkpoint }));
            Assert.Contains("a run with other options", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_WhatDoesNotGoTogether_IsTold()
    {
        Gru4RecOptions[] wrong =
        [
            s_plain with { CentredStates = true }, s_plain with { LayerNormScale = 1, CosineScale = 4 }, s_plain with { LayerNormScale = -1 }, s_plain with { ResidualWeight = 1 },
            s_plain with { ResidualWeight = 1, CosineScale = 4, Embedding = EmbeddingMode.Separate }, s_plain with { AveragedEpochs = 11 }, s_plain with { AveragedEpochs = 2, Patience = 1 },
        ];
        Assert.All(wrong, options => Assert.Single(Assert.Throws<OptionsException>(options.Validate).Faults));
    }

    private static byte[] FileOf(TrainedModel model)
    {
        using var file = new MemoryStream();
        ModelFile.Save(file, model);
        return file.ToArray();
    }

    private sealed class Kept : ICheckpointSink
    {
        public List<byte[]> Files { get; } = [];

        public void Save(Checkpoint checkpoint)
        {
            using var file = new MemoryStream();
            CheckpointFile.Save(file, checkpoint);
            Files.Add(file.ToArray());
        }
    }

    private static double[][] Zeros(Gru4RecOptions options) => [.. options.Layers.Select(units => new double[units])];

    private static (int, float)[] ScoresAfter(ISessionModel model, params int[] items)
    {
        using var lanes = model.Open(1);
        foreach (var item in items)
            lanes.Advance([item]);
        var best = new ScoredItem[model.Catalog.Count];
        var count = lanes.TopK(0, null, [], best);
        return [.. best.Take(count).Select(item => (item.ItemIndex, item.Score))];
    }
}
