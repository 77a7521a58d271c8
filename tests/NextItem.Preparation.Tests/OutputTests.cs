using DuckDB.NET.Data;
using NextItem.Data;
using NextItem.Preparation.Tests.Reference;

namespace NextItem.Preparation.Tests;

/// <summary>The same bytes for the same events; the old files until the new ones are complete; the SQL does what was done.</summary>
public sealed class OutputTests : IDisposable
{
    private static readonly PreparationSteps s_steps = new() { MinItemSupport = 2, Sessions = SessionSource.User, EventTypes = ["view", "cart"] };
    private static readonly List<Event> s_log = Enumerable.Range(0, 1000).Select(RandomLog.Of)
        .First(log => ReferencePreparer.Prepare(log, s_steps, byUser: true) is { } sets && sets.Values.All(set => set.Count >= 5));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(OutputFormat.Parquet)]
    [InlineData(OutputFormat.Tsv)]
    public void Bytes_DoNotDependOnThreadsNorTheOrderOfRows(OutputFormat format)
    {
        // More rows than one of DuckDB's row groups has.
        var log = Enumerable.Range(0, 12).SelectMany(part => Enumerable.Range(0, 100).SelectMany(seed => RandomLog.Of(seed).Select(e => e with { Owner = $"{part}.{seed}.{e.Owner}" }))).ToList();
        Assert.True(log.Count > 250_000, $"{log.Count}");
        var one = Files(log, 1, format);
        log.Reverse();
        var two = Files(log, 2, format);

        Assert.Equal(one, two);
    }

    [Fact]
    public void Parquet_IsReadAsEvents_LikeText()
    {
        var input = _folder.Write("log.csv", RandomLog.Text(s_log, byUser: true));
        var text = _folder.Prepare(input, s_steps);
        var parquet = _folder.Prepare(input, s_steps, options => options with { OutputFormat = OutputFormat.Parquet });

        Assert.Equal(text.Files.Select(file => file.Fingerprint), parquet.Files.Select(file => file.Fingerprint));
        Assert.Equal(parquet.Files[0].Fingerprint, EventsFile.Read(_folder.At("out/train_full.parquet")).Fingerprint());
        Assert.Equal(["items.parquet", "prepare.html", "prepare.json", "prepare.sql", "test.parquet", "train_full.parquet", "train_tr.parquet", "train_valid.parquet"], Written());
    }

    [Fact]
    public void Failure_LeavesTheOldFiles()
    {
        var input = _folder.Write("log.csv", RandomLog.Text(s_log, byUser: true));
        _folder.Prepare(input, s_steps);
        var before = Directory.EnumerateFiles(_folder.At("out")).Order().Select(File.ReadAllText).ToArray();
        _folder.Write("out/mine.txt", "mine");

        Assert.Throws<PreparationException>(() => _folder.Prepare(input, s_steps with { MinItemSupport = 1_000_000 }));

        Assert.Equal("mine", File.ReadAllText(_folder.At("out/mine.txt")));
        File.Delete(_folder.At("out/mine.txt"));
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_folder.At("out")).Order().Select(File.ReadAllText));
    }

    [Fact]
    public void Files_OfAnEarlierPreparation_GoWhenTheyAreNotMadeAgain()
    {
        var input = _folder.Write("log.csv", RandomLog.Text(s_log, byUser: true));
        _folder.Prepare(input, s_steps, options => options with { OutputFormat = OutputFormat.Parquet });

        _folder.Prepare(input, s_steps with { Validation = false });

        Assert.Equal(["items.tsv", "prepare.html", "prepare.json", "prepare.sql", "test.tsv", "train_full.tsv"], Written());
    }

    /// <summary>At whatever step the stop comes, the folder is as it was.</summary>
    [Fact]
    public void Stop_AtAnyStep_LeavesTheFolderAsItWas()
    {
        var input = _folder.Write("log.csv", RandomLog.Text(s_log, byUser: true));
        Directory.CreateDirectory(_folder.At("out"));
        var options = new PreparationOptions { Inputs = [input], OutputFolder = _folder.At("out"), Steps = s_steps };
        for (var step = 1; step <= 25; step += 4)
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => SessionPreparer.Prepare(options, new AtStep(step, stop.Cancel), stop.Token));
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.At("out")));
        }
    }

    [Fact]
    public void Script_RunElsewhere_GivesTheSameFiles()
    {
        var input = _folder.Write("log.csv", RandomLog.Text(s_log, byUser: true));
        _folder.Prepare(input, s_steps);
        var written = File.ReadAllText(_folder.At("out/train_full.tsv"));
        var script = File.ReadAllText(_folder.At("out/prepare.sql"));
        File.Delete(_folder.At("out/train_full.tsv"));

        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = script;
        command.ExecuteNonQuery();

        Assert.Equal(written, File.ReadAllText(_folder.At("out/train_full.tsv")));
    }

    [Fact]
    public void Sql_WithoutRunning_HasEveryStepAndNothingToFillIn()
    {
        var input = _folder.Write("log.csv", RandomLog.Text(s_log, byUser: true));

        var sql = SessionPreparer.Sql(new PreparationOptions { Inputs = [input], OutputFolder = _folder.At("out"), Steps = s_steps with { UnseenItems = UnseenItems.Drop, LatestFraction = 0.5, MaxSessionLength = 9 } });

        Assert.DoesNotMatch("\\{[a-z_]+\\}", sql);
        Assert.All(
            ["01-read", "02-drop-bad-rows", "03-keep-event-types", "04-sessions-by-gap", "05-collapse-repeats", "06-split-long-sessions", "07-drop-short-sessions", "08-drop-rare-items", "09-order", "09-split-by-start", "10-drop-unseen-items", "11-latest-fraction", "12-items", "13-write-events", "14-write-items"],
            step => Assert.Contains($"-- {step}.sql\n", sql, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.At("out")));
    }

    [Fact]
    public void Items_HaveSupportAndColumnsOfFilesAndEvents()
    {
        var input = _folder.Write("log.csv", "session_id,item_id,time,price\ns1,a,1000000000,1\ns1,b,1000000001,2\ns2,a,1000000005,3\ns2,a,1000000004,9\ns9,c,1000200000,\n");
        var more = _folder.Write("more.tsv", "item_id\ttitle\na\tRed\tx\nb\tBlue\n".Replace("\tx", ""));

        _folder.Prepare(input, Steps.Lenient, options => options with { ItemFiles = [more], ItemColumns = ["price"] });

        Assert.Equal("ItemId\tSupport\ttitle\tprice", File.ReadLines(_folder.At("out/items.tsv")).First());
        Assert.Equal(["a 3 Red 3", "b 1 Blue 2", "c 0  "], _folder.Rows("items"));
    }

    [Fact]
    public void TemporaryFiles_BeyondTheirLimit_AreAMessage()
    {
        var log = Enumerable.Range(0, 40).SelectMany(part => Enumerable.Range(0, 100).SelectMany(seed => RandomLog.Of(seed).Select(e => e with { Owner = $"a rather long name of a visitor {part}.{seed}.{e.Owner}" })));
        var input = _folder.Write("log.csv", RandomLog.Text(log, byUser: true));

        var refusal = Assert.Throws<PreparationException>(() => _folder.Prepare(input, s_steps, options => options with { MemoryBytes = PreparationOptions.LeastMemoryBytes, TemporaryBytes = 1000 }));

        Assert.Contains("--temp-limit", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("out")));
    }

    [Fact]
    public void Options_WithFaults_AreToldAllAtOnce()
    {
        var options = new PreparationOptions { Inputs = [], OutputFolder = "", Format = "none", Threads = -1, MemoryBytes = 5, Steps = new() { MinItemSupport = 0, LatestFraction = 2, Gap = TimeSpan.Zero } };

        Assert.Equal(8, Assert.Throws<OptionsException>(() => SessionPreparer.Prepare(options)).Faults.Count);
    }

    private string[] Written() => [.. Directory.EnumerateFileSystemEntries(_folder.At("out")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private List<(string Name, string Sha256)> Files(List<Event> log, int threads, OutputFormat format)
    {
        var input = _folder.Write("log.csv", RandomLog.Text(log, byUser: true));
        var report = _folder.Prepare(input, s_steps, options => options with { Threads = threads, OutputFormat = format });
        return [.. report.Files.Select(file => (file.Name, file.Sha256))];
    }

    private sealed class AtStep(int number, Action act) : IProgress<PreparationProgress>
    {
        public void Report(PreparationProgress value)
        {
            if (value.StepNumber == number)
                act();
        }
    }

    /// <summary>JSON may have keys of several lines; text that the reader would refuse is not written, and the files of before stay.</summary>
    [Fact]
    public void KeysOfSeveralLines_AsText_AreRefused()
    {
        var path = _folder.Write("log.jsonl", "{\"session_id\":\"s1\",\"item_id\":\"a\\nb\",\"time\":1000000000}\n{\"session_id\":\"s1\",\"item_id\":\"c\",\"time\":1000000001}\n{\"session_id\":\"s2\",\"item_id\":\"c\",\"time\":1000200000}\n");

        _folder.Prepare(path, Steps.Lenient, options => options with { OutputFormat = OutputFormat.Parquet });
        var before = File.ReadAllBytes(_folder.At("out/prepare.json"));
        var refusal = Assert.Throws<PreparationException>(() => _folder.Prepare(path, Steps.Lenient, options => options with { OutputFormat = OutputFormat.Tsv }));

        Assert.Equal("1 of the events of train_full have a key with a line break, such as 'a b'; text files are read with keys in one line alone. --write parquet has them.", refusal.Message);
        Assert.Equal(before, File.ReadAllBytes(_folder.At("out/prepare.json")));
    }
}
