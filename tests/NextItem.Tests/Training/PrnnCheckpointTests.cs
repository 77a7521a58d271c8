using System.Text.Json.Nodes;
using NextItem.Tests.Fixtures;
using NextItem.Tests.ModelFiles;
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
            Assert.Equal(0, checkpoint.EventsDone);
            var resumed = Trainer.Fit(s_train, options, s_features, new TrainingContext { Validation = validation, ResumeFrom = checkpoint });
            Assert.Equal(expected, PrnnCases.Bytes(resumed));
        }

        using var source = new CancellationTokenSource();
        var reports = 0;
        var lastDone = 0L;
        var sink = new Sink();
        var progress = new Watcher(report =>
        {
            lastDone = report.EventsDone;
            if (++reports == 35)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(s_train, options, s_features, new TrainingContext { Validation = validation, Progress = progress, Checkpoints = sink }, source.Token));
        using var within = Load(sink.All[^1]);
        Assert.True(within.IsWithinEpoch);
        Assert.Equal(lastDone, within.EventsDone); // it stops before the next mini-batch
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

    private static readonly Dictionary<string, (Action<JsonNode> Change, string Expected)> s_forged = new()
    {
        ["other widths"] = (run => run["prnn"]!["widths"]![0] = 1, "Tensor 'text.text.input_weights' is F32"),
        ["other blocks"] = (run => run["prnn"]!["blocks"]![0] = "words", "no tensor 'words."),
        ["widths of no block"] = (run => run["prnn"]!["widths"] = new JsonArray(), "The blocks of features and their widths do not go together"),
        ["widths null"] = (run => run["prnn"]!["widths"] = null, "cannot be"),
        ["options of another optimiser beside"] = (run => run["options"]!["optimizer"] = "Sgd", "Training is not what stands beside"),
        ["subnets of null"] = (run => run["prnn"]!["options"]!["subnets"] = new JsonArray((JsonNode?)null), "one without a name"),
        ["subnets null"] = (run => run["prnn"]!["options"]!["subnets"] = null, "cannot be"),
        ["training null"] = (run => run["prnn"]!["options"]!["training"] = null, "cannot be read"),
        ["strategy unknown"] = (run => run["prnn"]!["options"]!["strategy"] = 77, "Strategy is 77"),
        ["epochs beyond all"] = (run => { run["prnn"]!["options"]!["strategy"] = "Residual"; run["prnn"]!["options"]!["subnets"] = new JsonArray(new JsonObject { ["name"] = "text", ["epochs"] = int.MaxValue }); }, "expected 1000000 at most"),
        ["other fingerprint"] = (run => run["prnn"]!["featuresFingerprint"] = new string('0', 64), "other item features"),
    };

    public static TheoryData<string> Forged => [.. s_forged.Keys];

    /// <summary>What a stranger could send, under a checksum that is right.</summary>
    [Theory, MemberData(nameof(Forged))]
    public void Load_ForgedRun_IsRefusedWithTheReason(string name)
    {
        var sink = new Sink();
        Trainer.Fit(s_train, PrnnCases.Options, s_features, new TrainingContext { Checkpoints = sink });
        var (change, expected) = s_forged[name];
        var file = new ForgedFile(sink.All[0]);
        var run = JsonNode.Parse(file.Metadata["run"])!;
        change(run);
        file.Metadata["run"] = run.ToJsonString();
        var message = Assert.ThrowsAny<Exception>(() =>
        {
            using var checkpoint = Load(file.ToBytes());
            Trainer.Fit(s_train, PrnnCases.Options, s_features, new TrainingContext { ResumeFrom = checkpoint });
        });
        Assert.True(message is ModelFileException or TrainingStartException, $"{message}");
        Assert.Contains(expected, message.Message, StringComparison.Ordinal);
    }

    /// <summary>What the options leave out has its default, as the page says.</summary>
    [Fact]
    public void Load_OptionsLeftOut_HaveTheirDefaults()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, PrnnCases.Options, s_features, new TrainingContext { Checkpoints = sink });
        var file = new ForgedFile(sink.All[0]);
        var run = JsonNode.Parse(file.Metadata["run"])!;
        foreach (var left in new[] { "strategy", "subnets", "frozenDropout", "architecture" })
            Assert.True(run["prnn"]!["options"]!.AsObject().Remove(left));
        file.Metadata["run"] = run.ToJsonString();
        using var checkpoint = Load(file.ToBytes());
        Assert.Equal(PrnnCases.Options, checkpoint.Prnn);
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
