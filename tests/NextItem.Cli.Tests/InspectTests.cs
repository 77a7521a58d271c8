using NextItem.Cli.Commands;

namespace NextItem.Cli.Tests;

public sealed class InspectTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_Gru4Rec_TellsOptionsAndOrigin()
    {
        var output = (await Cli.Run("inspect", "--model", shop.Gru4Rec)).Succeeded().Output;
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", shop.Gru4Rec)).GetProperty("facts");
        var data = (await Cli.RunForJson(_folder, "inspect", "--data", shop.Train)).GetProperty("facts");

        Assert.Matches("algorithm +gru4rec\n", output);
        Assert.Matches("  layers +16\n", output);
        Assert.Equal(("gru4rec", 60, "16"), (facts.GetProperty("algorithm").GetString(), facts.GetProperty("items").GetInt32(), facts.GetProperty("options").GetProperty("layers").GetString()));
        Assert.Equal(data.GetProperty("dataFingerprint").GetString(), facts.GetProperty("dataFingerprint").GetString());
        Assert.Equal(data.GetProperty("events").GetInt32(), facts.GetProperty("events").GetInt32());
        Assert.Equal(data.GetProperty("lastTime").GetDouble(), facts.GetProperty("trainedUntil").GetDouble());
    }

    /// <summary>The longest name decides where the values begin; what a baseline does not have is not told as 0.</summary>
    [Fact]
    public async Task Model_Lines_AreAlignedAndTellWhatThereIs()
    {
        var lines = (await Cli.Run("inspect", "--model", shop.Gru4Rec)).Succeeded().Output.Split('\n');
        var column = lines.Single(line => line.StartsWith("algorithm ", StringComparison.Ordinal)).IndexOf("gru4rec", StringComparison.Ordinal);
        Assert.Equal(column, lines.Single(line => line.StartsWith("  constrained_embedding ", StringComparison.Ordinal)).IndexOf("True", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("trained by", StringComparison.Ordinal) && line.Contains("seed 42, 1 thread, vectors of ", StringComparison.Ordinal));

        Assert.DoesNotContain("seed", (await Cli.Run("inspect", "--model", shop.Markov)).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("constrained_embedding=False,embedding=12", "12", 2, (60 * 17) + (60 * 12) + (12 * 48) + (16 * 48) + 48)]
    [InlineData("constrained_embedding=False,embedding=layersize", "layersize", 2, (60 * 17) + (60 * 16) + (16 * 48) + (16 * 48) + 48)]
    [InlineData("constrained_embedding=False,embedding=0", "0", 2, (60 * 17) + (60 * 48) + (16 * 48) + 48)]
    [InlineData("constrained_embedding=True", "0", 1, (60 * 17) + (16 * 48) + (16 * 48) + 48)]
    public async Task Model_OtherInputs_TellsThemAndTheFormatVersion(string settings, string embedding, int version, int parameters)
    {
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. SmallShop.Quick, "--set", settings])).Succeeded();

        var output = (await Cli.Run("inspect", "--model", model)).Succeeded().Output;
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", model)).GetProperty("facts");

        Assert.Contains($"format version {version}\n", output, StringComparison.Ordinal);
        Assert.Matches($"  embedding +{embedding}\n", output);
        Assert.Equal((version == 1).ToString(), facts.GetProperty("options").GetProperty("constrained_embedding").GetString());
        Assert.Equal(parameters, facts.GetProperty("parameters").GetInt32());
    }

    [Fact]
    public async Task Checkpoint_OfAFinishedEpoch_SaysWhatItIsAndHowToGoOn()
    {
        var checkpoint = await Checkpoint("run.checkpoint", "--valid", shop.Test, "--set", "patience=5");

        var output = (await Cli.Run("inspect", "--model", checkpoint)).Succeeded().Output;
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", checkpoint)).GetProperty("facts");
        var model = (await Cli.RunForJson(_folder, "inspect", "--model", shop.Gru4Rec)).GetProperty("facts");

        Assert.Contains($"train --resume --checkpoint {checkpoint} goes on with it", output, StringComparison.Ordinal);
        Assert.Matches("finished epochs +2 of 2\n", output);
        Assert.Matches("best epoch +[12], by mrr@20\n", output);
        Assert.True(facts.GetProperty("isCheckpoint").GetBoolean());
        Assert.Equal(2, facts.GetProperty("finishedEpochs").GetInt32());
        Assert.Equal((60, "16"), (facts.GetProperty("items").GetInt32(), facts.GetProperty("options").GetProperty("layers").GetString()));
        foreach (var same in new[] { "parameters", "dataFingerprint", "lastEpochLoss" })
            Assert.Equal(model.GetProperty(same).ToString(), facts.GetProperty(same).ToString());
        Assert.InRange(facts.GetProperty("validation recall@20").GetDouble(), 0.01, 1);
        Assert.False(model.TryGetProperty("isCheckpoint", out _));
    }

    /// <summary>The run is taken up by the library and stopped there: by the time of a clock it could end before its time.</summary>
    [Fact]
    public async Task Checkpoint_WithinAnEpoch_SaysWithinWhich()
    {
        var checkpoint = await Checkpoint("within.checkpoint");
        using (var run = Files.LoadCheckpoint(new FileInfo(checkpoint)))
        using (var stopped = new CancellationTokenSource())
        {
            var context = new TrainingContext { ResumeFrom = run, Checkpoints = new FileSink(checkpoint), Progress = new Stop(stopped) };
            Assert.Throws<OperationCanceledException>(() => Trainer.Fit(Data.EventsFile.Read(shop.Train, cancellationToken: TestContext.Current.CancellationToken), run.Options with { Epochs = 7 }, context, stopped.Token));
        }

        Assert.Matches("finished epochs +2 of 7, stopped within epoch 3\n", (await Cli.Run("inspect", "--model", checkpoint)).Succeeded().Output);
    }

    /// <summary>Stops a run at its first word.</summary>
    private sealed class Stop(CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => source.Cancel();
    }

    [Fact]
    public async Task Checkpoint_Damaged_IsRefusedByName()
    {
        var checkpoint = await Checkpoint("damaged.checkpoint");
        var bytes = await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(checkpoint, bytes, TestContext.Current.CancellationToken);

        (await Cli.Run("inspect", "--model", checkpoint)).Failed(1, checkpoint, "damaged");
    }

    [Fact]
    public async Task Model_Baselines_TellTheirSize()
    {
        Assert.True((await Cli.RunForJson(_folder, "inspect", "--model", shop.Markov)).GetProperty("facts").GetProperty("transitions").GetInt64() > 60);
        Assert.Equal(60, (await Cli.RunForJson(_folder, "inspect", "--model", shop.Popularity)).GetProperty("facts").GetProperty("listedItems").GetInt32());
    }

    [Fact]
    public async Task Data_Small_IsCountedByHand()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a 1700000000", "s a 1700000060", "s b 1700000120", "t b 1700000180", "u c 1700000240", "u b 1700000300");

        var facts = (await Cli.RunForJson(_folder, "inspect", "--data", data)).GetProperty("facts");
        double Number(string name) => facts.GetProperty(name).GetDouble();

        Assert.Equal((6, 3, 3, 1, 3), (Number("events"), Number("sessions"), Number("items"), Number("sessionsOfOneEvent"), Number("predictions")));
        Assert.Equal((2, 2, 3, 3), (Number("meanSessionLength"), Number("medianSessionLength"), Number("longestSession"), Number("itemsBelowFiveEvents")));
        Assert.Equal(1 / 6.0, Number("repeatShare"), 1e-12);
        Assert.Equal((1700000000, 1700000300), (Number("firstTime"), Number("lastTime")));
        Assert.Equal("b", facts.GetProperty("mostPopularItem").GetString());
        Assert.Matches("first time +2023-11-14 22:13:20Z\n", (await Cli.Run("inspect", "--data", data)).Output);
    }

    [Theory]
    [InlineData("no session has two events", "s a 1", "t b 2")]
    [InlineData("1 session has one event", "s a 1", "t b 2", "t a 3")]
    [InlineData("the times look like an order, not like a clock", "s a 1", "s b 2", "t a 3", "t b 4", "u a 5", "u b 6", "v a 7", "v b 8")]
    [InlineData("1 sessions last longer than a day", "s a 1700000000", "s b 1700090000")]
    [InlineData("events per item: most items cannot be learned", "s a 1", "s b 2")]
    [InlineData("of the events repeat the one before", "s a 1", "s a 2", "s b 3")]
    public async Task Data_Doubtful_IsWarnedAbout(string warning, params string[] rows)
    {
        var data = _folder.Events(["SessionId ItemId Time", .. rows]);

        var output = (await Cli.Run("inspect", "--data", data)).Succeeded().Output;
        var json = await Cli.RunForJson(_folder, "inspect", "--data", data);

        Assert.Contains(output.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains(warning, StringComparison.Ordinal));
        Assert.Contains(json.GetProperty("warnings").EnumerateArray(), told => told.GetString()!.Contains(warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_LongSession_IsWarnedAbout()
    {
        var data = _folder.Events(["SessionId ItemId Time", .. Enumerable.Range(0, 201).Select(i => $"s {i % 20} {i}")]);

        Assert.Contains("warning: the longest session has 201 events", (await Cli.Run("inspect", "--data", data)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_Sound_HasNoWarning()
    {
        Assert.DoesNotContain("warning", (await Cli.Run("inspect", "--data", shop.Train)).Succeeded().Output, StringComparison.Ordinal);
    }

    private async Task<string> Checkpoint(string name, params string[] more)
    {
        var checkpoint = Path.Combine(_folder.Path, name);
        (await Cli.Run(["train", "--data", shop.Train, "--out", _folder.NewPath(".nextitem"), "--checkpoint", checkpoint, .. SmallShop.Quick, .. more])).Succeeded();
        return checkpoint;
    }

    private sealed class FileSink(string path) : ICheckpointSink
    {
        public void Save(Checkpoint checkpoint)
        {
            using var stream = File.Create(path);
            CheckpointFile.Save(stream, checkpoint);
        }
    }
}
