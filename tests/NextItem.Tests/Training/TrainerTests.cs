using NextItem.Tests.Fixtures;
using NextItem.Training;

namespace NextItem.Tests.Training;

public class TrainerTests
{
    private static readonly Gru4RecOptions s_small = new() { Layers = [6], Epochs = 2, BatchSize = 4, NegativeSampleCount = 5 };

    [Fact]
    public void Fit_OrderedSessions_LearnsTheOrder()
    {
        // Every item has one follower: after a few epochs the follower stands first.
        var train = Generated.Words(string.Join(' ', Enumerable.Repeat("abcd bcde cdea deab eabc", 20)));
        var trained = Trainer.Fit(train, new Gru4RecOptions { Layers = [12], Epochs = 20, BatchSize = 5, NegativeSampleCount = 4, LearningRate = 0.1f });
        var result = Evaluator.Evaluate(trained.Model, train, new EvaluationOptions { Cutoffs = [1] });
        Assert.True(result.RecallAt(1) > 0.99, $"recall@1 is {result.RecallAt(1)}");
        Assert.True(trained.Provenance.EpochLosses[^1] < trained.Provenance.EpochLosses[0], string.Join(' ', trained.Provenance.EpochLosses));
    }

    [Theory]
    [InlineData("a b c", "3 sessions with 3 events")]
    [InlineData("", "0 sessions with 0 events")]
    public void Fit_NoSessionOfTwoEvents_SaysWhatThereIs(string words, string named) =>
        Assert.Contains($"Nothing to learn from: {named}", Refused(() => Trainer.Fit(Generated.Words(words), s_small)), StringComparison.Ordinal);

    [Fact]
    public void Fit_OneSessionAndNothingSampled_SaysThatThereIsNoNegative()
    {
        var options = s_small with { NegativeSampleCount = 0, BatchSize = 4 };
        Assert.Contains("no mini-batch would have a negative", Refused(() => Trainer.Fit(Generated.Words("abc d"), options)), StringComparison.Ordinal);
        Assert.True(Trainer.Fit(Generated.Words("abc db"), options).Provenance.EpochLosses[0] > 0);
        Assert.True(Trainer.Fit(Generated.Words("abc d"), options with { NegativeSampleCount = 1 }).Provenance.EpochLosses[0] > 0);
    }

    [Fact]
    public void Fit_CancelledBeforeItsParametersAreThere_SavesNothing()
    {
        var sink = new CountingSink();
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Fit(Generated.Words("ab ba"), s_small, new TrainingContext { Checkpoints = sink }, new CancellationToken(canceled: true)));
        Assert.Equal(0, sink.Saved);
    }

    private sealed class CountingSink : ICheckpointSink
    {
        public int Saved { get; private set; }

        public void Save(Checkpoint checkpoint) => Saved++;
    }

    [Fact]
    public void Fit_UnknownEvents_AreRefusedWithTheirNumber()
    {
        var train = Generated.Words("abx axb", Generated.Words("ab").Catalog);
        Assert.Contains("2 events of items that their catalog does not know", Refused(() => Trainer.Fit(train, s_small)), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationOfAnotherCatalog_IsRefused() =>
        Assert.Contains("read them with train.Catalog", Refused(() => Trainer.Fit(Generated.Words("ab"), s_small, new TrainingContext { Validation = Generated.Words("ab") })), StringComparison.Ordinal);

    [Fact]
    public void Fit_GivenCatalogWithItemsThatNeverOccur_TrainsAllTheSame()
    {
        var catalog = ItemCatalog.From(["a", "b", "c", "never"], [2, 2, 1, 0]);
        foreach (var alpha in new[] { 0, 0.5f })
        {
            var trained = Trainer.Fit(Generated.Words("abc ab", catalog), s_small with { SampleAlpha = alpha });
            Assert.All(trained.Provenance.EpochLosses, loss => Assert.True(double.IsFinite(loss)));
        }
    }

    // Up to rates of about 1e37 the loss stays finite: gates saturate and the loss's epsilon caps what a lane can lose.
    [Theory, InlineData(GruVariant.ResetBefore), InlineData(GruVariant.ResetAfter)]
    public void Fit_AbsurdLearningRate_ThrowsWithEpochAndMiniBatch(GruVariant variant)
    {
        var train = Generated.Sessions(60, 20, seed: 1);
        var thrown = Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(train, s_small with { LearningRate = 3e38f, Variant = variant, Epochs = 30 }));
        Assert.InRange(thrown.Epoch, 1, 30);
        Assert.True(thrown.MiniBatch >= 1);
        Assert.Contains($"epoch {thrown.Epoch}, mini-batch {thrown.MiniBatch}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("3E+38", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_Cancelled_StopsWithinTheEpoch()
    {
        using var source = new CancellationTokenSource();
        var reports = 0;
        var progress = new Recorder(_ =>
        {
            if (++reports == 3)
                source.Cancel();
        });
        var train = Generated.Sessions(100, 20, seed: 1);
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(train, s_small, new TrainingContext { Progress = progress }, source.Token));
        Assert.Equal(3, reports);
    }

    [Fact]
    public void Fit_Progress_IsMonotoneAndEndsEachEpochWithItsSummary()
    {
        var train = Generated.Sessions(150, 20, seed: 1);
        var pairs = train.EventCount - train.Count;
        var reports = new List<TrainingProgress>();
        var trained = Trainer.Fit(train, s_small with { Epochs = 3 }, new TrainingContext { Progress = new Recorder(reports.Add) });
        Assert.InRange(reports.Count, 3 * 50, 3 * 201);
        Assert.Equal(reports.Count, reports.Select(report => (report.Epoch, report.EventsDone)).Distinct().Count());
        Assert.Equal(reports, reports.OrderBy(report => report.Epoch).ThenBy(report => report.EventsDone));
        Assert.All(reports, report => Assert.Equal((3, (long)pairs), (report.Epochs, report.EventsPerEpoch)));
        Assert.All(reports, report => Assert.True(double.IsFinite(report.MeanLoss)));
        var finished = reports.Where(report => report.FinishedEpoch is not null).ToArray();
        Assert.Equal([1, 2, 3], finished.Select(report => report.FinishedEpoch!.Epoch));
        Assert.All(finished, report =>
        {
            Assert.Equal(pairs, report.EventsDone);
            Assert.Equal(pairs, report.FinishedEpoch!.Events);
            Assert.Equal((0L, 0.0, 0.0, 0.0), (report.FinishedEpoch.SkippedMiniBatches, report.FinishedEpoch.Seconds, report.FinishedEpoch.MiniBatchesPerSecond, report.FinishedEpoch.EventsPerSecond));
            Assert.InRange(report.FinishedEpoch.MiniBatches, pairs / 4, pairs);
            Assert.Null(report.FinishedEpoch.Validation);
        });
        Assert.Equal(trained.Provenance.EpochLosses, finished.Select(report => report.FinishedEpoch!.Loss));
    }

    [Fact]
    public void Fit_TimeProvider_GivesSpeedsAndChangesNothingElse()
    {
        var train = Generated.Sessions(30, 20, seed: 1);
        var summaries = new List<EpochSummary>();
        var progress = new Recorder(report => summaries.AddRange(report.FinishedEpoch is null ? [] : [report.FinishedEpoch]));
        var timed = Trainer.Fit(train, s_small, new TrainingContext { Progress = progress, TimeProvider = new TwoSecondsACall() });
        Assert.All(summaries, summary =>
        {
            Assert.Equal(2, summary.Seconds);
            Assert.Equal(summary.MiniBatches / 2.0, summary.MiniBatchesPerSecond);
            Assert.Equal(summary.Events / 2.0, summary.EventsPerSecond);
        });
        Assert.Equal(timed.Provenance.EpochLosses, Trainer.Fit(train, s_small).Provenance.EpochLosses);
    }

    [Fact]
    public void Fit_Validation_IsThatOfTheModelAfterTheEpoch()
    {
        var train = Generated.Sessions(60, 20, seed: 1);
        var validation = Generated.Sessions(20, 22, seed: 2, catalog: train.Catalog);
        var measured = new List<EvaluationResult>();
        var progress = new Recorder(report => measured.AddRange(report.FinishedEpoch is null ? [] : [report.FinishedEpoch.Validation!]));
        var trained = Trainer.Fit(train, s_small, new TrainingContext { Validation = validation, Progress = progress });
        Assert.Equal(2, measured.Count);
        Assert.Equal(Evaluator.Evaluate(trained.Model, validation).Metrics, measured[1].Metrics);
        Assert.Equal(measured[1].Metrics, trained.Provenance.ValidationMetrics);
        var first = Trainer.Fit(train, s_small with { Epochs = 1 });
        Assert.Equal(Evaluator.Evaluate(first.Model, validation).Metrics, measured[0].Metrics);
        Assert.Equal(trained.Provenance.EpochLosses, Trainer.Fit(train, s_small).Provenance.EpochLosses);
    }

    [Fact]
    public void Fit_FewerSessionsThanLanes_Trains()
    {
        var train = Generated.Words("abc ab bca");
        var summary = LastSummary(train, s_small with { BatchSize = 64 });
        Assert.Equal((2L, 5L, 0L), (summary.MiniBatches, summary.Events, summary.SkippedMiniBatches));
    }

    /// <summary>The tail of an epoch has one lane: without additional negatives such steps teach nothing and are counted.</summary>
    [Fact]
    public void Fit_NoNegativesInTheTail_SkipsAndCounts()
    {
        var summary = LastSummary(Generated.Words("ab abcde"), s_small with { NegativeSampleCount = 0 });
        Assert.Equal((1L, 5L, 3L), (summary.MiniBatches, summary.Events, summary.SkippedMiniBatches));
        var drawn = LastSummary(Generated.Words("abc"), s_small with { NegativeSampleCount = 1 });
        Assert.Equal((2L, 0L), (drawn.MiniBatches, drawn.SkippedMiniBatches));
    }

    /// <summary>The epoch's loss is the mini-batches' losses weighted by their lanes; negatives and masks are functions of the step over all epochs.</summary>
    [Fact]
    public void Fit_EpochLoss_IsTheMeanWeightedByLanes()
    {
        var train = Generated.Sessions(23, 20, seed: 3);
        var options = s_small with { DropoutHidden = 0.1f };
        var expected = new List<double>();
        using (var run = new Gru4RecRun(train, options))
        {
            for (var epoch = 1; epoch <= 2; epoch++)
            {
                double weighted = 0;
                var lanes = 0;
                run.StartEpoch(epoch);
                while (run.MoveNext())
                {
                    weighted += run.Step() * run.Batch.Lanes;
                    lanes += run.Batch.Lanes;
                }

                expected.Add(weighted / lanes);
            }

            Assert.True(run.Steps > 2 * (train.EventCount - train.Count) / 4);
        }

        Assert.Equal(expected, Trainer.Fit(train, options).Provenance.EpochLosses);
        Assert.NotEqual(expected[0], expected[1]);
    }

    [Fact]
    public void Fit_Provenance_SaysWhereTheModelCameFrom()
    {
        var train = Generated.Sessions(30, 20, seed: 1);
        var (model, provenance) = Trainer.Fit(train, s_small with { Seed = 77, Threads = 2 });
        Assert.Equal((30L, (long)train.EventCount, 77ul, 2), (provenance.Sessions, provenance.Events, provenance.Seed, provenance.Threads));
        Assert.Equal(train.Fingerprint(), provenance.DataFingerprint);
        Assert.Equal(Enumerable.Range(0, 30).Max(train.EndTimeOf), provenance.TrainedUntil);
        Assert.Contains(provenance.VectorWidth, new[] { 1, 4, 8, 16 });
        Assert.NotEmpty(provenance.NextItemVersion);
        Assert.Empty(provenance.ValidationMetrics);
        Assert.Equal(s_small with { Seed = 77, Threads = 2 }, ((Gru4RecModel)model).Options);

        var described = Trainer.Describe(PopularityModel.Fit(train), train);
        Assert.Equal((provenance.DataFingerprint, 0ul, 1), (described.Provenance.DataFingerprint, described.Provenance.Seed, described.Provenance.Threads));
        Assert.IsType<PopularityModel>(described.Model);
    }

    [Fact]
    public void EstimateMemory_Grows_WithItemsUnitsAndMomentum()
    {
        var options = new Gru4RecOptions();
        var estimate = Trainer.EstimateMemory(30_000, options);

        // Rows of 112 floats, two of them (values, which become the finished model, and accumulator), and the logits.
        Assert.InRange(estimate, 30_000L * 112 * 4 * 2, 30_000L * 112 * 4 * 2.5);
        Assert.InRange(Trainer.EstimateMemory(60_000, options), 1.8 * estimate, 2 * estimate);
        Assert.InRange(Trainer.EstimateMemory(30_000, options with { Momentum = 0.1f }), 1.4 * estimate, 1.5 * estimate);
        Assert.True(Trainer.EstimateMemory(30_000, options with { Layers = [200] }) > 1.8 * estimate);
        Assert.True(Trainer.EstimateMemory(int.MaxValue, options) > 1L << 40);
        Assert.Throws<OptionsException>(() => Trainer.EstimateMemory(1, options with { BatchSize = 0 }));
    }

    private static EpochSummary LastSummary(SessionSet train, Gru4RecOptions options)
    {
        EpochSummary? summary = null;
        Trainer.Fit(train, options, new TrainingContext { Progress = new Recorder(report => summary = report.FinishedEpoch ?? summary) });
        return summary!;
    }

    private static string Refused(Action call) => Assert.Throws<ArgumentException>(call).Message;

    /// <summary>Reports at once, on the thread that reports; <see cref="Progress{T}"/> would post them.</summary>
    private sealed class Recorder(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    private sealed class TwoSecondsACall : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 10;

        public override long GetTimestamp() => _now += 20;
    }
}
