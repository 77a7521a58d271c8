using NextItem.Tests.Fixtures;
using NextItem.Tests.Models.Prnn;
using NextItem.Training;

namespace NextItem.Tests.Training;

/// <summary>Training a p-RNN through the trainer: what each strategy leaves alone, and that options do what they say.</summary>
public class PrnnTrainingTests
{
    private static readonly SessionSet s_train = Generated.Sessions(60, 25, seed: 1);

    private static readonly PrnnOptions s_options = PrnnCases.Options;

    /// <summary>Section 3 of the paper: ID only is GRU4Rec. The same vectors, the same scores, to the bit.</summary>
    [Theory, InlineData(TrainingStrategy.Simultaneous, 1), InlineData(TrainingStrategy.Interleaving, 2), InlineData(TrainingStrategy.Residual, 1), InlineData(TrainingStrategy.Alternating, 1)]
    public void Fit_IdOnly_IsGru4RecToTheBit(TrainingStrategy strategy, int threads)
    {
        var training = s_options.Training with { Epochs = 3, Loss = Loss.BprMax, Threads = threads, LearningRateDecay = 0.8f };
        var gru4Rec = (Gru4RecModel)Trainer.Fit(s_train, training).Model;
        var prnn = (PrnnModel)Trainer.Fit(s_train, s_options with { Training = training, Architecture = PrnnArchitecture.IdOnly, Strategy = strategy }, null).Model;
        for (var item = 0; item < s_train.Catalog.Count; item++)
            Assert.Equal(gru4Rec.VectorOf(item), prnn.VectorOf(item));
        using var expected = gru4Rec.Open(1);
        using var found = prnn.Open(1);
        var (best, mine) = (new ScoredItem[25], new ScoredItem[25]);
        foreach (var item in new[] { 3, 8, 3, 0, 21 })
        {
            expected.Advance([item]);
            found.Advance([item]);
            expected.TopK(0, null, [], best);
            found.TopK(0, null, [], mine);
            Assert.Equal(best, mine);
        }
    }

    /// <summary>Alternating and residual: after each epoch only the subnet whose turn it was has changed.</summary>
    [Theory, InlineData(TrainingStrategy.Alternating, "id text image id text image"), InlineData(TrainingStrategy.Residual, "id id text text image image")]
    public void Step_OneSubnetAnEpoch_LeavesTheOthersBytes(TrainingStrategy strategy, string turns)
    {
        var options = s_options with { Strategy = strategy };
        using var run = new PrnnRun(s_train, options, PrnnCases.Features(s_train.Catalog));
        var epoch = 0;
        foreach (var turn in turns.Split(' '))
        {
            var before = Bytes(run);
            run.StartEpoch(++epoch);
            while (run.MoveNext())
                run.Step();
            var after = Bytes(run);
            foreach (var (name, bytes) in before)
                Assert.True(name.StartsWith(turn + ".", StringComparison.Ordinal) != bytes.AsSpan().SequenceEqual(after[name]), $"{name} in epoch {epoch}, the turn of {turn}");
        }
    }

    /// <summary>Interleaving: one step changes all subnets, each by its own pass.</summary>
    [Fact]
    public void Step_Interleaving_ChangesEverySubnet()
    {
        using var run = new PrnnRun(s_train, s_options, PrnnCases.Features(s_train.Catalog));
        var before = Bytes(run);
        run.StartEpoch(1);
        run.MoveNext();
        run.Step();
        run.MoveNext();
        run.Step(); // recurrent weights have no gradient while all states are zero
        var after = Bytes(run);
        Assert.All(before, table => Assert.False(table.Value.AsSpan().SequenceEqual(after[table.Key]), table.Key));
    }

    /// <summary>The score of an ensemble that was trained by residuals is the sum of what its stages score alone.</summary>
    [Fact]
    public void Fit_Residual_ScoresTheSumOfTheStages()
    {
        var features = PrnnCases.Features(s_train.Catalog);
        var options = s_options with { Strategy = TrainingStrategy.Residual, Subnets = [new("text") { Weight = 0.7f }] };
        using var run = new PrnnRun(s_train, options, features);
        var alone = new float[3][];
        for (var epoch = 1; epoch <= 6; epoch++)
        {
            run.StartEpoch(epoch);
            while (run.MoveNext())
                run.Step();
            if (epoch % 2 == 0)
                alone[(epoch / 2) - 1] = run.Measure(Scores); // of the subnets up to this one
        }

        // Each subnet by itself: the others' weights are 0. The bias is in every one of them, and counts once.
        var single = Enumerable.Range(0, 3).Select(k => run.Measure(model => Scores(Only((PrnnModel)model, k)))).ToArray();
        var bias = run.Measure(model => Scores(Only((PrnnModel)model, -1)));
        var whole = Scores(run.IntoModel());
        Assert.Equal(alone[2], whole);
        for (var i = 0; i < whole.Length; i++)
        {
            Assert.Equal(single[0][i] + single[1][i] + single[2][i] - (2 * bias[i]), whole[i], 1e-4f);
            Assert.Equal(single[0][i] + single[1][i] - bias[i], alone[1][i], 1e-4f); // what the second stage left stayed what it was
        }

        // Each stage adds something of its own, and earlier stages' scores stay what they were.
        for (var stage = 1; stage < 3; stage++)
            Assert.NotEqual(alone[stage - 1], alone[stage]);
        var first = Scores(Trainer.Fit(s_train, options with { Strategy = TrainingStrategy.Simultaneous, Architecture = PrnnArchitecture.IdOnly, Subnets = [] }, null).Model);
        Assert.Equal(first.Length, alone[0].Length);
        for (var i = 0; i < first.Length; i++)
            Assert.Equal(first[i], alone[0][i], 1e-5f); // the same stage, added up in another order
    }

    /// <summary>The model with one subnet heard.</summary>
    private static PrnnModel Only(PrnnModel model, int subnet)
    {
        var shape = model.Network.Shape;
        shape = shape with { Subnets = [.. shape.Subnets.Select((each, k) => k == subnet ? each : each with { Weight = 0 })] };
        var items = new NextItem.Optimizers.ParameterTable("items", model.Items.Rows, model.Items.BlockColumns, 1, 0);
        for (var row = 0; row < items.Rows; row++)
        {
            for (var column = 0; column < items.BlockColumns; column++)
                items.At(row, 0, column) = model.Items.At(row, 0, column);
        }

        return new PrnnModel(model.Catalog, model.Options, model.Features, new NextItem.Models.Prnn.PrnnParameters(shape, model.Catalog.Count, model.Network.All), items, ownsNetwork: false);
    }

    public static TheoryData<string> Changes =>
    [
        "architecture", "strategy", "units", "dropout", "rate", "weight", "epochs", "sums all", "frozen dropout", "through products", "bias", "output goes on", "loss", "in-batch",
    ];

    /// <summary>Every option changes what is learned, and gives the same bytes when it is set back.</summary>
    [Theory, MemberData(nameof(Changes))]
    public void Fit_OneOptionChanged_ChangesTheModelAndBack(string change)
    {
        var features = PrnnCases.Features(s_train.Catalog);
        var (options, changed) = change switch
        {
            "architecture" => (s_options, s_options with { Architecture = PrnnArchitecture.SharedWeights }),
            "strategy" => (s_options, s_options with { Strategy = TrainingStrategy.Simultaneous }),
            "units" => (s_options, s_options with { Subnets = [new("text") { Units = 7 }] }),
            "dropout" => (s_options, s_options with { Subnets = [new("text") { DropoutHidden = 0 }] }),
            "rate" => (s_options, s_options with { Subnets = [new("image") { LearningRate = 0.01f }] }),
            "weight" => (s_options, s_options with { Subnets = [new("id") { Weight = 2 }] }),
            "epochs" => (s_options with { Strategy = TrainingStrategy.Residual }, s_options with { Strategy = TrainingStrategy.Residual, Subnets = [new("image") { Epochs = 3 }] }),
            "sums all" => (s_options, s_options with { InterleavingSumsAll = true }),
            "frozen dropout" => (s_options, s_options with { FrozenDropout = true }),
            "through products" => (Alternating, Alternating with { InteractionTrainsId = true }),
            "bias" => (Alternating, Alternating with { BiasInEveryPass = true }),
            "output goes on" => (SharedResidual, SharedResidual with { ResidualTrainsOutput = true }),
            "loss" => (s_options, s_options with { Training = s_options.Training with { Loss = Loss.Top1Max } }),
            _ => (s_options, s_options with { Training = s_options.Training with { NegativeSampleCount = 0 } }),
        };
        var one = Scores(Trainer.Fit(s_train, options, features).Model);
        var other = Scores(Trainer.Fit(s_train, changed, features).Model);
        Assert.All(other, score => Assert.True(float.IsFinite(score)));
        Assert.NotEqual(one, other);
        Assert.Equal(one, Scores(Trainer.Fit(s_train, options, features).Model));
    }

    private static PrnnOptions Alternating => s_options with { Architecture = PrnnArchitecture.Interaction, Strategy = TrainingStrategy.Alternating };

    private static PrnnOptions SharedResidual => s_options with { Architecture = PrnnArchitecture.SharedWeights, Strategy = TrainingStrategy.Residual };

    /// <summary>A decayed rate is that of the subnet's own epochs.</summary>
    [Fact]
    public void StartEpoch_OneSubnetAnEpoch_DecaysByItsOwnEpochs()
    {
        var training = s_options.Training with { LearningRate = 0.1f, LearningRateDecay = 0.5f };
        Assert.Equal([0.1f, 0.1f, 0.1f, 0.05f, 0.05f, 0.05f], Rates(TrainingStrategy.Alternating));
        Assert.Equal([0.1f, 0.05f, 0.1f, 0.05f, 0.1f, 0.05f], Rates(TrainingStrategy.Residual));
        Assert.Equal([0.1f, 0.05f], Rates(TrainingStrategy.Interleaving));

        float[] Rates(TrainingStrategy strategy)
        {
            using var run = new PrnnRun(s_train, s_options with { Training = training, Strategy = strategy }, PrnnCases.Features(s_train.Catalog));
            return [.. Enumerable.Range(1, strategy == TrainingStrategy.Interleaving ? 2 : 6).Select(RateOf)];

            float RateOf(int epoch)
            {
                run.StartEpoch(epoch);
                return run.LearningRate;
            }
        }
    }

    [Fact]
    public void Fit_WarmStart_TakesWeightsAndRowsOfKnownItems()
    {
        var features = PrnnCases.Features(s_train.Catalog);
        var old = Trainer.Fit(s_train, s_options, features);
        var more = Generated.Sessions(60, 31, seed: 5);
        var table = TableOf(more.Catalog);
        var encoded = ((PrnnModel)old.Model).Features!.Encode(table);
        var context = new TrainingContext { WarmStart = old };
        var warm = Trainer.Fit(more, s_options with { Training = s_options.Training with { LearningRate = 1e-6f, Momentum = 0 } }, encoded, context);
        Assert.Equal(old.Provenance.DataFingerprint, warm.Provenance.WarmStartedFrom);
        var (before, after) = ((PrnnModel)old.Model, (PrnnModel)warm.Model);
        for (var item = 0; item < more.Catalog.Count; item++)
        {
            var known = before.Catalog.IndexOf(more.Catalog.KeyOf(item));
            if (known < 0)
                continue;
            var expected = before.VectorOf(known);
            var found = after.VectorOf(item);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], found[i], 1e-4f);
            for (var unit = 0; unit < 6; unit++)
                Assert.Equal(InputOf(before, known, unit), InputOf(after, item, unit), 1e-4f);
        }

        Assert.Contains(Enumerable.Range(0, more.Catalog.Count), item => before.Catalog.IndexOf(more.Catalog.KeyOf(item)) is >= 0 and var known && known != item);
        Assert.Equal(InputOf(before, 0, 0, subnet: 1), InputOf(after, 0, 0, subnet: 1), 1e-4f); // a word is the same word

        static float InputOf(PrnnModel model, int row, int unit, int subnet = 0) => model.Network.Inputs[subnet][0].At(row, 0, unit);

        var other = ItemFeatures.Fit(table, [new() { Name = "text", Columns = [new("title", FeatureKind.Text)] }, new() { Name = "image", Columns = [new("image", FeatureKind.Vector)] }]);
        Assert.Contains("Features.Encode", Assert.Throws<TrainingStartException>(() => Trainer.Fit(more, s_options, other, context)).Message, StringComparison.Ordinal);
        Assert.Contains("Architecture", Assert.Throws<TrainingStartException>(() => Trainer.Fit(more, s_options with { Architecture = PrnnArchitecture.Interaction }, encoded, context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OptionsThatDoNotFit_AreRefusedWithAllFaults()
    {
        var features = PrnnCases.Features(s_train.Catalog);
        Faults(s_options with { Architecture = PrnnArchitecture.IdOnly }, features, "no use for the item features");
        Faults(s_options, null, "there are no item features");
        Faults(s_options with { Subnets = [new("picture")] }, features, "'picture'", "id, text, image");
        Faults(s_options with { Training = s_options.Training with { Embedding = EmbeddingMode.Shared, Layers = [3, 4], BackpropagationSteps = 2, GradientCap = 1 } }, features, "Embedding is Shared", "Layers is 3/4", "BackpropagationSteps is 2", "GradientCap is 1");
        Faults(s_options with { Architecture = PrnnArchitecture.Interaction, Subnets = [new("text") { Units = 3 }] }, features, "6, 3, 6 units");
        Faults(s_options with { Subnets = [new("id") { Units = 0, DropoutHidden = 1, LearningRate = -1, Weight = float.NaN, Epochs = 0 }] }, features, "Units of subnet 'id'", "DropoutHidden of subnet 'id'", "LearningRate of subnet 'id'", "Weight of subnet 'id'", "Epochs of subnet 'id'");
        Faults(s_options with { Strategy = TrainingStrategy.Simultaneous, InterleavingSumsAll = true, ResidualTrainsOutput = true, FrozenDropout = true, InteractionTrainsId = true, BiasInEveryPass = true }, features, "InterleavingSumsAll", "ResidualTrainsOutput", "FrozenDropout", "InteractionTrainsId", "BiasInEveryPass");
        Faults(s_options with { Training = s_options.Training with { Patience = 1 }, Strategy = TrainingStrategy.Residual }, features, "Patience is 1");
        Assert.Contains("other items", Assert.Throws<ArgumentException>(() => Trainer.Fit(s_train, s_options, PrnnCases.Features(Generated.Sessions(9, 12, 2).Catalog))).Message, StringComparison.Ordinal);

        static void Faults(PrnnOptions options, ItemFeatures? features, params string[] expected)
        {
            var message = Assert.Throws<OptionsException>(() => Trainer.Fit(s_train, options, features)).Message;
            Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Fit_EarlyStopping_KeepsTheBestEpoch()
    {
        var validation = Generated.Sessions(30, 25, seed: 9, catalog: s_train.Catalog);
        var options = s_options with { Training = s_options.Training with { Epochs = 12, Patience = 2, LearningRate = 0.4f } };
        var trained = Trainer.Fit(s_train, options, PrnnCases.Features(s_train.Catalog), new TrainingContext { Validation = validation });
        Assert.InRange(trained.Provenance.Epoch, 1, 12);
        var measured = Evaluator.Evaluate(trained.Model, validation, new EvaluationOptions(), TestContext.Current.CancellationToken);
        Assert.Equal(trained.Provenance.ValidationMetrics, measured.Metrics);
    }

    [Theory, InlineData(TrainingStrategy.Interleaving, 0), InlineData(TrainingStrategy.Simultaneous, 2)]
    public void EstimateMemory_Prnn_IsNearWhatTrainingAllocates(TrainingStrategy strategy, int patience)
    {
        var train = Generated.Sessions(3000, 6000, seed: 3);
        var options = s_options with { Strategy = strategy, Training = s_options.Training with { Layers = [60], BatchSize = 50, NegativeSampleCount = 500, Patience = patience } };
        var features = PrnnCases.Features(train.Catalog);
        var before = NextItem.Kernels.AlignedBuffer.AllocatedBytesForCurrentThread;
        using var run = new PrnnRun(train, options, features);
        using var best = patience > 0 ? run.Parameters.WithoutStates() : null;
        using var model = (PrnnModel)run.IntoModel();
        var allocated = NextItem.Kernels.AlignedBuffer.AllocatedBytesForCurrentThread - before;
        Assert.InRange(Trainer.EstimateMemory(train.Catalog.Count, options, features), 0.9 * allocated, 1.3 * allocated);
    }

    private static FeatureTable TableOf(ItemCatalog items)
    {
        var random = new Random(14);
        var texts = Enumerable.Range(0, items.Count).Select(item => $"kind{item % 5} colour{item % 3} made in {item % 4}");
        var vectors = Enumerable.Range(0, items.Count * 3).Select(_ => (float)random.NextDouble());
        return new FeatureTable(items, [FeatureColumn.Texts("title", [.. texts]), FeatureColumn.Vectors("image", 3, [.. vectors], [.. Enumerable.Repeat(true, items.Count)])]);
    }

    /// <summary>Every item's score after three sessions.</summary>
    private static float[] Scores(ISessionModel model)
    {
        var scores = new List<float>();
        using var lanes = model.Open(1);
        var best = new ScoredItem[model.Catalog.Count];
        foreach (var session in new[] { 0, 4, 9 })
        {
            lanes.Reset(0);
            foreach (var item in s_train.ItemsOf(session))
                lanes.Advance([item]);
            lanes.TopK(0, null, [], best);
            scores.AddRange(best.OrderBy(item => item.ItemIndex).Select(item => item.Score));
        }

        return [.. scores];
    }

    private static unsafe Dictionary<string, byte[]> Bytes(TrainingRun run) => run.Parameters.Tables.ToDictionary(
        table => table.Name, table => new ReadOnlySpan<byte>(table.Row(0), (int)(table.Rows * table.Stride * sizeof(float))).ToArray());
}
