using System.Text.Json.Nodes;
using NextItem.Tests.Fixtures;
using NextItem.Tests.ModelFiles;

namespace NextItem.Tests.Training;

/// <summary>
/// Checkpoints that a stranger could send, under a checksum that is right. Their numbers are places in native memory once training
/// goes on, so each is refused with the reason, by the file's reader or before the first step.
/// </summary>
public class ForgedCheckpointTests
{
    private const int Lanes = 7;

    private static readonly SessionSet s_train = Generated.Sessions(60, 25, seed: 1);
    private static readonly SessionSet s_validation = Generated.Sessions(20, 25, seed: 9, catalog: s_train.Catalog);
    private static readonly int s_items = s_train.Catalog.Count;

    private static readonly Gru4RecOptions s_options = new()
    {
        Layers = [6, 5],
        Epochs = 4,
        BatchSize = Lanes,
        NegativeSampleCount = 5,
        Momentum = 0.3f,
        DropoutHidden = 0.2f,
        DropoutEmbedding = 0.1f,
        BackpropagationSteps = 3,
        Patience = 4,
    };

    /// <summary>Stopped within the third epoch: two are finished and measured, and everything that can be carried is.</summary>
    private static readonly Lazy<byte[]> s_file = new(() => CheckpointOf(s_options, epoch: 3));

    private static readonly Dictionary<string, (Action<ForgedFile> Change, string Expected)> s_cases = new()
    {
        ["newer version"] = (f => f.Metadata["format_version"] = "4", "format version '4'; this version of NextItem reads up to 3. Use the version that wrote it or a newer one"),
        ["cosines in a version that knew none"] = (f => Run(f, run => run["options"]!["cosineScale"] = 7), "format version 1, but its CosineScale is 7, its Distillation 0 and its TopSamples 0; expected version 2"),
        ["teachers in a version that knew none"] = (f => Run(f, run => run["options"]!["distillation"] = 0.5), "format version 1, but its CosineScale is 0, its Distillation 0.5 and its TopSamples 0; expected version 2"),
        ["the best samples alone in a version that knew none"] = (f => Run(f, run => run["options"]!["topSamples"] = 7), "its Distillation 0 and its TopSamples 7; expected version 3"),
        ["older version"] = (f => f.Metadata["format_version"] = "0", "format version '0'"),
        ["a model's format"] = (f => f.Metadata["format"] = "nextitem", "format is 'nextitem'; expected 'nextitem-checkpoint'"),
        ["no run"] = (f => f.Metadata.Remove("run"), "its header has no 'run'"),
        ["run null"] = (f => f.Metadata["run"] = "null", "run cannot be read"),
        ["run a list"] = (f => f.Metadata["run"] = "[]", "run cannot be read"),
        ["run no JSON"] = (f => f.Metadata["run"] = "{", "run cannot be read"),
        ["run deep"] = (f => f.Metadata["run"] = new string('[', 10_000), "run cannot be read"),
        ["no items"] = (f => f.Metadata["items"] = "0", "number of items is '0'; expected a number above 0"),
        ["negative items"] = (f => f.Metadata["items"] = "-1", "number of items is '-1'"),
        ["items beyond 32 bits"] = (f => f.Metadata["items"] = "99999999999", "number of items is '99999999999'"),
        ["items unlike the tensors"] = (f => f.Metadata["items"] = "2147483647", "Tensor 'items' is F32"),
        ["items unlike the data"] = (OneItemLess, "another number of items than its training sessions"),
        ["epoch 0"] = (f => Run(f, run => run["epoch"] = 0), "epoch is 0; expected 3"),
        ["epoch negative"] = (f => Run(f, run => run["epoch"] = int.MinValue), "expected 3, the one after the finished ones"),
        ["epoch of the future"] = (f => Run(f, run => run["epoch"] = int.MaxValue), "epoch is 2147483647; expected 3"),
        ["epochs null"] = (f => Run(f, run => run["epochs"] = null), "run cannot be read"),
        ["epochs left out"] = (f => Run(f, run => run.AsObject().Remove("epochs")), "run cannot be read"),
        ["an epoch null"] = (f => Run(f, run => run["epochs"]![1] = null), "the finished epoch 2 is null"),
        ["epochs in another order"] = (f => Run(f, run => run["epochs"]![0]!["epoch"] = 2), "the finished epoch 1 calls itself 2"),
        ["an epoch's loss NaN"] = (f => Run(f, run => run["epochs"]![0]!["loss"] = "NaN"), "epoch 1's loss is NaN"),
        ["an epoch's events negative"] = (f => Run(f, run => run["epochs"]![0]!["events"] = -1), "epoch 1's counts"),
        ["an epoch's time NaN"] = (f => Run(f, run => run["epochs"]![0]!["seconds"] = "NaN"), "epoch 1's counts"),
        ["a metric without a name"] = (f => Run(f, run => run["epochs"]![0]!["validation"]!["metrics"]![0]!.AsObject().Remove("name")), "a metric of epoch 1 has no name"),
        ["metrics null"] = (f => Run(f, run => run["epochs"]![0]!["validation"]!["metrics"] = null), "run cannot be read"),
        ["ties by number"] = (f => Run(f, run => run["epochs"]![0]!["validation"]!["ties"] = 9), "epoch 1's evaluation is with ties 9"),
        ["steps negative"] = (f => Run(f, run => run["steps"] = -1), "steps is -1; expected"),
        ["steps of another run"] = (f => Run(f, run => run["steps"] = long.MaxValue), "the mini-batches so far"),
        ["steps beyond the random numbers"] = (f => Run(f, run => { run["steps"] = 1L << 40; run["tally"]!["miniBatches"] = 0; run["tally"]!["skipped"] = 0; run["epochs"]![0]!["miniBatches"] = 1L << 40; run["epochs"]![1]!["miniBatches"] = 0; }), "expected less than 2^40"),
        ["first loss negative"] = (f => Run(f, run => run["firstLoss"] = -1), "firstLoss is -1; expected 0 or more"),
        ["first loss infinite"] = (f => Run(f, run => run["firstLoss"] = "Infinity"), "firstLoss is"),
        ["best epoch negative"] = (f => Run(f, run => run["bestEpoch"] = -1), "bestEpoch is -1; expected 0 to 2"),
        ["best epoch unfinished"] = (f => Run(f, run => run["bestEpoch"] = 3), "bestEpoch is 3; expected 0 to 2"),
        ["best epoch without patience"] = (f => Run(f, run => run["options"]!["patience"] = 0), "but Patience is 0"),
        ["best epoch without its tensors"] = (f => f.Tensors.RemoveAll(part => part.Name.StartsWith("best.", StringComparison.Ordinal)), "no tensor 'best.items'"),
        ["best metric infinite"] = (f => Run(f, run => run["bestMetric"] = "Infinity"), "bestMetric is"),
        ["fingerprint null"] = (f => Run(f, run => run["dataFingerprint"] = null), "run cannot be read"),
        ["warm start left out"] = (f => Run(f, run => run.AsObject().Remove("warmStartedFrom")), "run cannot be read"),
        ["options null"] = (f => Run(f, run => run["options"] = null), "run cannot be read"),
        ["options left out"] = (f => Run(f, run => run.AsObject().Remove("options")), "run cannot be read"),
        ["no lanes"] = (f => Run(f, run => run["options"]!["batchSize"] = 0), "BatchSize is 0; expected at least 1"),
        ["too many lanes"] = (f => Run(f, run => run["options"]!["batchSize"] = int.MaxValue), "BatchSize is 2147483647; expected at most 1048576"),
        ["too many threads"] = (f => Run(f, run => run["options"]!["threads"] = int.MaxValue), "Threads is 2147483647; expected at most 1024"),
        ["too many negatives"] = (f => Run(f, run => run["options"]!["negativeSampleCount"] = int.MaxValue), "NegativeSampleCount is 2147483647; expected at most 16777216"),
        ["a larger layer"] = (f => Run(f, run => run["options"]!["layers"]![0] = 65536), "Tensor 'gru.0.input_weights' is F32"),
        ["an optimiser with more state"] = (f => Run(f, run => run["options"]!["optimizer"] = "Adadelta"), "Tensor 'items' is F32"),
        ["more lanes than there were"] = (f => Run(f, run => run["options"]!["batchSize"] = 8), "other options"),
        ["tally left out"] = (f => Run(f, run => run["tally"] = null), "one of tally and position is there without the other"),
        ["position left out"] = (f => Run(f, run => run["position"] = null), "one of tally and position is there without the other"),
        ["tally negative"] = (f => Run(f, run => run["tally"]!["events"] = -1), "the epoch's tally is"),
        ["tally NaN"] = (f => Run(f, run => run["tally"]!["weightedLoss"] = "NaN"), "the epoch's tally is"),
        ["tally of more trained than seen"] = (f => Run(f, run => run["tally"]!["trainedEvents"] = long.MaxValue), "the epoch's tally is"),
        ["tally of more than there is"] = (f => Run(f, run => run["tally"]!["events"] = long.MaxValue), "events of its epoch, but the training sessions have"),
        ["tally without a count"] = (f => Run(f, run => run["tally"]!.AsObject().Remove("miniBatches")), "the mini-batches so far"),
        ["place beyond the sessions"] = (f => Run(f, run => run["position"]!["next"] = s_train.Count + 1), "place in its epoch is none of these"),
        ["place negative"] = (f => Run(f, run => run["position"]!["next"] = -1), "place in its epoch is none of these"),
        ["sessions null"] = (f => Run(f, run => run["position"]!["sessions"] = null), "run cannot be read"),
        ["session negative"] = (f => Run(f, run => run["position"]!["sessions"]![0] = -1), "place in its epoch is none of these"),
        ["session beyond the data"] = (f => Run(f, run => run["position"]!["sessions"]![0] = s_train.Count), "place in its epoch is none of these"),
        ["a session on two lanes"] = (f => Run(f, run => run["position"]!["sessions"]![0] = (int)run["position"]!["sessions"]![1]!), "place in its epoch is none of these"),
        ["position negative"] = (f => Run(f, run => run["position"]!["positions"]![0] = -1), "place in its epoch is none of these"),
        ["position at its session's end"] = (f => Run(f, run => run["position"]!["positions"]![0] = s_train.ItemsOf((int)run["position"]!["sessions"]![0]!).Length), "place in its epoch is none of these"),
        ["position of the largest number"] = (f => Run(f, run => run["position"]!["positions"]![0] = int.MaxValue), "place in its epoch is none of these"),
        ["more sessions than positions"] = (f => Run(f, run => run["position"]!["positions"]!.AsArray().RemoveAt(0)), "sessions and"),
        ["more lanes than the mini-batch"] = (f => Run(f, run => { run["position"]!["sessions"] = Numbers(Lanes + 1); run["position"]!["positions"] = new JsonArray([.. Enumerable.Repeat(0, Lanes + 1).Select(n => (JsonNode)n)]); }), "place in its epoch is none of these"),
        ["carried states shorter"] = (f => f["carried_states.0"].Become("F32", 1f, 2f), "hidden states are not those of its options"),
        ["carried states longer"] = (f => f["carried_states.1"].Become("F32", new float[10_000]), "hidden states are not those of its options"),
        ["carried states missing"] = (f => f.Tensors.Remove(f["carried_states.0"]), "hidden states are not those of its options"),
        ["carried states NaN"] = (f => f["carried_states.0"].Values<float>()[4] = float.NaN, "Tensor 'carried_states.0' has NaN at 4; expected finite numbers"),
        ["carried states of whole numbers"] = (f => f["carried_states.0"].Type = "I32", "Tensor 'carried_states.0' is I32"),
        ["carried states in rows"] = (f => f["carried_states.0"].Shape = [Lanes, f["carried_states.0"].Shape[0] / Lanes], "Tensor 'carried_states.0' is F32 [7 x 16]; expected F32 [any]"),
        ["carried rows shorter"] = (f => f["carried_integers.0"].Become("I32", 1), "hidden states are not those of its options"),
        ["carried rows beyond the lanes"] = (f => f["carried_integers.0"].Values<int>()[0] = Lanes, "hidden states are not those of its options"),
        ["carried rows negative"] = (f => f["carried_integers.0"].Values<int>()[0] = -1, "hidden states are not those of its options"),
        ["carried history longer than the window"] = (f => f["carried_integers.1"].Values<int>()[0] = 4, "hidden states are not those of its options"),
        ["carried history of the largest number"] = (f => f["carried_integers.1"].Values<int>()[0] = int.MaxValue, "hidden states are not those of its options"),
        ["carried item beyond the catalog"] = (f => f["carried_integers.2"].Values<int>()[0] = s_items, "hidden states are not those of its options"),
        ["carried item negative"] = (f => f["carried_integers.3"].Values<int>()[0] = int.MinValue, "hidden states are not those of its options"),
        ["no carried integers"] = (f => f.Tensors.RemoveAll(part => part.Name.StartsWith("carried_integers.", StringComparison.Ordinal)), "hidden states are not those of its options"),
        ["one carried array more"] = (f => f.Tensors.Add(new ForgedFile.Part { Name = "carried_integers.4", Type = "I32", Shape = [0], Bytes = [] }), "hidden states are not those of its options"),
        ["a parameter NaN"] = (f => f["gru.1.recurrent_weights"].Values<float>()[0] = float.NaN, "Tensor 'gru.1.recurrent_weights' has NaN in row 0"),
        ["a best parameter infinite"] = (f => f["best.items"].Values<float>()[0] = float.PositiveInfinity, "Tensor 'best.items' has"),
        ["optimiser states left out"] = (f => { f["items"].Shape = [s_items, 6]; f["items"].Bytes = new byte[s_items * 6 * 4]; }, "Tensor 'items' is F32"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Fact]
    public void Load_PutTogetherAgain_GoesOnToTheSameBytes()
    {
        // Shows that the cases are refused for their fault and not for the way they were forged.
        var file = new ForgedFile(s_file.Value);
        Run(file, _ => { });
        var whole = Trainer.Fit(s_train, s_options, new TrainingContext { Validation = s_validation });
        Assert.Equal(SmallModels.Bytes(whole), SmallModels.Bytes(GoOn(file.ToBytes())));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Resume_ForgedCheckpoint_IsRefusedWithTheReason(string name)
    {
        var file = new ForgedFile(s_file.Value);
        s_cases[name].Change(file);
        var refusal = Record.Exception(() => GoOn(file.ToBytes()));
        Assert.True(refusal is ModelFileException or TrainingStartException, $"{refusal}");
        Assert.Contains(s_cases[name].Expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TensorMissing_IsRefusedByItsName()
    {
        foreach (var name in new ForgedFile(s_file.Value).Tensors.Select(part => part.Name).Where(name => !name.StartsWith("padding.", StringComparison.Ordinal) && !name.StartsWith("carried_", StringComparison.Ordinal)))
        {
            var file = new ForgedFile(s_file.Value);
            file.Tensors.Remove(file[name]);
            Assert.Equal($"The checkpoint has no tensor '{name}'.", Assert.Throws<ModelFileException>(() => GoOn(file.ToBytes())).Message);
        }
    }

    /// <summary>As in a file from before an option was there: it has its declared default, not zero.</summary>
    [Fact]
    public void Load_OptionsThatLeaveThingsOut_HaveTheirDeclaredDefaults()
    {
        var file = new ForgedFile(s_file.Value);
        Run(file, run =>
        {
            foreach (var name in new[] { "scoreRegularisation", "optimizerDecay", "adamBeta2", "validationCutoff", "learningRateDecay" })
                Assert.True(run["options"]!.AsObject().Remove(name), name);
        });
        using var stream = new MemoryStream(file.ToBytes());
        using var checkpoint = CheckpointFile.Load(stream);
        Assert.Equal(s_options, checkpoint.Options);
    }

    /// <summary>Before the first step there is no first loss to measure a divergence by.</summary>
    [Fact]
    public void Fit_StoppedBeforeItsFirstStepAndResumed_GivesTheBytesOfOneGo()
    {
        var file = CheckpointOf(s_options, epoch: 1);
        using var stream = new MemoryStream(file);
        using (var checkpoint = CheckpointFile.Load(stream))
            Assert.Equal((0, 1, true, 0), (checkpoint.State.Steps, checkpoint.Epoch, checkpoint.IsWithinEpoch, checkpoint.Epochs.Length));
        var whole = Trainer.Fit(s_train, s_options, new TrainingContext { Validation = s_validation });
        Assert.Equal(SmallModels.Bytes(whole), SmallModels.Bytes(GoOn(file)));
    }

    [Fact]
    public void IsCheckpoint_AnyFile_GoesByItsHeaderAndLeavesTheStreamWhereItWas()
    {
        Assert.True(Ask(s_file.Value));
        Assert.False(Ask(SmallModels.BytesOf(SmallModels.Markov)));
        Assert.False(Ask("no such thing"u8.ToArray()));
        Assert.False(Ask([]));

        static bool Ask(byte[] file)
        {
            using var stream = new MemoryStream([1, 2, 3, .. file]) { Position = 3 };
            var isCheckpoint = CheckpointFile.IsCheckpoint(stream);
            Assert.Equal(3, stream.Position);
            return isCheckpoint;
        }
    }

    [Fact]
    public void Resume_RandomChanges_TrainsOrRefuses()
    {
        var checksum = new SafetensorsFile(s_file.Value).Metadata["checksum"];
        AssertTrainsOrRefuses(600, random => ForgedFile.Signed(RandomChanges.Of(s_file.Value, random), checksum));
    }

    /// <summary>Numbers of the right shape: the place of each lane and what the window carries, near the edges of their ranges.</summary>
    [Fact]
    public void Resume_RandomPlaces_TrainsOrRefuses() => AssertTrainsOrRefuses(400, random =>
    {
        var file = new ForgedFile(s_file.Value);
        int Number() => random.Next(12) == 0 ? random.Next(-2, 70) : random.Next(0, 4);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            if (random.Next(2) == 0)
            {
                var values = file[$"carried_integers.{random.Next(4)}"].Values<int>();
                values[random.Next(values.Length)] = Number();
                continue;
            }

            Run(file, run =>
            {
                var place = run["position"]!;
                var lanes = place[random.Next(2) == 0 ? "sessions" : "positions"]!.AsArray();
                if (random.Next(3) == 0)
                    place["next"] = random.Next(-1, s_train.Count + 2);
                else
                    lanes[random.Next(lanes.Count)] = Number();
            });
        }

        return file.ToBytes();
    });

    private static void AssertTrainsOrRefuses(int trials, Func<Random, byte[]> forge)
    {
        int refused = 0, trained = 0;
        for (var seed = 0; seed < trials; seed++)
        {
            try
            {
                GoOn(forge(new Random(seed)));
                trained++;
            }
            catch (Exception e) when (e is ModelFileException or TrainingStartException or TrainingDivergedException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        // Both must occur often, or the changes are too wild or too tame to show anything.
        Assert.True(refused > trials / 5 && trained > trials / 20, $"{refused} refused, {trained} trained");
    }

    /// <summary>Loads a checkpoint and trains to the end from it.</summary>
    private static TrainedModel GoOn(byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        using var checkpoint = CheckpointFile.Load(stream);
        return Trainer.Fit(s_train, s_options, new TrainingContext { Validation = s_validation, ResumeFrom = checkpoint });
    }

    /// <summary>The checkpoint of a run that is stopped some way into an epoch; into the first one, before its first step.</summary>
    private static byte[] CheckpointOf(Gru4RecOptions options, int epoch)
    {
        using var source = new CancellationTokenSource();
        var sink = new LastFile();
        var reports = 0;
        var progress = new Watcher(report =>
        {
            if (report.Epoch == epoch && ++reports == 20)
                source.Cancel();
        });
        var context = new TrainingContext { Validation = s_validation, Progress = progress, Checkpoints = sink, TimeProvider = epoch == 1 ? new StoppingClock(source) : null };
        Assert.Throws<OperationCanceledException>(() => Trainer.Fit(s_train, options, context, source.Token));
        return sink.Bytes;
    }

    private static void Run(ForgedFile file, Action<JsonNode> change)
    {
        var run = JsonNode.Parse(file.Metadata["run"])!;
        change(run);
        file.Metadata["run"] = run.ToJsonString();
    }

    private static JsonArray Numbers(int count) => [.. Enumerable.Range(0, count).Select(n => (JsonNode)n)];

    /// <summary>Consistent in itself: only the training sessions tell.</summary>
    private static void OneItemLess(ForgedFile file)
    {
        file.Metadata["items"] = $"{s_items - 1}";
        foreach (var name in new[] { "items", "best.items" })
        {
            var part = file[name];
            part.Bytes = part.Bytes[..^(int)(part.Shape[1] * sizeof(float))];
            part.Shape = [s_items - 1, part.Shape[1]];
        }
    }

    private sealed class LastFile : ICheckpointSink
    {
        public byte[] Bytes { get; private set; } = [];

        public void Save(Checkpoint checkpoint)
        {
            using var stream = new MemoryStream();
            CheckpointFile.Save(stream, checkpoint);
            Bytes = stream.ToArray();
        }
    }

    private sealed class Watcher(Action<TrainingProgress> watch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => watch(value);
    }
}
