using NextItem.Tests.Fixtures;
using NextItem.Tests.Models.Prnn;

namespace NextItem.Tests.Training;

/// <summary>A p-RNN's run in a file.</summary>
public class PrnnCheckpointTests
{
    private static readonly SessionSet s_train = Generated.Sessions(60, 25, seed: 1);
    private static readonly ItemFeatures s_features = PrnnCases.Features(s_train.Catalog);

    public static TheoryData<TrainingStrategy, bool> Runs => new(from strategy in Enum.GetValues<TrainingStrategy>() from validated in new[] { false, true } select (strategy, validated));

    /// <summary>Stopped within an epoch and taken up again, and from the end of an epoch: the model's bytes are those of one go.</summary>
    [Theory, MemberData(nameof(Runs))]
    public void Fit_StoppedAndResumed_GivesTheBytesOfOneGo(TrainingStrategy strategy, bool validated)
    {
        var options = PrnnCases.Options with { Strategy = strategy };
        if (validated && strategy != TrainingStrategy.Residual)
            options = options with { Training = options.Training with { Patience = 5, Epochs = 3 } };
        var validation = validated ? Generated.Sessions(20, 25, seed: 9, catalog: s_train.Catalog) : null;
        var whole = new Sink();
        var expected = PrnnCases.Bytes(Trainer.Fit(s_train, options, s_features, new TrainingContext { Validation = validation, Checkpoints = whole }));

        foreach (var file in whole.All.SkipLast(1))
        {
            using var checkpoint = Load(file);
            Assert.Equal(options, checkpoint.Prnn);
            var resumed = Trainer.Fit(s_train, options, s_features, new TrainingContext { Validation = validation, ResumeFrom = checkpoint });
            Assert.Equal(expected, PrnnCases.Bytes(resumed));
        }

        using var source = new CancellationTokenSource();
        var reports = 0;
        var sink = new Sink();
        var progress = new Watcher(_ =>
        {
            if (++reports == 35)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(s_train, options, s_features, new TrainingContext { Validation = validation, Progress = progress, Checkpoints = sink }, source.Token));
        using var within = Load(sink.All[^1]);
        Assert.True(within.IsWithinEpoch);
        Assert.Equal(expected, PrnnCases.Bytes(Trainer.Fit(s_train, options, s_features, new TrainingContext { Validation = validation, ResumeFrom = within })));
    }

    [Fact]
    public void Fit_CheckpointOfSomethingElse_IsRefused()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, PrnnCases.Options, s_features, new TrainingContext { Checkpoints = sink });
        using var checkpoint = Load(sink.All[0]);
        var context = new TrainingContext { ResumeFrom = checkpoint };
        Refused("other options", () => Trainer.Fit(s_train, PrnnCases.Options with { Strategy = TrainingStrategy.Simultaneous }, s_features, context));
        Refused("of a p-RNN", () => Trainer.Fit(s_train, PrnnCases.Options.Training, context));
        var table = new FeatureTable(s_train.Catalog, [FeatureColumn.Texts("title", [.. Enumerable.Repeat("same text", s_train.Catalog.Count)]), FeatureColumn.Vectors("image", 3, [.. new float[s_train.Catalog.Count * 3]], [.. new bool[s_train.Catalog.Count]])]);
        Refused("other item features", () => Trainer.Fit(s_train, PrnnCases.Options, s_features.Encode(table), context));

        var gru4Rec = new Sink();
        Trainer.Fit(s_train, PrnnCases.Options.Training, new TrainingContext { Checkpoints = gru4Rec });
        using var other = Load(gru4Rec.All[0]);
        Refused("of gru4rec", () => Trainer.Fit(s_train, PrnnCases.Options, s_features, new TrainingContext { ResumeFrom = other }));

        static void Refused(string reason, Func<object> action) =>
            Assert.Contains(reason, Assert.Throws<TrainingStartException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedFile_IsRefused()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, PrnnCases.Options, s_features, new TrainingContext { Checkpoints = sink });
        var file = sink.All[0];
        for (var length = 0; length < file.Length; length += 997)
            Assert.Throws<ModelFileException>(() => Load(file[..length]));
    }

    [Fact]
    public void EpochsOf_OneSubnetAnEpoch_CountsAllPasses()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, PrnnCases.Options with { Strategy = TrainingStrategy.Alternating }, s_features, new TrainingContext { Checkpoints = sink });
        using var stream = new MemoryStream(sink.All[1]);
        Assert.Equal((2, 6), CheckpointFile.EpochsOf(stream));
    }

    private static Checkpoint Load(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return CheckpointFile.Load(stream);
    }

    private sealed class Sink : ICheckpointSink
    {
        public List<byte[]> All { get; } = [];

        public void Save(Checkpoint checkpoint)
        {
            using var stream = new MemoryStream();
            CheckpointFile.Save(stream, checkpoint);
            All.Add(stream.ToArray());
        }
    }

    private sealed class Watcher(Action<TrainingProgress> look) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => look(value);
    }
}
