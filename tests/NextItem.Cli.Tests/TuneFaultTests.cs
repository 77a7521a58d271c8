using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Cli.Tuning;
using NextItem.Data;

namespace NextItem.Cli.Tests;

/// <summary>tune: what stands in its way, and what it proposes.</summary>
public sealed class TuneFaultTests(SmallShop shop) : IDisposable
{
    private const string Space = """{ "fixed": { "layers": 4, "n_epochs": 2, "n_sample": 8 }, "space": { "learning_rate": [0.02, 0.05, 0.1, 0.2] } }""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Wherever it is said, before any data is read, and without a log that stands in the way of the next search.</summary>
    [Fact]
    public async Task Distillation_AboveZero_IsRefused()
    {
        const string Message = "distillation is 0.5; expected 0: it needs teachers, which 'train --teacher' has.";
        var settings = _folder.NewPath(".json");
        var (space, distilled) = (_folder.Text(Space, ".space"), _folder.Text(Space.Replace("\"layers\"", "\"distillation\": 0.5, \"layers\"", StringComparison.Ordinal), ".space"));
        string[] tune = ["tune", "--data", "no-data.tsv", "--valid", "no-valid.tsv", "--out", settings, "--space"];
        (await Cli.Run([.. tune, distilled])).Failed(2, Message);
        (await Cli.Run([.. tune, space, "--set", "distillation=0.5"])).Failed(2, Message);
        (await Cli.Run([.. tune, space, "--params", _folder.Text("""{ "distillation": 0.5 }""", ".json")])).Failed(2, Message);
        Assert.False(File.Exists(Path.ChangeExtension(settings, ".trials.jsonl")));
        (await Cli.Run("tune", "--data", shop.Train, "--valid", shop.Test, "--out", settings, "--space", distilled, "--trials", "1", "--set", "distillation=0")).Succeeded();
    }

    /// <summary>What the trainer refuses is no defect of the program.</summary>
    [Fact]
    public void TrainingStartException_IsAFailureInRunning()
    {
        var train = EventsFile.Read(shop.Train, cancellationToken: TestContext.Current.CancellationToken);
        var refused = Assert.Throws<TrainingStartException>(() => Trainer.RequireStart(train, new Gru4RecOptions { Distillation = 0.5f }, new TrainingContext()));
        var message = FailureMessage.Of(refused);
        Assert.Equal(ExitCodes.Failure, message.ExitCode);
        Assert.Equal([refused.Message], message.Lines);
    }

    [Fact]
    public async Task Log_OfASearchThatRuns_IsRefusedAndCanBeRead()
    {
        var settings = _folder.NewPath(".json");
        (await Tune(settings, "--trials", "1")).Succeeded();
        var log = new FileInfo(Path.ChangeExtension(settings, ".trials.jsonl"));
        using (Held(log))
        {
            (await Tune(settings, "--trials", "1", "--resume")).Failed(1, $"{log} cannot be opened: ", "Does another 'tune' work with it?");
            if (!OperatingSystem.IsWindows())
                (await Cli.RunProcess("tail", "-n", "1", log.ToString())).Succeeded("\"trial\":0");
        }

        (await Tune(settings, "--trials", "1", "--resume")).Succeeded("going on after");
    }

    [Fact]
    public void Log_OpenTwice_IsRefused()
    {
        var file = new FileInfo(_folder.NewPath(".jsonl"));
        using (TrialLog.Open(file, [("seed", "1")], [], resume: false))
        {
            var refused = Assert.Throws<RunException>(() => TrialLog.Open(file, [("seed", "1")], [], resume: true).Dispose());
            Assert.Contains("Does another 'tune' work with it?", refused.Message, StringComparison.Ordinal);
        }

        using var again = TrialLog.Open(file, [("seed", "1")], [], resume: true);
        Assert.Empty(again.Records);
    }

    /// <summary>Three rounds that each need nearly all of the memory are warned of once.</summary>
    [Fact]
    public void Memory_ThatMayNotDo_IsWarnedOfOnce()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var needed = Trainer.EstimateMemory(EventsFile.Read(shop.Train, cancellationToken: TestContext.Current.CancellationToken).Catalog.Count, new Gru4RecOptions { Layers = [4], NegativeSampleCount = 8, Threads = 1 });
        var request = new TuningRequest
        {
            Data = new FileInfo(shop.Train),
            Valid = new FileInfo(shop.Test),
            Space = new FileInfo(_folder.Text(Space, ".space")),
            Out = new FileInfo(_folder.NewPath(".json")),
            Columns = new EventColumns(),
            Metric = TunedMetric.Standard,
            Search = new SearchOptions { Trials = 3, RoundSize = 1 },
        };
        new TuningJob(new Terminal(output, errors), request, new MemoryLimit(needed)).Run(TestContext.Current.CancellationToken);
        Assert.Single(errors.ToString().Split('\n'), line => line.Contains("it may come to a crawl or be killed", StringComparison.Ordinal));
        Assert.Contains("trial   2", output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A path with a space is one argument of the command that is proposed, and of the one in the settings.</summary>
    [Fact]
    public async Task NextCommand_WithSpacesInPaths_CanBePasted()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "my shop")).FullName;
        string In(string name) => Path.Combine(folder, name);
        File.Copy(shop.Train, In("train.tsv"));
        File.Copy(shop.Names, In("items.tsv"));
        var space = _folder.Text("""{ "algorithm": "prnn", "fixed": { "n_epochs": 1, "n_sample": 16, "layers": 4 }, "space": { "learning_rate": [0.05, 0.1] } }""", ".space");
        var features = $"{In("items.tsv")}:text=Name;subnet=words";
        (await Cli.Run("tune", "--data", In("train.tsv"), "--valid", shop.Test, "--space", space, "--out", In("tuned.json"), "--trials", "1", "--features", features))
            .Succeeded($"next: nextitem train --data \"{In("train.tsv")}\" --out model.nextitem --algorithm prnn --features \"{features}\" --params \"{In("tuned.json")}\"\n");
        using var tuned = JsonDocument.Parse(await File.ReadAllBytesAsync(In("tuned.json"), TestContext.Current.CancellationToken));
        Assert.EndsWith($" Train with --features \"{features}\".", tuned.RootElement.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Columns of other names, or without names, are part of the command that is proposed; it runs as it stands.</summary>
    [Theory]
    [InlineData("Visitor\tThe item\tTime", new[] { "--session-column", "Visitor", "--item-column", "The item" }, " --session-column Visitor --item-column \"The item\"")]
    [InlineData(null, new[] { "--format", "pygru4rec" }, " --format pygru4rec")]
    public async Task NextCommand_OfFilesWithOtherColumns_ReadsThemToo(string? header, string[] options, string text)
    {
        string Renamed(string file) => _folder.Text(string.Join('\n', [.. header is null ? Array.Empty<string>() : [header], .. File.ReadLines(file).Skip(1)]) + "\n", ".tsv");
        var (train, valid, tuned, model) = (Renamed(shop.Train), Renamed(shop.Test), _folder.NewPath(".json"), _folder.NewPath(".nextitem"));
        var space = _folder.Text("""{ "fixed": { "n_epochs": 1, "n_sample": 16, "layers": 4 }, "space": { "learning_rate": [0.05, 0.1] } }""", ".space");
        (await Cli.Run(["tune", "--data", train, "--valid", valid, "--space", space, "--out", tuned, "--trials", "1", .. options]))
            .Succeeded($"next: nextitem train --data {train}{text} --out model.nextitem --params {tuned}\n");
        (await Cli.Run(["train", "--data", train, .. options, "--out", model, "--params", tuned])).Succeeded();
    }

    /// <summary>A log that another process has open as a search has it.</summary>
    private static FileStream Held(FileInfo log) => new(log.FullName, FileMode.Open, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None);

    private Task<CliResult> Tune(string settings, params string[] options) =>
        Cli.Run(["tune", "--data", shop.Train, "--valid", shop.Test, "--space", _folder.Text(Space, ".space"), "--out", settings, .. options]);
}
