using System.Text.Json;
using System.Text.RegularExpressions;

namespace NextItem.Cli.Tests;

/// <summary>tune: from a space to settings, and everything that can stop it on the way.</summary>
public sealed class TuneTests(SmallShop shop) : IDisposable
{
    private const string Space = """
        {
          "fixed": { "layers": 8, "n_epochs": 6, "n_sample": 16 },
          "space": {
            "loss": ["cross-entropy", "bpr-max"],
            "learning_rate": { "kind": "log-uniform", "low": 0.01, "high": 0.5 },
            "batch_size": { "kind": "integer", "low": 8, "high": 32, "step": 8 },
            "momentum": { "kind": "uniform", "low": 0, "high": 0.8, "step": 0.1 },
            "bpreg": { "kind": "uniform", "low": 0, "high": 2, "when": { "loss": ["bpr-max"] } }
          }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tune_ASpace_WritesSettingsThatGiveTheSameNumbers()
    {
        var (settings, result) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        (await Tune(settings, "--trials", "14", "--json", result)).Succeeded("compared after 2 and 6 epochs", "what mattered, each alone", "epochs trained of the 84", $"--params {settings}");
        Assert.Equal(["html", "json", "jsonl", "png", "svg"], Directory.GetFileSystemEntries(_folder.Path, $"{Path.GetFileNameWithoutExtension(settings)}*").Select(path => Path.GetExtension(path)[1..]).Order());

        var tuned = Read(settings);
        var best = Read(result).GetProperty("trials")[0];
        Assert.Equal(best.GetProperty("value").GetDouble(), tuned.GetProperty("expected").GetProperty("mrr@20").GetDouble());
        Assert.Equal(best.GetProperty("bestEpoch").GetInt32(), tuned.GetProperty("parameters").GetProperty("n_epochs").GetInt32());
        Assert.Equal(14, Read(result).GetProperty("trials").GetArrayLength());
        Assert.Equal(5, Read(result).GetProperty("importance").GetArrayLength());
        Assert.InRange(Read(result).GetProperty("epochsTrained").GetInt32(), 28, 70);

        Assert.Contains("\"note\": \"'expected' is on ", await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken), StringComparison.Ordinal); // as people read it

        // One training without a break comes to the number that the search came to in steps.
        var model = Path.Combine(_folder.Path, "model.nextitem");
        var trained = await Cli.RunForJson(_folder, "train", "--data", shop.Train, "--valid", shop.Test, "--out", model, "--params", settings, "--threads", "1");
        var metrics = trained.GetProperty("epochs").EnumerateArray().Last().GetProperty("validation").EnumerateArray();
        Assert.Equal(best.GetProperty("value").GetDouble(), metrics.First(metric => metric.GetProperty("name").GetString() == "mrr" && metric.GetProperty("cutoff").GetInt32() == 20).GetProperty("value").GetDouble());
    }

    /// <summary>A trial that went on from a checkpoint has the epochs of one that was never stopped.</summary>
    [Fact]
    public async Task Tune_WithHalving_GoesOnToTheSameEpochsAsWithout()
    {
        var (halved, whole) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        (await Tune(halved, "--trials", "8", "--start", "8")).Succeeded();
        (await Tune(whole, "--trials", "8", "--start", "8", "--no-halving")).Succeeded();
        var all = Log(whole).ToDictionary(line => line.GetProperty("trial").GetInt32(), Losses);
        var wentOn = Log(halved).Where(line => line.GetProperty("rung").GetInt32() == 1).ToArray();
        Assert.InRange(wentOn.Length, 1, 5);
        Assert.All(wentOn, line => Assert.Equal(all[line.GetProperty("trial").GetInt32()], Losses(line)));
        Assert.All(all.Values, losses => Assert.Equal(6, losses.Length));
        Assert.All(Log(halved).Where(line => line.GetProperty("rung").GetInt32() == 0), line => Assert.Equal(all[line.GetProperty("trial").GetInt32()][..2], Losses(line)));
    }

    [Fact]
    public async Task Tune_SideBySideOrOneByOne_ComesToTheSame()
    {
        var (one, many) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        (await Tune(one, "--trials", "12", "--parallel", "1")).Succeeded();
        var output = (await Tune(many, "--trials", "12", "--parallel", "4")).Succeeded("4 trials at a time, one thread each").Output;
        Assert.Equal(WithoutTimes(one), WithoutTimes(many));
        Assert.Contains("best epoch", output, StringComparison.Ordinal);
        foreach (var other in (string[][])[["--seed", "7"], ["--round", "2"], ["--start", "3"], ["--factor", "2"], ["--first-epochs", "3"], ["--metric", "recall@5"], ["--set", "seed=9"], ["--set", "momentum=0.3"]])
        {
            var file = _folder.NewPath(".json");
            (await Tune(file, ["--trials", "12", .. other])).Succeeded();
            Assert.NotEqual(WithoutTimes(one), WithoutTimes(file));
        }
    }

    /// <summary>Killed at three moments and gone on with each time: the settings are those of one go, and so are the trials.</summary>
    [Fact]
    public async Task Tune_KilledThreeTimesAndResumed_ComesToTheSame()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("kills a process by signal");
        string[] options = ["--trials", "16", "--set", "n_epochs=12,layers=150"]; // long enough trials that a kill after the first finds others to come, however late it is
        var (whole, settings) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        (await Tune(whole, options)).Succeeded();
        var random = new Random(5);
        var leftover = Path.Combine(Path.ChangeExtension(settings, ".trials"), ".nextitem-1-1.tmp");
        for (var kill = 0; kill < 3; kill++)
        {
            using var process = Cli.Start([.. Cli.Program, .. Args(settings, options), .. kill > 0 ? ["--resume"] : Array.Empty<string>()]);
            string? line;
            do
                line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.StartsWith("trial ", StringComparison.Ordinal));
            var isLeft = File.Exists(leftover);
            await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.False(File.Exists(settings), "it came to its end before the signal");
            Assert.False(isLeft, "a checkpoint that was half written is cleared away when the search goes on");
            Directory.CreateDirectory(Path.GetDirectoryName(leftover)!); // as if the kill had come while a checkpoint was written
            await File.WriteAllTextAsync(leftover, "NI", TestContext.Current.CancellationToken);
            if (kill == 1) // and while a line was
                await File.AppendAllTextAsync(LogOf(settings), "{\"trial\":3,\"ru", TestContext.Current.CancellationToken);
        }

        (await Tune(settings, [.. options, "--resume"])).Succeeded("going on after");
        Assert.Equal(WithoutTimes(whole), WithoutTimes(settings));
        Assert.Equal(Parameters(whole), Parameters(settings));
        Assert.False(Directory.Exists(Path.ChangeExtension(settings, ".trials")));
    }

    [Fact]
    public async Task Resume_WithMoreTrials_ComesToWhatSoManyWouldHaveFound()
    {
        var (few, many) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        (await Tune(few, "--trials", "6")).Succeeded();
        (await Tune(few, "--trials", "15", "--resume")).Succeeded("going on after");
        (await Tune(many, "--trials", "15")).Succeeded();
        Assert.Equal(Parameters(many), Parameters(few));
        Assert.Superset(WithoutTimes(many).ToHashSet(), WithoutTimes(few).ToHashSet());
    }

    [Fact]
    public async Task Resume_OfAnotherSearch_IsRefusedWithTheDifference()
    {
        var settings = _folder.NewPath(".json");
        (await Tune(settings, "--trials", "2", "--resume")).Failed(1, "does not exist; --resume expects the log of a search that was stopped.");
        (await Tune(settings, "--trials", "2")).Succeeded();
        (await Tune(settings, "--trials", "2")).Failed(2, "holds a search; --resume goes on with it. For a new one name another --out");
        var log = LogOf(settings);
        (await Tune(settings, "--resume", "--metric", "recall@20")).Failed(1, $"{log} is the log of another search: metric is mrr@20 there and recall@20 here.");
        (await Tune(settings, "--resume", "--set", "sample_alpha=0.3")).Failed(1, "setting sample_alpha is 0.5 there and 0.3 here");
        (await Tune(settings, "--resume", "--set", "momentum=0.3")).Failed(1, "searched momentum is 0 to 0.8 by 0.1 there and nothing here");
        (await Cli.Run(["tune", "--data", shop.Train, "--valid", _folder.Text(string.Join('\n', (await File.ReadAllLinesAsync(shop.Test, TestContext.Current.CancellationToken)).SkipLast(3)), ".tsv"), "--space", _folder.Text(Space, ".json"), "--out", settings, "--resume"])).Failed(1, "file valid is", "validation sessions is");
        var swapped = (await Cli.Run("tune", "--data", shop.Test, "--valid", shop.Train, "--space", _folder.Text(Space, ".json"), "--out", settings, "--resume")).Failed(1);
        Assert.Equal($"nextitem: {log} is the log of another search:", swapped.ErrorLines.First(line => !line.Contains("warning", StringComparison.Ordinal)));
        Assert.Matches($"(?m)^nextitem:    file data is {Regex.Escape(shop.Train)} \\(SHA-256 [0-9a-f]{{12}}\\.\\.\\.\\) there and {Regex.Escape(shop.Test)} \\(SHA-256 [0-9a-f]{{12}}\\.\\.\\.\\) here$", swapped.Errors);
        Assert.Matches("(?m)^nextitem:    training sessions is [0-9a-f]{12}\\.\\.\\. there and [0-9a-f]{12}\\.\\.\\. here$", swapped.Errors);
        Assert.Equal("nextitem: --resume expects the same files, space and options; only --trials can be others, and --parallel.", swapped.ErrorLines[^1]);
        await File.WriteAllTextAsync(log, (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Replace("0.1.", "0.0.", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (await Tune(settings, "--trials", "2", "--resume")).Failed(1, "version is 0.0.");
        await File.WriteAllTextAsync(log, "{\"trial\":1}\n", TestContext.Current.CancellationToken);
        (await Tune(settings, "--trials", "2", "--resume")).Failed(1, $"{log}, line 1: no line of a search's log");
    }

    /// <summary>What is made of the features belongs to the search too, by --features or by --params; where the same files lie does not.</summary>
    [Fact]
    public async Task Resume_WithOtherFeatures_IsRefusedWithTheDifference()
    {
        const string Prnn = """{ "algorithm": "prnn", "fixed": { "n_epochs": 1, "n_sample": 16, "layers": 4 }, "space": { "learning_rate": [0.05, 0.1] } }""";
        var (settings, two) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        string[] Named(string features) => ["--trials", "1", "--params", _folder.Text($$"""{ "features": {{features}}, "parameters": {} }""", ".json")];
        (await TuneSpace(settings, Prnn, "--trials", "1", "--features", $"{shop.Names}:text=Name")).Succeeded();
        (await TuneSpace(settings, Prnn, "--trials", "1", "--features", $"{shop.Names}:category=Name", "--resume")).Failed(1, "is the log of another search: features is text=Name there and category=Name[|] here.");
        (await TuneSpace(settings, Prnn, [.. Named($$"""{ "file": "{{shop.Names}}", "text": "Name", "longest_term": 1 }"""), "--resume"])).Failed(1, "another search: features is text=Name there and text=Name longest_term=1 here.");
        (await TuneSpace(settings, Prnn, [.. Named($$"""{ "file": "{{shop.Names}}", "text": "Name" }"""), "--resume"])).Succeeded("going on after");

        // Two files, each with its place in the log's first line.
        var copy = _folder.Text((await File.ReadAllTextAsync(shop.Names, TestContext.Current.CancellationToken)).Replace("ItemId\tName", "ItemId\tWords", StringComparison.Ordinal), ".tsv");
        string[] both = ["--trials", "1", "--features", $"{shop.Names}:text=Name;subnet=a", "--features", $"{copy}:text=Words;subnet=b"];
        (await TuneSpace(two, Prnn, both)).Succeeded();
        (await TuneSpace(two, Prnn, [.. both, "--resume"])).Succeeded("going on after");
        await File.AppendAllTextAsync(copy, "another\tItem\n", TestContext.Current.CancellationToken);
        (await TuneSpace(two, Prnn, [.. both, "--resume"])).Failed(1, "another search: file features 2 is");
    }

    /// <summary>Features that --params named stay with the settings that come out: the proposed command needs no others.</summary>
    [Fact]
    public async Task Tune_FeaturesOfParams_AreInTheSettings()
    {
        const string Prnn = """{ "algorithm": "prnn", "fixed": { "n_epochs": 1, "n_sample": 16, "layers": 4 }, "space": { "learning_rate": [0.05, 0.1] } }""";
        var (settings, start) = (_folder.NewPath(".json"), _folder.Text($$"""{ "features": { "file": "{{shop.Names}}", "text": "Name", "longest_term": 1 }, "parameters": {} }""", ".json"));
        (await TuneSpace(settings, Prnn, "--trials", "1", "--params", start)).Succeeded();
        Assert.Equal(1, Read(settings).GetProperty("features").GetProperty("longest_term").GetInt32());
        (await Cli.Run("train", "--data", shop.Train, "--out", _folder.NewPath(".nextitem"), "--algorithm", "prnn", "--params", settings)).Succeeded("subnet text");
    }

    [Fact]
    public async Task Tune_ALogLineWithOtherSettings_IsRefused()
    {
        var settings = _folder.NewPath(".json");
        (await Tune(settings, "--trials", "3")).Succeeded();
        var lines = await File.ReadAllLinesAsync(LogOf(settings), TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(LogOf(settings), lines.Select(line => line.Replace("\"momentum\":\"0", "\"momentum\":\"7", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        (await Tune(settings, "--trials", "3", "--resume")).Failed(1, "has the settings", "which this search comes to");
    }

    [Fact]
    public async Task Tune_CancelledBetweenTrials_KeepsWhatItHasAndGoesOn()
    {
        var (whole, settings) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        (await Tune(whole, "--trials", "10")).Succeeded();
        using var stop = new CancellationTokenSource();
        using var output = new StoppingWriter(stop, "trial   5");
        using var errors = new StringWriter();
        Assert.Equal(1, await CommandLine.RunAsync(Args(settings, "--trials", "10"), output, errors, stop.Token));
        Assert.Contains($"Stopped. {LogOf(settings)} has ", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("go on with --resume", errors.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(settings));
        (await Tune(settings, "--trials", "10", "--resume")).Succeeded();
        Assert.Equal(WithoutTimes(whole), WithoutTimes(settings));
    }

    [Fact]
    public async Task Tune_OneTrial_IsTrainedToItsEnd()
    {
        var settings = _folder.NewPath(".json");
        (await Tune(settings, "--trials", "1")).Succeeded("6 epochs trained of the 6 that 1 trial would have");
        Assert.Equal(2, Log(settings).Length);
        Assert.True(Read(settings).GetProperty("expected").GetProperty("mrr@20").GetDouble() > 0);
    }

    /// <summary>Trials that diverge are failures with their reason, and the search goes on; where all do there is no result.</summary>
    [Fact]
    public async Task Tune_TrialsThatDiverge_AreRecordedAndPassedOver()
    {
        var space = """{ "fixed": { "layers": 8, "n_epochs": 3, "n_sample": 16, "batch_size": 8 }, "space": { "learning_rate": [0.05, 0.1, 1e6, 1e8] } }""";
        var settings = _folder.NewPath(".json");
        (await TuneSpace(settings, space, "--trials", "9")).Succeeded("2 trials failed", "the space has no more than 4 settings: all of them were tried");
        Assert.Equal(2, Log(settings).Count(line => line.TryGetProperty("failure", out var failure) && failure.GetString()!.Contains("learning rate", StringComparison.Ordinal)));
        Assert.InRange(Read(settings).GetProperty("parameters").GetProperty("learning_rate").GetDouble(), 0.05, 0.1);

        var hopeless = _folder.NewPath(".json");
        (await TuneSpace(hopeless, space.Replace("0.05, 0.1, ", "", StringComparison.Ordinal))).Failed(1, "No trial came to a result: all 2 trials failed, the first: The ");
        Assert.False(File.Exists(hopeless));
    }

    [Fact]
    public async Task Tune_TrialsBeyondTheMemory_AreRecordedAndPassedOver()
    {
        var settings = _folder.NewPath(".json");
        const string Space = """{ "fixed": { "n_epochs": 1, "n_sample": 16, "batch_size": 8 }, "space": { "layers": ["8", "65536/65536/65536"] } }""";
        (await TuneSpace(settings, Space, "--trials", "9")).Succeeded("1 trial failed");
        Assert.Contains("Training needs about", Log(settings).Select(line => line.TryGetProperty("failure", out var failure) ? failure.GetString()! : "").Single(failure => failure.Length > 0), StringComparison.Ordinal);
        Assert.Equal("8", Read(settings).GetProperty("parameters").GetProperty("layers").ToString().Trim('[', ']', ' ', '\n'));
    }

    [Theory]
    [InlineData("item-knn", """{ "space": { "alpha": { "kind": "uniform", "low": 0, "high": 1 }, "lmbd": { "kind": "log-uniform", "low": 1, "high": 100 }, "n_sims": [20, 50] } }""")]
    [InlineData("v-sknn", """{ "algorithm": "v-sknn", "fixed": { "idf_weight": 2 }, "space": { "k": { "kind": "log-integer", "low": 10, "high": 300 }, "recent_sessions": { "kind": "integer", "low": 100, "high": 500, "step": 100 } } }""")]
    [InlineData("bpr-mf", """{ "space": { "n_epochs": { "kind": "integer", "low": 1, "high": 5 }, "factors": [4, 8], "learning_rate": { "kind": "log-uniform", "low": 0.01, "high": 0.2 } } }""")]
    [InlineData("rules", """{ "space": { "ordered": [true, false], "steps": { "kind": "integer", "low": 1, "high": 10 } } }""")]
    [InlineData("recent-pop", """{ "space": { "events": { "kind": "log-integer", "low": 10, "high": 3000 } } }""")]
    public async Task Tune_ABaseline_WritesSettingsThatTrainReads(string algorithm, string space)
    {
        var (settings, model, result) = (_folder.NewPath(".json"), _folder.NewPath(".nextitem"), _folder.NewPath(".json"));
        (await TuneSpace(settings, space, space.Contains("algorithm", StringComparison.Ordinal) ? ["--trials", "6"] : ["--trials", "6", "--algorithm", algorithm])).Succeeded("6 trials, mrr@20", $"--algorithm {algorithm}");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", algorithm, "--params", settings)).Succeeded();
        (await Cli.Run("evaluate", "--model", model, "--data", shop.Test, "--json", result)).Succeeded();
        var measured = Read(result).GetProperty("metrics").EnumerateArray().First(metric => metric.GetProperty("name").GetString() == "mrr" && metric.GetProperty("cutoff").GetInt32() == 20).GetProperty("value").GetDouble();
        Assert.Equal(Read(settings).GetProperty("expected").GetProperty("mrr@20").GetDouble(), measured);
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", "vmis-knn", "--params", settings)).Failed(2, $"'algorithm' is '{algorithm}'; expected vmis-knn");
    }

    [Theory]
    [InlineData("interleaving", 3)]
    [InlineData("alternating", 3)]
    public async Task Tune_APrnn_TrainsWithTheFeatures(string strategy, int trials)
    {
        var space = """{ "algorithm": "prnn", "fixed": { "n_epochs": 2, "n_sample": 16 }, "space": { "layers": [4, 8], "learning_rate": { "kind": "log-uniform", "low": 0.02, "high": 0.2 }, "subnet.units": [4, 6] } }""";
        var settings = _folder.NewPath(".json");
        string[] options = ["--trials", $"{trials}", "--features", $"{shop.Names}:text=Name;subnet=subnet", "--strategy", strategy];
        if (strategy == "alternating")
        {
            (await TuneSpace(settings, space, options)).Failed(2, "one subnet at a time", "expected --no-halving");
            options = [.. options, "--no-halving"];
        }

        (await TuneSpace(settings, space, options)).Succeeded();
        var trained = await Cli.RunForJson(_folder, "train", "--data", shop.Train, "--valid", shop.Test, "--out", _folder.NewPath(".nextitem"), "--algorithm", "prnn", "--features", $"{shop.Names}:text=Name;subnet=subnet", "--params", settings, "--threads", "1");
        var last = trained.GetProperty("epochs").EnumerateArray().Last().GetProperty("validation").EnumerateArray();
        Assert.Equal(Read(settings).GetProperty("expected").GetProperty("mrr@20").GetDouble(), last.First(metric => metric.GetProperty("name").GetString() == "mrr" && metric.GetProperty("cutoff").GetInt32() == 20).GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Tune_ALogOnAFullDisk_SaysSoAndGoesOn()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/dev/shm") || !await Cli.Has(["mount", "--version"]))
            Assert.Skip("mounts a small file system");
        var disk = Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;
        if ((await Cli.RunProcess("mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk)).ExitCode != 0)
            Assert.Skip("may not mount a file system");
        try
        {
            var settings = Path.Combine(disk, "tuned.json");
            var failed = (await Tune(settings, "--trials", "40")).Failed(1);
            Assert.Matches("the disk is full|No space left on device", failed.Errors); // a checkpoint beside the log, or the log itself
            Assert.False(File.Exists(settings));
            Assert.EndsWith("\n", await File.ReadAllTextAsync(LogOf(settings), TestContext.Current.CancellationToken), StringComparison.Ordinal);
            (await Cli.RunProcess("mount", "-o", "remount,size=20m", disk)).Succeeded();
            (await Tune(settings, "--trials", "40", "--resume")).Succeeded();
            var whole = _folder.NewPath(".json");
            (await Tune(whole, "--trials", "40")).Succeeded();
            Assert.Equal(WithoutTimes(whole), WithoutTimes(settings));
        }
        finally
        {
            await Cli.RunProcess("umount", disk);
        }
    }

    [Fact]
    public async Task Tune_TheLog_NamesWhatWasRead()
    {
        var settings = _folder.NewPath(".json");
        (await Tune(settings, "--trials", "2")).Succeeded();
        var lines = (await File.ReadAllLinesAsync(LogOf(settings), TestContext.Current.CancellationToken)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var expected = new[] { shop.Train, shop.Test }.Select(path => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))).ToArray();
        Assert.All(lines, line => Assert.Equal(expected, line.GetProperty("files").EnumerateArray().Take(2).Select(file => file.GetProperty("sha256").GetString())));
        Assert.Equal(["data", "valid", "space"], lines[0].GetProperty("files").EnumerateArray().Select(file => file.GetProperty("role").GetString()));
        Assert.All(lines[1..], line => Assert.True(line.GetProperty("seed").GetInt32() == 42 && line.GetProperty("seconds").GetDouble() > 0 && line.GetProperty("settings").EnumerateObject().Count() >= 4));
    }

    private Task<CliResult> Tune(string settings, params string[] options) => Cli.Run(Args(settings, options));

    private Task<CliResult> TuneSpace(string settings, string space, params string[] options) =>
        Cli.Run(["tune", "--data", shop.Train, "--valid", shop.Test, "--space", _folder.Text(space, ".space"), "--out", settings, .. options]);

    private string[] Args(string settings, params string[] options) =>
        ["tune", "--data", shop.Train, "--valid", shop.Test, "--space", _folder.Text(Space, ".space"), "--out", settings, .. options];

    private static string LogOf(string settings) => Path.ChangeExtension(settings, ".trials.jsonl");

    private static JsonElement Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }

    private static string Parameters(string settings) => Read(settings).GetProperty("parameters").GetRawText();

    private static JsonElement[] Log(string settings) => [.. File.ReadAllLines(LogOf(settings)).Skip(1).Select(line => JsonDocument.Parse(line).RootElement)];

    private static double[] Losses(JsonElement line) => [.. line.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble())];

    /// <summary>The log's lines in an order of their own, without what took how long.</summary>
    private static string[] WithoutTimes(string settings) =>
    [
        .. Log(settings).OrderBy(line => line.GetProperty("trial").GetInt32()).ThenBy(line => line.GetProperty("rung").GetInt32()).Select(line =>
            $"{line.GetProperty("trial")} {line.GetProperty("rung")} {line.GetProperty("settings").GetRawText()} {(line.TryGetProperty("value", out var value) ? value.GetDouble() : "failed")} {string.Join(' ', Losses(line))}"),
    ];

    /// <summary>Stops the command when a line with a text is written.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stop, string text) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(text, StringComparison.Ordinal) == true)
                stop.Cancel();
        }
    }
}
