namespace NextItem.Cli.Tests;

/// <summary>The warnings of <c>inspect</c>: each from data that deserve it, and not from data that do not.</summary>
public sealed class ReviewTests(SmallShop shop) : IDisposable
{
    private const int Noon = 1_700_000_000;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_TrainAndLaterTest_HasFactsAndNoWarning()
    {
        var output = (await Cli.Run("inspect", "--data", shop.Train, "--test", shop.Test)).Succeeded("test file", "of unknown items", "under drop", "under miss").Output;
        var json = await Cli.RunForJson(_folder, "inspect", "--data", shop.Train, "--test", shop.Test);

        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        Assert.Empty(json.GetProperty("findings").EnumerateArray());
        Assert.Equal(0, json.GetProperty("facts").GetProperty("testUnknownEvents").GetInt32());
    }

    /// <summary>Training visits start at hours 0 to 99 and last two minutes; of ten test visits, so many start an hour too early or more.</summary>
    [Theory]
    [InlineData(0, null)]
    [InlineData(3, "test-starts-in-training")]
    [InlineData(7, "no-time-split")]
    public async Task TimeSplit_TestVisitsBeforeTheEndOfTraining_AreCounted(int early, string? code)
    {
        var train = Visits(100, 3, (visit, i) => ("t" + visit, "i" + ((visit + i) % 10), Hour(visit) + (60 * i)));
        var test = Visits(10, 3, (visit, i) => ("u" + visit, "i" + ((visit + i) % 10), Hour(visit < early ? 98 : 101 + visit) + (60 * i)));

        await AssertFinding(code, ("sessions", early), ["test-starts-in-training", "no-time-split"], "--data", train, "--test", test);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(4, "shared-sessions")]
    public async Task SharedSessions_IdsOfTraining_AreCounted(int shared, string? code)
    {
        var train = Visits(100, 3, (visit, i) => ("t" + visit, "i" + ((visit + i) % 10), Hour(visit) + (60 * i)));
        var test = Visits(10, 3, (visit, i) => ((visit < shared ? "t" : "u") + visit, "i" + ((visit + i) % 10), Hour(101 + visit) + (60 * i)));

        await AssertFinding(code, ("sessions", shared), ["shared-sessions", "shared-events"], "--data", train, "--test", test);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(2, "shared-events")]
    public async Task SharedEvents_OfTraining_AreCounted(int shared, string? code)
    {
        var train = Visits(100, 3, (visit, i) => ("t" + visit, "i" + ((visit + i) % 10), Hour(visit) + (60 * i)));
        var test = Visits(10, 3, (visit, i) => visit < shared ? ("t" + visit, "i" + ((visit + i) % 10), Hour(visit) + (60 * i)) : ("u" + visit, "i1", Hour(101 + visit) + (60 * i)));

        await AssertFinding(code, ("events", 3 * shared), ["shared-events"], "--data", train, "--test", test);
    }

    /// <summary>Of 40 test events, so many are of an item that training never saw; 5 % is not yet told.</summary>
    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "unknown-items")]
    public async Task UnknownItems_ShareOfTheTest_IsTold(int unknown, string? code)
    {
        var train = Visits(100, 3, (visit, i) => ("t" + visit, "i" + ((visit + i) % 10), Hour(visit) + (60 * i)));
        var test = Visits(10, 4, (visit, i) => ("u" + visit, visit < unknown && i == 2 ? "new" : "i" + ((visit + i) % 10), Hour(101 + visit) + (60 * i)));

        await AssertFinding(code, ("events", unknown), ["unknown-items"], "--data", train, "--test", test);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(5, "duplicate-events")]
    public async Task DuplicateEvents_SameSessionItemAndTime_AreCounted(int twice, string? code)
    {
        // The last event of some visits is the one before it again; of the others only the time differs.
        var train = Visits(100, 3, (visit, i) => ("t" + visit, "i" + ((visit + Math.Min(i, 1)) % 50), Hour(visit) + (60 * (visit < twice ? Math.Min(i, 1) : i))));

        await AssertFinding(code, ("events", twice), ["duplicate-events"], "--data", train);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(7, "single-event-sessions")]
    public async Task SingleEventSessions_AreCounted(int alone, string? code)
    {
        var rows = Enumerable.Range(0, 100).SelectMany(visit => Enumerable.Range(0, visit < alone ? 1 : 3).Select(i => $"t{visit} i{(visit + i) % 10} {Hour(visit) + (60 * i)}"));

        await AssertFinding(code, ("sessions", alone), ["single-event-sessions"], "--data", _folder.Events(["SessionId ItemId Time", .. rows]));
    }

    /// <summary>100 users of 3 events; a share of them enters all at once, or over days; items within a session repeat or do not.</summary>
    [Theory]
    [InlineData("visits", null)]
    [InlineData("9 % at once", null)]
    [InlineData("10 % at once", "ratings")]
    [InlineData("6 % over days", "ratings")]
    [InlineData("6 % over days, one repeats", null)]
    [InlineData("5 % over days", null)]
    [InlineData("25 events, no repeat", "ratings")]
    [InlineData("25 events, one repeats", null)]
    public async Task Ratings_ByTimesAndRepeats_AreTold(string kind, string? code)
    {
        var atOnce = kind.EndsWith("at once", StringComparison.Ordinal) ? int.Parse(kind[..2], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var days = kind.Contains("over days", StringComparison.Ordinal) ? kind[0] - '0' : 0;
        var length = kind.StartsWith("25", StringComparison.Ordinal) ? 25 : 3;
        var repeats = kind.EndsWith("one repeats", StringComparison.Ordinal);
        var data = Visits(100, length, (user, i) => (
            "t" + user,
            "i" + (repeats && user == 50 && i == length - 1 ? user : (user + i) % 100),
            Hour(user) + (user < atOnce ? 0 : i * (user < days ? 50_000 : 60))));

        await AssertFinding(code, null, ["ratings"], "--data", data);
    }

    /// <summary>
    /// 1,000 items. Natural: supports of 1, 2, 3 ... up to 50. Filtered: the same from 12 on, so that many are just above 12. Busy: a
    /// large shop in which every item has many events, without a heap at the lower end. Small: 999 items as in filtered, as a small shop has them.
    /// </summary>
    [Theory]
    [InlineData("natural", null)]
    [InlineData("filtered", "over-filtering")]
    [InlineData("busy", null)]
    [InlineData("small", null)]
    public async Task OverFiltering_OfRareItems_IsToldByTheHeapAboveTheBound(string kind, string? code)
    {
        var rows = new List<string> { "SessionId ItemId Time" };
        var visit = 0;
        for (var item = 0; item < (kind == "small" ? 999 : 1_000); item++)
        {
            var support = kind switch { "natural" => 1 + (item / 20), "filtered" or "small" => 12 + (item / 40), _ => 10 + (item < 20 ? 0 : 40 + (item / 5)) };
            for (var i = 0; i < support; i++, visit++)
                rows.Add($"t{visit / 2} i{item} {Hour(visit / 2) + (60 * (visit % 2))}");
        }

        var data = _folder.Events([.. rows]);
        await AssertFinding(code, code is null ? null : ("support", 12), ["over-filtering"], "--data", data);
        if (code is null)
            return;

        // Compare says it once, though the data and the models of two parts of them have it each.
        var part = _folder.Events([.. rows.Take(rows.Count - 400)]);
        var (whole, less) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        foreach (var (file, model) in new[] { (data, whole), (part, less) })
            (await Cli.Run("train", "--algorithm", "pop", "--data", file, "--out", model)).Succeeded();
        var told = (await Cli.Run("compare", "--models", $"{whole},{less}", "--data", data, "--train", data, "--out", _folder.NewPath(""), "--resamples", "100", "--metrics", "recall,mrr")).Succeeded("either rare items were taken out (below 5 is usual), or there are none; of rare items the numbers tell nothing.").Output;
        Assert.Equal(2, told.Split("either rare items").Length);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "short-sessions-missing")]
    public async Task ShortSessions_NoneOfTwoEvents_AreMissed(int shortest, string? code)
    {
        var rows = Enumerable.Range(0, 100).SelectMany(visit => Enumerable.Range(0, visit == 9 ? shortest : 4).Select(i => $"t{visit} i{(visit + i) % 10} {Hour(visit) + (60 * i)}"));

        await AssertFinding(code, code is null ? null : ("shortestSession", 3), ["short-sessions-missing"], "--data", _folder.Events(["SessionId ItemId Time", .. rows]));
    }

    [Fact]
    public async Task Test_DoubtfulByItself_IsToldAsTheTests()
    {
        var train = Visits(100, 3, (visit, i) => ("t" + visit, "i" + ((visit + i) % 10), Hour(visit) + (60 * i)));
        var test = Visits(10, 3, (visit, i) => ("u" + visit, "i1", Hour(101 + visit) + (60 * i)));

        await AssertFinding("test-repeats", null, ["test-repeats"], "--data", train, "--test", test);
    }

    [Fact]
    public async Task Test_WithoutData_IsWrongUsage() =>
        (await Cli.Run("inspect", "--model", shop.Markov, "--test", shop.Test)).Failed(2, "--test is checked against training events; expected --data with it.");

    /// <summary>Fails unless, of the codes named, the one expected is found and no other, in the text and in the JSON with its number.</summary>
    private async Task AssertFinding(string? code, (string Name, double Value)? number, string[] codes, params string[] options)
    {
        var output = (await Cli.Run(["inspect", .. options])).Succeeded().Output;
        var findings = (await Cli.RunForJson(_folder, ["inspect", .. options])).GetProperty("findings").EnumerateArray().ToArray();
        var found = findings.Where(finding => codes.Contains(finding.GetProperty("code").GetString())).Select(finding => finding.GetProperty("code").GetString()).ToArray();
        if (code is null)
        {
            Assert.Empty(found);
            return;
        }

        Assert.Contains(code, found);
        var told = findings.Single(finding => finding.GetProperty("code").GetString() == code);
        Assert.Contains($"warning: {told.GetProperty("message").GetString()}\n", output, StringComparison.Ordinal);
        if (number is { } expected)
            Assert.Equal(expected.Value, told.GetProperty("numbers").GetProperty(expected.Name).GetDouble());
    }

    /// <summary>A file of visits with so many events each.</summary>
    private string Visits(int visits, int length, Func<int, int, (string Session, string Item, int Time)> row) =>
        _folder.Events(["SessionId ItemId Time", .. Enumerable.Range(0, visits).SelectMany(visit => Enumerable.Range(0, length).Select(i => row(visit, i))).Select(each => $"{each.Session} {each.Item} {each.Time}")]);

    private static int Hour(int hour) => Noon + (hour * 3_600);
}
