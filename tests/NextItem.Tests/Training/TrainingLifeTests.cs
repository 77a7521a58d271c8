using NextItem.Tests.Fixtures;
using NextItem.Training;

namespace NextItem.Tests.Training;

/// <summary>Early stopping, warm starts and divergence.</summary>
public class TrainingLifeTests
{
    private static readonly SessionSet s_train = Generated.Sessions(120, 30, seed: 1);
    private static readonly SessionSet s_validation = Generated.Sessions(60, 30, seed: 2, catalog: s_train.Catalog);
    private static readonly Gru4RecOptions s_options = new() { Layers = [8], Epochs = 12, BatchSize = 8, NegativeSampleCount = 8, LearningRate = 0.2f };

    [Theory]
    [InlineData(1, ValidationMetric.Mrr, 20)]
    [InlineData(2, ValidationMetric.Mrr, 3)]
    [InlineData(2, ValidationMetric.Recall, 5)]
    [InlineData(50, ValidationMetric.Recall, 7)]
    public void Fit_Patience_StopsThatManyEpochsAfterTheBestAndKeepsIt(int patience, ValidationMetric metric, int cutoff)
    {
        var epochs = new List<EpochSummary>();
        var options = s_options with { Patience = patience, ValidationMetric = metric, ValidationCutoff = cutoff };
        var trained = Trainer.Fit(s_train, options, new TrainingContext { Validation = s_validation, Progress = new Collector(epochs) });

        double Of(EpochSummary epoch) => metric == ValidationMetric.Mrr ? epoch.Validation!.MrrAt(cutoff) : epoch.Validation!.RecallAt(cutoff);
        var best = epochs.Select(Of).Max();
        var bestEpoch = epochs.First(epoch => Of(epoch) == best).Epoch;
        Assert.Equal(bestEpoch, trained.Provenance.Epoch);
        Assert.Equal(Math.Min(12, bestEpoch + patience), epochs.Count);
        Assert.Equal(epochs[bestEpoch - 1].Validation!.Metrics, trained.Provenance.ValidationMetrics);

        // The parameters are those of that epoch: the same as of a run that ends there.
        var there = Trainer.Fit(s_train, options with { Epochs = bestEpoch, Patience = 0 }, new TrainingContext { Validation = s_validation });
        Assert.Equal(Evaluate(there.Model), Evaluate(trained.Model));
        var last = Trainer.Fit(s_train, options with { Patience = 0 }, new TrainingContext { Validation = s_validation });
        Assert.Equal(12, last.Provenance.Epoch);
        if (bestEpoch < 12)
            Assert.NotEqual(Evaluate(last.Model), Evaluate(trained.Model));
    }

    /// <summary>Validation measures what will be the model, in each epoch, and training goes on from what it was.</summary>
    [Fact]
    public void Fit_CosineScores_MeasuresTheFinishedModelsRowsAndTrainsOnItsOwn()
    {
        var options = s_options with { CosineScale = 9, Epochs = 4, LearningRate = 0.1f };
        var epochs = new List<EpochSummary>();
        var model = (Gru4RecModel)Trainer.Fit(s_train, options, new TrainingContext { Validation = s_validation, Progress = new Collector(epochs) }).Model;
        for (var item = 0; item < model.Catalog.Count; item++)
            Assert.Equal(1, System.Numerics.Tensors.TensorPrimitives.Norm(model.VectorOf(item)), 1e-6);
        Assert.Equal(Evaluator.Evaluate(model, s_validation).Metrics, epochs[^1].Validation!.Metrics);
        Assert.NotEqual(epochs[0].Validation!.Metrics, epochs[^1].Validation!.Metrics);

        var unseen = (Gru4RecModel)Trainer.Fit(s_train, options).Model;
        for (var item = 0; item < model.Catalog.Count; item++)
            Assert.Equal(unseen.VectorOf(item), model.VectorOf(item));
        var thrown = Assert.Throws<TrainingStartException>(() =>
            Trainer.Fit(s_train, s_options, new TrainingContext { WarmStart = Trainer.Fit(s_train, options) }));
        Assert.Contains("scores by product where the model has scores by cosine", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_PatienceWithoutValidation_IsRefused()
    {
        var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(s_train, s_options with { Patience = 3 }));
        Assert.Contains("Patience is 3, but there is no validation set", thrown.Message, StringComparison.Ordinal);
    }

    /// <summary>New data with other items in another order: common items keep their rows, new ones start as in a new model, the rest is gone.</summary>
    [Theory]
    [InlineData(EmbeddingMode.Shared), InlineData(EmbeddingMode.Separate), InlineData(EmbeddingMode.None)]
    public unsafe void TakeFrom_OtherItems_KeepsTheCommonOnesRows(EmbeddingMode embedding)
    {
        var options = s_options with { Embedding = embedding, EmbeddingSize = embedding == EmbeddingMode.Separate ? 5 : 0 };
        var old = (Gru4RecModel)Trainer.Fit(Generated.Words("abcd bcda cdab dabc"), options with { Epochs = 2 }).Model;
        var train = Generated.Words("xdby ybdx dbxy");
        using var fresh = new Gru4RecRun(train, options);
        using var warm = new Gru4RecRun(train, options);
        warm.TakeFrom(old);
        foreach (var (before, after, source) in fresh.Parameters.Tables.Zip(warm.Parameters.Tables, old.Parameters.All.Tables))
        {
            var byItem = source.Rows == old.Catalog.Count && (after.Name is "items" or "embedding" || (embedding == EmbeddingMode.None && after.Name == "gru.0.input_weights"));
            for (var row = 0; row < after.Rows; row++)
            {
                var from = byItem ? old.Catalog.IndexOf(train.Catalog.KeyOf(row)) : row;
                var expected = new ReadOnlySpan<float>(from < 0 ? before.Row(row) : source.Row(from), after.Width).ToArray();
                Assert.Equal(expected, new ReadOnlySpan<float>(after.Row(row), after.Width).ToArray());
            }
        }
    }

    [Fact]
    public void Fit_WarmStart_BeginsWhereTheModelEndedAndNamesItsData()
    {
        var old = Trainer.Fit(s_train, s_options);
        var newer = Generated.Sessions(60, 30, seed: 5);
        var epochs = new List<EpochSummary>();
        var warm = Trainer.Fit(newer, s_options with { Epochs = 1 }, new TrainingContext { WarmStart = old, Progress = new Collector(epochs) });
        var cold = Trainer.Fit(newer, s_options with { Epochs = 1 });
        Assert.Equal(old.Provenance.DataFingerprint, warm.Provenance.WarmStartedFrom);
        Assert.Equal("", cold.Provenance.WarmStartedFrom);
        Assert.True(epochs[0].Loss < cold.Provenance.EpochLosses[0], $"warm {epochs[0].Loss}, cold {cold.Provenance.EpochLosses[0]}");
        Assert.Equal(newer.Catalog.Count, warm.Model.Catalog.Count);
    }

    [Fact]
    public void Fit_WarmStartOfAnotherShape_IsRefusedWithTheDifferences()
    {
        var old = Trainer.Fit(s_train, s_options with { Epochs = 1 });
        Refused("Layers 9 where the model has Layers 8", s_options with { Layers = [9] });
        Refused("Variant ResetAfter where the model has Variant ResetBefore", s_options with { Variant = GruVariant.ResetAfter });
        Refused("Embedding None where the model has Embedding Shared", s_options with { Embedding = EmbeddingMode.None });
        old = Trainer.Describe(PopularityModel.Fit(s_train), s_train);
        Refused("'pop'; expected gru4rec", s_options);

        void Refused(string reason, Gru4RecOptions options)
        {
            var thrown = Assert.Throws<TrainingStartException>(() => Trainer.Fit(s_train, options, new TrainingContext { WarmStart = old }));
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The first event of all is by far the easiest: a rare target, whose loss under logQ is small. Nothing diverges here.</summary>
    [Theory, InlineData(1, 1, 1f), InlineData(1, 4, 1f), InlineData(1, 1, 0.5f), InlineData(2, 0, 1f)]
    public void Fit_EasyFirstMiniBatch_IsNoMeasureOfDivergence(int lanes, int negatives, float logQ)
    {
        var random = new Random(1);
        var words = string.Join(' ', Enumerable.Range(0, 300).Select(_ => string.Concat(Enumerable.Range(0, 10).Select(_ => "bcd"[random.Next(3)]))));
        var options = s_options with { BatchSize = lanes, NegativeSampleCount = negatives, LogQ = logQ, Epochs = 1, LearningRate = 0.05f };
        var trained = Trainer.Fit(Generated.Words("ba ba " + words), options);
        Assert.True(double.IsFinite(trained.Provenance.EpochLosses[0]));
    }

    [Theory]
    [InlineData(Loss.CrossEntropy, 6), InlineData(Loss.BprMax, 6), InlineData(Loss.Top1Max, 6), InlineData(Loss.Bpr, 6), InlineData(Loss.BprSum, 6)]
    [InlineData(Loss.Top1, 6), InlineData(Loss.SigmoidCrossEntropy, 6), InlineData(Loss.Top1PyGru4Rec, 0)]
    public void UntrainedLoss_IsThatOfAnEpochWithoutLearning(Loss loss, int negatives)
    {
        // So small a rate that nothing is learned, so small parameters that all scores are 0; lanes enough for all but the end.
        var options = s_options with
        {
            Loss = loss,
            BatchSize = 4,
            NegativeSampleCount = negatives,
            Epochs = 1,
            LearningRate = 1e-12f,
            InitialScale = 1e-12f,
            Optimizer = Optimizer.Sgd,
        };
        var measured = Trainer.Fit(s_train, options).Provenance.EpochLosses[0];
        var expected = UntrainedLoss.Of(options, s_train.Catalog.Support);
        Assert.InRange(measured, 0.85 * expected, 1.1 * expected);
    }

    [Fact]
    public void Fit_LearningRateDecay_IsReportedEpochByEpoch()
    {
        var epochs = new List<EpochSummary>();
        Trainer.Fit(s_train, s_options with { Epochs = 3, LearningRateDecay = 0.5f }, new TrainingContext { Progress = new Collector(epochs) });
        Assert.Equal([0.2f, 0.1f, 0.05f], epochs.Select(epoch => epoch.LearningRate));
    }

    private static double Evaluate(ISessionModel model) => Evaluator.Evaluate(model, s_validation).MrrAt(20);

    private sealed class Collector(List<EpochSummary> epochs) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.FinishedEpoch is { } epoch)
                epochs.Add(epoch);
        }
    }
}
