using System.Globalization;
using System.Text.Json;

namespace NextItem.Cli.Tests;

/// <summary>train --checkpoint, --resume and --warm-start.</summary>
public sealed class CheckpointTests(SmallShop shop) : IDisposable
{
    private static readonly string[] s_settings = ["--set", "layers=8,n_epochs=6,n_sample=16,batch_size=16,dropout_p_hidden=0.2,momentum=0.3", "--threads", "1"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Killed without warning at three random moments, and gone on with each time: the model's bytes are those of one go.</summary>
    [Fact]
    public async Task Train_KilledThreeTimesAndResumed_WritesTheSameBytes()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("kills a process by signal");
        // Epochs enough that no signal comes too late.
        string[] settings = [.. s_settings, "--set", "n_epochs=150"];
        var whole = _folder.NewPath(".nextitem");
        (await Cli.Run(["train", "--data", shop.Train, "--out", whole, .. settings])).Succeeded();
        Assert.False(File.Exists(whole + ".checkpoint"));

        var model = _folder.NewPath(".nextitem");
        var random = new Random(12);
        for (var kill = 0; kill < 3; kill++)
        {
            string[] resume = kill > 0 ? ["--resume"] : [];
            using var process = Cli.Start([.. Cli.Program, "train", "--data", shop.Train, "--out", model, .. settings, .. resume]);
            string? line;
            do
                line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.StartsWith("epoch ", StringComparison.Ordinal));
            await Task.Delay(random.Next(30), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.False(File.Exists(model), "it came to its end before the signal");
            Assert.True(File.Exists(model + ".checkpoint"));
        }

        (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. settings, "--resume"])).Succeeded("going on in epoch");
        Assert.Equal(await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(model + ".checkpoint"));
    }

    [Fact]
    public async Task Resume_WithMoreEpochs_NeedsNoOtherSettingAndReportsAllEpochs()
    {
        var (model, checkpoint, json, history) = (_folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"), _folder.NewPath(".json"), _folder.NewPath(".csv"));
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. s_settings, "--checkpoint", checkpoint])).Succeeded();
        Assert.True(File.Exists(checkpoint)); // asked for by name: it stays
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", checkpoint, "--resume", "--set", "n_epochs=8", "--json", json, "--history", history)).Succeeded("going on in epoch 7 of 8, 6 finished");
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(json, TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(1, 8), report.RootElement.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.Equal(9, (await File.ReadAllLinesAsync(history, TestContext.Current.CancellationToken)).Length);

        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", checkpoint, "--resume", "--set", "layers=9"))
            .Failed(2, "layers=9 is asked for, but the run in", "has layers=8; leave it out");
        string[] resume = ["train", "--out", model, "--checkpoint", checkpoint, "--resume"];
        foreach (var (args, exitCode, fault) in ((string[], int, string)[])
            [
                (["--data", shop.Test], 1, "other training sessions"),
                (["--data", shop.Train, "--valid", shop.Test], 1, "another validation set"),
                (["--data", shop.Train, "--set", "n_epochs=1"], 2, $"n_epochs=1 is asked for, but the run in {checkpoint} has finished 8; expected at least as many."),
            ])
        {
            var refused = (await Cli.Run([.. resume, .. args])).Failed(exitCode, fault);
            Assert.DoesNotContain("going on", refused.Output, StringComparison.Ordinal); // no success before the failure
        }

        (await Cli.Run("evaluate", "--model", checkpoint, "--data", shop.Test)).Failed(1, $"{checkpoint} is the checkpoint of a training run, no model yet: 'train --resume --checkpoint {checkpoint}' goes on with it");
    }

    [Fact]
    public async Task Resume_WithoutACheckpoint_SaysWhatIsExpected()
    {
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--resume")).Failed(1, "does not exist; --resume expects the checkpoint of a run that was stopped");
        var file = _folder.Text("no checkpoint", ".checkpoint");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--resume", "--checkpoint", file)).Failed(1, file, "Not a checkpoint");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--resume", "--warm-start", file)).Failed(2, "expected one of them");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--resume", "--algorithm", "pop")).Failed(2, "'pop' is fitted in one go");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", shop.Train)).Failed(2, "is another file of this command");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--set", "patience=2")).Failed(2, "patience is 2", "expected --valid");
    }

    /// <summary>Whoever forgets --resume and stops the new run at once still has the epochs of the old one, however often.</summary>
    [Fact]
    public async Task Train_OverACheckpointWithFinishedEpochs_KeepsItAside()
    {
        var (model, checkpoint) = (_folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"));
        string[] train = ["train", "--data", shop.Train, "--out", model, .. s_settings];
        (await Cli.Run([.. train, "--checkpoint", checkpoint])).Succeeded();
        File.Copy(checkpoint, model + ".checkpoint");
        var old = await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken);

        (await StopAfterTheFirstEpoch([.. train, "--set", "n_epochs=7"])).Failed(1, $"{model}.checkpoint holds a run with 6 of 6 epochs finished; it becomes {model}.checkpoint.bak when");
        var second = await File.ReadAllBytesAsync(model + ".checkpoint", TestContext.Current.CancellationToken);
        (await StopAfterTheFirstEpoch([.. train, "--set", "n_epochs=8"])).Failed(1, $"{model}.checkpoint holds a run with 1 of 7 epochs finished; it becomes {model}.checkpoint.bak2 when");

        Assert.Equal(old, await File.ReadAllBytesAsync(model + ".checkpoint.bak", TestContext.Current.CancellationToken));
        Assert.Equal(second, await File.ReadAllBytesAsync(model + ".checkpoint.bak2", TestContext.Current.CancellationToken));
    }

    /// <summary>A run that has come to its model needs no keeping once another has.</summary>
    [Fact]
    public async Task Train_AgainToItsEndWithANamedCheckpoint_LeavesOneCheckpoint()
    {
        var (model, checkpoint) = (_folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"));
        for (var run = 0; run < 2; run++)
            (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. s_settings, "--checkpoint", checkpoint])).Succeeded();
        Assert.Equal([model, checkpoint], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    private static async Task<CliResult> StopAfterTheFirstEpoch(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var output = new StopAt("epoch ", stop);
        using var errors = new StringWriter();
        return new CliResult(await CommandLine.RunAsync(args, output, errors, stop.Token), output.ToString(), errors.ToString());
    }

    [Fact]
    public async Task Train_OverAFileThatIsNoCheckpoint_IsRefused()
    {
        var model = _folder.NewPath(".nextitem");
        foreach (var (file, words) in ((string, string)[])[(shop.Gru4Rec, "is a NextItem model"), (shop.Test, "looks like an event file"), (shop.Names, "is no file of NextItem's")])
        {
            var copy = _folder.NewPath("");
            File.Copy(file, copy);
            (await Cli.Run(["train", "--data", shop.Train, "--out", model, "--checkpoint", copy, .. s_settings])).Failed(2, $"--checkpoint {copy} {words} and would be replaced");
            File.Copy(file, model + ".checkpoint", overwrite: true);
            (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. s_settings])).Failed(2, $"{model}.checkpoint {words} and would be replaced");
            foreach (var there in (string[])[copy, model + ".checkpoint"])
                Assert.Equal(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(there, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Resume_FromATruncatedCheckpointOrAModel_SaysWhatItIs()
    {
        var (model, checkpoint) = (_folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"));
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. s_settings, "--checkpoint", checkpoint])).Succeeded();
        await using (var file = File.OpenWrite(checkpoint))
            file.SetLength(file.Length / 2);
        string[] train = ["train", "--data", shop.Train, "--out", model];
        (await Cli.Run([.. train, "--checkpoint", checkpoint, "--resume"])).Failed(1, $"{checkpoint}: The checkpoint is truncated");
        (await Cli.Run([.. train, "--checkpoint", checkpoint])).Failed(1, $"{checkpoint} would be replaced", "The checkpoint is truncated");
        (await Cli.Run("inspect", "--model", checkpoint)).Failed(1, $"{checkpoint}: The checkpoint is truncated");
        (await Cli.Run([.. train, "--checkpoint", shop.Gru4Rec, "--resume"])).Failed(1, $"{shop.Gru4Rec} is a NextItem model", "--warm-start");
    }

    /// <summary>Beside a device there is no place for a file, and nobody to take it away again.</summary>
    [Fact]
    public async Task Train_ToADevice_LeavesNoCheckpointBesideIt()
    {
        if (!File.Exists("/dev/null"))
            Assert.Skip("needs /dev/null");
        (await Cli.Run(["train", "--data", shop.Train, "--out", "/dev/null", .. s_settings, "--set", "n_epochs=1"])).Succeeded();
        Assert.False(File.Exists("/dev/null.checkpoint"));
    }

    [Fact]
    public async Task Train_Diverged_NamesTheCheckpointThatIsStillGood()
    {
        var (model, checkpoint) = (_folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"));
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. s_settings, "--checkpoint", checkpoint, "--set", "n_epochs=1"])).Succeeded();
        var before = await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken);
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", checkpoint, "--resume", "--set", "n_epochs=3,learning_rate=1e6"))
            .Failed(1, "in epoch 2, mini-batch", "learning rate", "holds the run with 1 finished epoch: go on from there");
        Assert.Equal(before, await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken));
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", checkpoint, "--resume", "--set", "n_epochs=3,learning_rate=0.01")).Succeeded("going on in epoch 2 of 3");
    }

    [Fact]
    public async Task WarmStart_OnNewData_PrintsOldAndNewSideBySide()
    {
        var (old, model, json) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".json"));
        (await Cli.Run(["train", "--data", shop.Train, "--out", old, .. s_settings])).Succeeded();
        var result = await Cli.Run("train", "--data", shop.Test, "--valid", shop.Test, "--out", model, "--warm-start", old, "--set", "n_epochs=1", "--json", json);
        result.Succeeded("items go on", "old model", "new model", "recall@20", "mrr@20", "unknown items are misses");
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(json, TestContext.Current.CancellationToken));
        var warm = report.RootElement.GetProperty("warmStart");
        Assert.Equal(64, warm.GetProperty("dataFingerprint").GetString()!.Length);

        // The old model's numbers are those of evaluate.
        var evaluation = _folder.NewPath(".json");
        (await Cli.Run("evaluate", "--model", old, "--data", shop.Test, "--unknown", "miss", "--json", evaluation)).Succeeded();
        using var expected = JsonDocument.Parse(await File.ReadAllBytesAsync(evaluation, TestContext.Current.CancellationToken));
        Assert.Equal(Values(expected.RootElement.GetProperty("metrics")), Values(warm.GetProperty("old")));
        Assert.NotEqual(Values(warm.GetProperty("old")), Values(warm.GetProperty("new")));

        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--warm-start", old, "--set", "layers=9")).Failed(2, $"layers=9 is asked for, but {old} has layers=8; leave it out.");
        var popular = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", shop.Train, "--out", popular, "--algorithm", "pop")).Succeeded();
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--warm-start", popular)).Failed(1, "'pop'; --warm-start expects gru4rec");

        static string Values(JsonElement metrics) =>
            string.Join(' ', metrics.EnumerateArray().Select(m => $"{m.GetProperty("name")}@{m.GetProperty("cutoff")}={m.GetProperty("value").GetDouble().ToString(CultureInfo.InvariantCulture)}"));
    }

    [Fact]
    public async Task Train_Patience_SaysWhichEpochIsKept()
    {
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run(["train", "--data", shop.Train, "--valid", shop.Test, "--out", model, .. s_settings, "--set", "n_epochs=30,learning_rate=0.5,patience=1"]))
            .Succeeded("kept epoch", "the best by mrr@20; stopped after epoch");
    }

    [Theory]
    [InlineData("recall@10", "Recall@10 0.")]
    [InlineData("mrr@3", "MRR@3 0.")]
    public async Task Train_Patience_ShowsTheMetricThatItGoesBy(string metric, string shown)
    {
        var model = _folder.NewPath(".nextitem");
        var result = (await Cli.Run(["train", "--data", shop.Train, "--valid", shop.Test, "--out", model, .. s_settings, "--set", $"n_epochs=2,patience=2,validation_metric={metric}"])).Succeeded();
        Assert.All(result.Output.Split('\n').Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)), line => Assert.Contains(shown, line, StringComparison.Ordinal));
    }

    /// <summary>An output that stops the command when it says something.</summary>
    private sealed class StopAt(string text, CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(text, StringComparison.Ordinal) == true)
                stop.Cancel();
        }
    }
}
