using System.Text.Json;

namespace NextItem.Preparation.Tests;

/// <summary>Counts, warnings, histograms and refusals.</summary>
public sealed class ReportTests : IDisposable
{
    private const int Start = 1_400_000_000;
    private const int Day = 86_400;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Counts_OfEveryStep_AreThoseOfTheLog()
    {
        // s1: a a b; s2: c; s3 (a day later): a b. 'c' goes with s2, which is too short.
        var report = _folder.Prepare(Log("s1 a 0", "s1 a 1", "s1 b 2", "s2 c 3", $"s3 a {2 * Day}", $"s3 b {(2 * Day) + 1}"), new PreparationSteps { MinItemSupport = 2, Validation = false });

        Assert.Equal(
            [
                ("01-read", "events", 6L, 3L, 3L), ("04-sessions-by-id", "events", 6, 3, 3), ("05-collapse-repeats", "events", 5, 3, 3),
                ("07-drop-short-sessions", "events", 4, 2, 2), ("08-drop-rare-items", "events", 4, 2, 2),
                ("09-split-by-start", "train_full", 2, 1, 2), ("07-drop-short-sessions", "train_full", 2, 1, 2), ("09-split-by-start", "test", 2, 1, 2), ("07-drop-short-sessions", "test", 2, 1, 2),
            ],
            report.Counts.Select(count => (count.Step, count.Table, count.Events, count.Sessions, count.Items)));
        Assert.Equal((Start, Start + (2 * Day) + 1), (report.Counts[0].FirstTime, report.Counts[0].LastTime));
    }

    [Theory]
    [InlineData("s1 a 0|s1 b 1|s2 a 200000|s2 c 200001", 3, "Step 08-drop-rare-items left no event in events, of 4 before it. A smaller --min-item-support drops fewer.")]
    [InlineData("s1 a 0|s2 b 1", 1, "Step 07-drop-short-sessions left no event in events, of 2 before it. A smaller --min-session-length drops fewer.")]
    [InlineData("s1 a 0|s1 b 1", 1, "Step 09-split-by-start left no event in train_full, of 2 before it. Another --split or --split-end moves the cut.")]
    [InlineData("s1 a 0|s1 b 1|s2 a 200000|s2 c 200001", 1, "Step 09-split-by-start left no event in train_valid, of 2 before it. --no-validation does without these two files.")]
    public void NothingLeft_IsRefusedWithTheStep(string log, int support, string told)
    {
        var refusal = Assert.Throws<PreparationException>(() => _folder.Prepare(Log(log.Split('|')), new PreparationSteps { MinItemSupport = support }));

        Assert.Equal(told, refusal.Message);
        Assert.False(Directory.Exists(_folder.At("out")));
    }

    [Fact]
    public void Warnings_OfACleanLog_AreNone() =>
        Assert.Empty(_folder.Prepare(Log([.. Enumerable.Range(0, 100).Select(i => $"s{i / 4} i{i % 23} {i * 2000}")]), Steps.Lenient).Warnings);

    [Fact]
    public void Warnings_TellProgramsDuplicatesPlaceholdersClocksAndReusedIds()
    {
        var good = Enumerable.Range(0, 3000).Select(i => $"s{i / 4} i{i * 7 % 31} {i * 100}");
        var robot = Enumerable.Range(0, 1200).Select(i => $"robot i{i % 31} {i}");
        var placeholder = Enumerable.Range(0, 1500).Select(i => $"p{i} home {i * 200}");
        string[] clock = ["old x -800000000", "twice i1 0", $"twice i1 {3 * Day}"];

        var warnings = _folder.Prepare(Log([.. good, .. good.Take(200), .. robot, .. placeholder, .. clock]), Steps.Lenient).Warnings;

        Assert.Contains(warnings, warning => warning.StartsWith("1 session has 1,000 events or more, 1,200 in all; the longest, 'robot', has 1,200: programs", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("200 events (3.4 %) are the same as another", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("Item 'home' has 25", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("1 event lies 9,259 days before all others, until 1989-01-05: clock errors?", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.StartsWith("1 event is before 1995", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("sessions last longer than a day, 'twice' the longest", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "Step 05-collapse-repeats takes them.")]
    [InlineData(false, "They are kept; --collapse-repeats true takes them.")]
    public void Warning_OfEventsThatAreThereTwice_SaysWhatBecomesOfThem(bool collapses, string told)
    {
        // Another item at the same time comes between only by its key.
        var log = Log("s1 a 0", "s1 b 0", "s1 a 0", "s1 b 0", $"s2 a {2 * Day}");

        var report = _folder.Prepare(log, Steps.Lenient with { CollapseRepeats = collapses });

        Assert.Equal([$"2 events (40.0 %) are the same as another: session, item and time. Was a file read twice? {told}"], report.Warnings.Where(warning => warning.Contains("same as another", StringComparison.Ordinal)));
        Assert.Equal(collapses ? 2 : 4, _folder.Rows("train_full").Length);
    }

    [Theory]
    [InlineData("user", null, "Sessions: the events of a user, cut at pauses of more than 1h (--gap).")]
    [InlineData("user", 90.0, "Sessions: the events of a user, cut at pauses of more than 90m (--gap).")]
    [InlineData("session", 2880.0, "Sessions: the events of a session id, cut at pauses of more than 2d (--gap).")]
    [InlineData("session", 0.5, "Sessions: the events of a session id, cut at pauses of more than 30s (--gap).")]
    [InlineData("session", null, null)]
    public void Pause_ThatCutsSessions_IsTold(string owner, double? minutes, string? told)
    {
        var path = _folder.Write("log.csv", $"{owner},item,time\na,i,{Start}\nb,j,{Start + (3 * Day)}\n");

        var report = _folder.Prepare(path, Steps.Lenient with { Gap = minutes is { } gap ? TimeSpan.FromMinutes(gap) : null });

        Assert.Equal(told is null ? [] : [told], report.Understood.Where(sentence => sentence.StartsWith("Sessions:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Histograms_CountSessionsItemsAndDays()
    {
        var report = _folder.Prepare(Log("s1 a 0", "s1 b 1", "s2 a 2", "s2 a 3", "s2 c 4", $"s3 a {3 * Day}"), Steps.Lenient);

        Assert.Equal([("1", 1L), ("2", 1), ("3", 1)], Bars("session length"));
        Assert.Equal([("1", 2L), ("2-4", 1)], Bars("item support"));
        Assert.Equal([("2014-05-13", 5L), ("2014-05-14", 0), ("2014-05-15", 0), ("2014-05-16", 1)], Bars("events a day"));

        IEnumerable<(string, long)> Bars(string name) => report.Histograms.Single(histogram => histogram.Name == name).Bars.Select(bar => (bar.Label, bar.Count));
    }

    [Fact]
    public void Json_HasCountsFilesAndFingerprints()
    {
        var report = _folder.Prepare(Log("s1 a 0", "s1 b 1", $"s3 a {3 * Day}"), Steps.Lenient);

        using var json = JsonDocument.Parse(File.ReadAllText(_folder.At("out/prepare.json")));
        var root = json.RootElement;
        Assert.Equal(3, root.GetProperty("counts")[0].GetProperty("events").GetInt64());
        Assert.Equal("start", root.GetProperty("steps").GetProperty("splitBy").GetString());
        foreach (var (file, i) in report.Files.Select((file, i) => (file, i)))
        {
            var written = root.GetProperty("files")[i];
            Assert.Equal((file.Name, file.Fingerprint), (written.GetProperty("name").GetString(), written.GetProperty("fingerprint").GetString()));
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder.At($"out/{file.Name}")))), written.GetProperty("sha256").GetString());
        }

        var page = File.ReadAllText(_folder.At("out/prepare.html"));
        Assert.All(report.Counts, count => Assert.Contains($">{count.Step}</td>", page, StringComparison.Ordinal));
        Assert.Equal(3, page.Split("<svg ").Length - 1);
    }

    private string Log(params string[] rows) =>
        _folder.Write("log.tsv", "SessionId\tItemId\tTime\n" + string.Concat(rows.Select(row => row.Split(' ')).Select(row => $"{row[0]}\t{row[1]}\t{Start + long.Parse(row[2])}\n")));
}
