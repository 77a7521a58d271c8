using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Training;

public class CheckpointTests
{
    private static readonly SessionSet s_train = Generated.Sessions(60, 25, seed: 1);

    private static readonly Gru4RecOptions s_options = new()
    {
        Layers = [6, 5],
        Epochs = 4,
        BatchSize = 7,
        NegativeSampleCount = 5,
        Momentum = 0.3f,
        DropoutHidden = 0.2f,
        DropoutEmbedding = 0.1f,
    };

    public static TheoryData<string> Networks => ["default", "reset-after", "separate", "one-hot", "adam", "capped", "random", "validated", "cosine", "through-time", "distilled"];

    /// <summary>Stopped at three places within epochs, each time kept in a file and taken up again: the model's bytes are those of one go.</summary>
    [Theory, MemberData(nameof(Networks))]
    public void Fit_StoppedThreeTimesAndResumed_GivesTheBytesOfOneGo(string network)
    {
        var options = OptionsOf(network);
        var validation = network is "validated" or "cosine" ? Generated.Sessions(20, 25, seed: 9, catalog: s_train.Catalog) : null;
        var expected = Bytes(Trainer.Fit(s_train, options, new TrainingContext { Validation = validation, Teachers = TeachersOf(options) }));

        var stops = new Queue<int>([11, 95, 30]);
        byte[]? file = null;
        while (true)
        {
            using var source = new CancellationTokenSource();
            using var checkpoint = file is null ? null : Load(file);
            var sink = new Sink();
            var reports = 0;
            var progress = new Watcher(_ =>
            {
                if (stops.Count > 0 && ++reports == stops.Peek())
                    source.Cancel();
            });
            try
            {
                var context = new TrainingContext { Validation = validation, Progress = progress, Checkpoints = sink, ResumeFrom = checkpoint, Teachers = TeachersOf(options) };
                var trained = Trainer.Fit(s_train, options, context, source.Token);
                Assert.Empty(stops);
                Assert.Equal(expected, Bytes(trained));
                return;
            }
            catch (OperationCanceledException)
            {
                stops.Dequeue();
                file = sink.Last;
                Assert.NotNull(file);
            }
        }
    }

    /// <summary>Killed without warning: only the checkpoint of the last whole epoch is there.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Fit_ResumedAfterAWholeEpoch_GivesTheBytesOfOneGo(int epoch)
    {
        var sink = new Sink();
        var expected = Bytes(Trainer.Fit(s_train, s_options, new TrainingContext { Checkpoints = sink }));
        Assert.Equal(4, sink.All.Count);
        using var checkpoint = Load(sink.All[epoch - 1]);
        Assert.Equal(epoch + 1, checkpoint.Epoch);
        Assert.Equal(epoch, checkpoint.Epochs.Length);
        Assert.Equal(expected, Bytes(Trainer.Fit(s_train, s_options, new TrainingContext { ResumeFrom = checkpoint })));
    }

    /// <summary>Stopped before the first mini-batch there is no first loss, which must not be taken for a loss of 0.</summary>
    [Fact]
    public void Fit_StoppedBeforeTheFirstMiniBatchAndResumed_GivesTheBytesOfOneGo()
    {
        var sink = new Sink();
        using var stopped = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(s_train, s_options, new TrainingContext { Checkpoints = sink, TimeProvider = new StoppingClock(stopped) }, stopped.Token));
        using var checkpoint = Load(sink.Last!);
        Assert.Equal(0, checkpoint.State.FirstLoss); // none yet
        Assert.Equal(Bytes(Trainer.Fit(s_train, s_options)), Bytes(Trainer.Fit(s_train, s_options, new TrainingContext { ResumeFrom = checkpoint })));
    }

    /// <summary>The user sees the loss climb and stops: what was kept of the epoch before must not be replaced by that.</summary>
    [Fact]
    public void Fit_StoppedWhileTheLossClimbs_KeepsTheLastGoodCheckpoint()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, s_options with { Epochs = 1 }, new TrainingContext { Checkpoints = sink });
        using var good = Load(sink.Last!);
        using var source = new CancellationTokenSource();
        var progress = new Watcher(report =>
        {
            if (report.MeanLoss > 25)
                source.Cancel();
        });
        var wild = s_options with { LearningRate = 1e10f };
        var context = new TrainingContext { Checkpoints = sink, ResumeFrom = good, Progress = progress };
        Assert.Throws<TrainingDivergedException>(() => Trainer.Fit(s_train, wild, context, source.Token));
        Assert.Single(sink.All);
    }

    [Fact]
    public void Fit_ResumedWithMoreEpochs_GivesTheBytesOfThatManyInOneGo()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, s_options with { Epochs = 2 }, new TrainingContext { Checkpoints = sink });
        using var checkpoint = Load(sink.Last!);
        var longer = Trainer.Fit(s_train, s_options, new TrainingContext { ResumeFrom = checkpoint });
        Assert.Equal(Bytes(Trainer.Fit(s_train, s_options)), Bytes(longer));
    }

    [Fact]
    public void Fit_ResumedWithALowerRate_GoesOnWithIt()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, s_options with { Epochs = 1 }, new TrainingContext { Checkpoints = sink });
        using var checkpoint = Load(sink.Last!);
        var slower = Trainer.Fit(s_train, s_options with { Epochs = 2, LearningRate = 0.001f }, new TrainingContext { ResumeFrom = checkpoint });
        Assert.NotEqual(Bytes(Trainer.Fit(s_train, s_options with { Epochs = 2 })), Bytes(slower));
    }

    [Fact]
    public void Fit_CheckpointOfSomethingElse_IsRefusedWithWhatDiffers()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, s_options with { Epochs = 2 }, new TrainingContext { Checkpoints = sink });
        using var checkpoint = Load(sink.Last!);
        Refused("other training sessions", Generated.Sessions(60, 25, seed: 2), s_options, new TrainingContext { ResumeFrom = checkpoint });
        Refused("other options", s_train, s_options with { BatchSize = 8 }, new TrainingContext { ResumeFrom = checkpoint });
        Refused("Epochs is 1, but the checkpoint has finished 2", s_train, s_options with { Epochs = 1 }, new TrainingContext { ResumeFrom = checkpoint });
        var validation = Generated.Sessions(20, 25, seed: 9, catalog: s_train.Catalog);
        Refused("another validation set", s_train, s_options, new TrainingContext { ResumeFrom = checkpoint, Validation = validation });
        var model = Trainer.Fit(s_train, s_options with { Epochs = 1 });
        Refused("not both", s_train, s_options, new TrainingContext { ResumeFrom = checkpoint, WarmStart = model });

        static void Refused(string reason, SessionSet train, Gru4RecOptions options, TrainingContext context) =>
            Assert.Contains(reason, Assert.Throws<TrainingStartException>(() => Trainer.Fit(train, options, context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedFile_IsRefused()
    {
        var sink = new Sink();
        Trainer.Fit(s_train, s_options with { Epochs = 1 }, new TrainingContext { Checkpoints = sink });
        var file = sink.Last!;
        for (var length = 0; length < file.Length; length += 997)
            Assert.Throws<ModelFileException>(() => Load(file[..length]));
        var random = new Random(3);
        for (var i = 0; i < 60; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
            Assert.Throws<ModelFileException>(() => Load(damaged));
        }

        using var model = new MemoryStream(Bytes(Trainer.Fit(s_train, s_options with { Epochs = 1 })));
        Assert.Contains("format is 'nextitem'", Assert.Throws<ModelFileException>(() => CheckpointFile.Load(model)).Message, StringComparison.Ordinal);
        using var checkpoint = new MemoryStream(file);
        Assert.Contains("format is 'nextitem-checkpoint'", Assert.Throws<ModelFileException>(() => ModelFile.Load(checkpoint)).Message, StringComparison.Ordinal);
    }

    private static Gru4RecOptions OptionsOf(string network) => network switch
    {
        "reset-after" => s_options with { Variant = GruVariant.ResetAfter, Threads = 2 },
        "separate" => s_options with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 4, Loss = Loss.BprMax },
        "one-hot" => s_options with { Embedding = EmbeddingMode.None, DropoutEmbedding = 0, Loss = Loss.Top1, NegativeSampleCount = 0 },
        "adam" => s_options with { Optimizer = Optimizer.Adam, Momentum = 0, LearningRate = 0.01f, LearningRateDecay = 0.7f },
        "capped" => s_options with { GradientCap = 0.1f },
        "random" => s_options with { SessionOrder = SessionOrder.Random },
        "through-time" => s_options with { BackpropagationSteps = 3 },
        "cosine" => s_options with { CosineScale = 9, Patience = 2, Epochs = 8, LearningRate = 0.3f, Threads = 2 }, // the best epoch's rows are kept as they were
        "distilled" => s_options with { Distillation = 0.5f, Threads = 2 },
        "validated" => s_options with { Patience = 2, Epochs = 8, LearningRate = 0.3f },
        _ => s_options,
    };

    private static IReadOnlyList<ISessionModel> TeachersOf(Gru4RecOptions options) =>
        options.Distillation == 0 ? [] : [.. new ulong[] { 7, 8 }.Select(seed => Trainer.Fit(s_train, s_options with { Layers = [9], Epochs = 1, Seed = seed }).Model)];

    private static Checkpoint Load(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return CheckpointFile.Load(stream);
    }

    private static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelFile.Save(stream, model);
        return stream.ToArray();
    }

    private sealed class Sink : ICheckpointSink
    {
        public List<byte[]> All { get; } = [];

        public byte[]? Last => All.LastOrDefault();

        public void Save(Checkpoint checkpoint)
        {
            using var stream = new MemoryStream();
            CheckpointFile.Save(stream, checkpoint);
            All.Add(stream.ToArray());
        }
    }

    private sealed class Watcher(Action<TrainingProgress> watch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => watch(value);
    }
}
