using System.CommandLine;
using System.Text.Json;
using NextItem.Cli.Commands;
using NextItem.Preparation;

namespace NextItem.Cli.Tests;

public sealed class PrepareTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Prepare_ThenTrainAndEvaluate_CarriesTheFingerprintIntoTheModel()
    {
        var (output, model) = (_folder.NewPath(""), _folder.NewPath(".nextitem"));

        var prepared = (await Cli.Run("prepare", "--input", Log(), "--out", output, "--gap", "none", "--min-item-support", "2")).Succeeded("09-split-by-start", "train_full.parquet", "prepare.json");
        (await Cli.Run("train", "--data", Path.Combine(output, "train_full.parquet"), "--out", model, "--algorithm", "markov")).Succeeded();
        (await Cli.Run("evaluate", "--model", model, "--data", Path.Combine(output, "test.parquet"))).Succeeded("Recall@K");
        var inspected = await Cli.RunForJson(_folder, "inspect", "--model", model);

        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(output, "prepare.json"), TestContext.Current.CancellationToken));
        var file = report.RootElement.GetProperty("files").EnumerateArray().Single(each => each.GetProperty("name").GetString() == "train_full.parquet");
        Assert.Equal(file.GetProperty("fingerprint").GetString(), inspected.GetProperty("facts").GetProperty("dataFingerprint").GetString());
        Assert.Contains("session 'session', item 'item', time 'time' (seconds, a guess)", prepared.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--gap 30m", "<= 1800000000 THEN")]
    [InlineData("--sessions user", "owner_key || '-'")]
    [InlineData("--sessions user --gap 2h", "<= 7200000000 THEN")]
    [InlineData("--session-column visit2 --columns visit2,a,item,b,time", "one_line(\"visit2\") AS owner_key")]
    [InlineData("--user-column type --sessions user", "one_line(\"type\") AS owner_key")]
    [InlineData("--item-column type", "one_line(\"type\") AS item_key")]
    [InlineData("--time-column second --columns session,b,item,d,second", "number_time(one_line(\"second\"), 1000000) AS time")]
    [InlineData("--time-unit milliseconds", "number_time(one_line(\"time\"), 1000) AS time")]
    [InlineData("--time-format i%d --time-column item", "date_time(try_strptime(one_line(CAST(\"item\" AS VARCHAR)), 'i%d')) AS time")]
    [InlineData("--separator tab --columns session --item-column session --time-column session --time-unit seconds", "delim = '\t'")]
    [InlineData("--event-types view,cart", "event_type NOT IN ('view', 'cart')")]
    [InlineData("--event-types view --type-column item", "nullif(\"item\", '') AS event_type")]
    [InlineData("--max-session-length 50", "// 50 + 1")]
    [InlineData("--max-session-length 50 --long-sessions drop", "HAVING count(*) > 50")]
    [InlineData("--min-item-support 7", "HAVING count(*) < 7")]
    [InlineData("--min-session-length 3", "HAVING count(*) < 3")]
    [InlineData("--split 7d", "(SELECT max(time) FROM events) - 604800000000")]
    [InlineData("--split 2014-09-29", ">= 1411948800000000")]
    [InlineData("--split-end 1400000000", "(1400000000000000 - 86400000000)")]
    [InlineData("--split-end 2014-05-13T16:53:20Z", "(1400000000000000 - 86400000000)")]
    [InlineData("--split-by end", "09-split-by-end.sql")]
    [InlineData("--crossing drop", " AND session_end < ")]
    [InlineData("--unseen drop", "10-drop-unseen-items.sql")]
    [InlineData("--latest-fraction 1/64", "> ceil(session_count * 0.015625)")]
    [InlineData("--item-columns type", "arg_max(\"type\"")]
    [InlineData("--write tsv", "items.tsv' (FORMAT csv")]
    [InlineData("--out some/folder", "'some/folder/items.parquet'")]
    public async Task PrintSql_WithAnOption_ShowsWhatItDoes(string option, string expected)
    {
        var log = Log();
        var with = (await Cli.Run(["prepare", "--input", log, "--print-sql", .. option.Split(' ')])).Succeeded().Output;
        var without = (await Cli.Run("prepare", "--input", log, "--print-sql")).Succeeded().Output;

        Assert.Contains(expected, with, StringComparison.Ordinal);
        Assert.DoesNotContain(expected, without, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--collapse-repeats false", "05-collapse-repeats.sql")]
    [InlineData("--filter once", "These two in turn, until nothing changes")]
    [InlineData("--no-validation", "train_valid")]
    [InlineData("--crossing keep", " AND time < ")]
    public async Task PrintSql_WithAnOption_LeavesOutWhatItForbids(string option, string absent)
    {
        var log = Log();
        var with = (await Cli.Run(["prepare", "--input", log, "--print-sql", .. option.Split(' ')])).Succeeded().Output;
        var without = (await Cli.Run("prepare", "--input", log, "--print-sql")).Succeeded().Output;

        Assert.DoesNotContain(absent, with, StringComparison.Ordinal);
        Assert.Contains(absent, without, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrintSql_OfTypes_BeforeOrAfterSessions()
    {
        string[] command = ["prepare", "--input", Log(), "--print-sql", "--event-types", "view", "--types-first"];
        var first = (await Cli.Run([.. command, "true"])).Succeeded().Output;
        var last = (await Cli.Run([.. command, "false"])).Succeeded().Output;

        Assert.True(first.IndexOf("03-keep", StringComparison.Ordinal) < first.IndexOf("04-sessions", StringComparison.Ordinal));
        Assert.True(last.IndexOf("03-keep", StringComparison.Ordinal) > last.IndexOf("04-sessions", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_OfTheRun_AreUnderstood()
    {
        var options = Parse("--input a --input b --out o --table t --query q --strict --threads 2 --memory 4GB --temp tmp --temp-limit 1.5TB --item-features f --item-features g");

        Assert.Equal(["a", "b"], options.Inputs);
        Assert.Equal(["f", "g"], options.ItemFiles);
        Assert.Equal(("o", "t", "q", true, 2), (options.OutputFolder, options.Table, options.Query, options.Strict, options.Threads));
        Assert.Equal((4L << 30, "tmp", 3L << 39), (options.MemoryBytes, options.TemporaryFolder, options.TemporaryBytes));
        Assert.Equal((0L, 0, false, (string?)null), Of(Parse("--input a --out o")));

        static (long, int, bool, string?) Of(PreparationOptions options) => (options.MemoryBytes, options.Threads, options.Strict, options.TemporaryFolder);
    }

    [Fact]
    public void Options_NotGiven_AreTheFormats()
    {
        Assert.Equal(SessionPreparer.StepsOf("rees46"), Parse("--input a --out o --format rees46").Steps);
        Assert.Equal(SessionPreparer.StepsOf("retailrocket") with { EventTypes = [] }, Parse("--input a --out o --format RetailRocket --event-types all").Steps! with { EventTypes = [] });
        Assert.Null(Parse("--input a --out o --format rees46 --split-end last").Steps!.End);
    }

    [Theory]
    [InlineData("--gap 1", "--gap is '1'; expected a number and a unit of s, m, h, d or w, for instance 1h.")]
    [InlineData("--split soon", "--split is 'soon'; expected a duration such as 1d, a date such as 2014-09-29, or Unix seconds.")]
    [InlineData("--latest-fraction 5/4", "--latest-fraction is '5/4'; expected more than 0 and at most 1, for instance 1/64 or 0.1.")]
    [InlineData("--memory much", "--memory is 'much'; expected a size such as 4GB or 512MB.")]
    [InlineData("--memory 1MB", "--memory is 1,048,576; expected 0 or at least 268,435,456.")]
    [InlineData("--filter never", "--filter is 'never'; expected one of stable, once.")]
    [InlineData("--format yoochose", "--format is 'yoochose'; expected one of events, yoochoose, diginetica")]
    [InlineData("--collapse-repeats maybe", "--collapse-repeats is 'maybe'; expected one of true, false.")]
    [InlineData("--min-item-support 0", "--min-item-support is 0; expected at least 1.")]
    [InlineData("--time-format dd.MM.yyyy", "--time-format is 'dd.MM.yyyy'; expected how dates are written, such as %d.%m.%Y %H:%M.")]
    [InlineData("--time-format %Y --time-unit seconds", "--time-format and --time-unit are both given")]
    [InlineData("--write csv", "--write is 'csv'; expected one of parquet, tsv.")]
    public async Task Usage_Wrong_IsTold(string option, string told) =>
        (await Cli.Run(["prepare", "--input", Log(), "--out", _folder.NewPath(""), .. option.Split(' ')])).Failed(2, told);

    [Fact]
    public async Task Usage_WithoutAFolder_IsTold() => (await Cli.Run("prepare", "--input", Log())).Failed(2, "Option '--out' is required.");

    [Fact]
    public async Task BadRows_AreWarnings_AndWithStrictAFailure()
    {
        var log = Log("s1,u,a,view,never");
        var result = (await Cli.Run("prepare", "--input", log, "--out", _folder.NewPath(""), "--min-item-support", "2")).Succeeded();

        Assert.Contains("nextitem: warning: 1 bad row passed over:", result.Errors, StringComparison.Ordinal);
        Assert.Contains($"nextitem:   {log}, row 241: 'time' is 'never'; expected a number.", result.Errors, StringComparison.Ordinal);
        (await Cli.Run("prepare", "--input", log, "--out", _folder.NewPath(""), "--strict")).Failed(1, "row 241: 'time' is 'never'");
    }

    [Fact]
    public async Task Json_IsWrittenWhereItIsWanted()
    {
        var json = await Cli.RunForJson(_folder, "prepare", "--input", Log(), "--out", _folder.NewPath(""), "--min-item-support", "2", "--write", "tsv");

        Assert.Equal(240, json.GetProperty("counts")[0].GetProperty("events").GetInt64());
        Assert.Equal("train_full.tsv", json.GetProperty("files")[0].GetProperty("name").GetString());
        var timings = json.GetProperty("timings").EnumerateArray().ToList();
        Assert.Equal("input", timings[0].GetProperty("step").GetString());
        Assert.Contains(timings, timing => timing.GetProperty("step").GetString() == "09-split-by-start");
        Assert.All(timings, timing => Assert.True(timing.GetProperty("seconds").GetDouble() >= 0));
    }

    [Fact]
    public async Task NothingLeft_IsAFailureWithTheStep() =>
        (await Cli.Run("prepare", "--input", Log(), "--out", _folder.NewPath(""), "--min-item-support", "9999")).Failed(1, "Step 08-drop-rare-items left no event in events, of 240 before it. A smaller --min-item-support drops fewer.");

    private static PreparationOptions Parse(string line)
    {
        var options = new PrepareOptions();
        var command = new Command("prepare");
        options.AddTo(command);
        return options.Of(command.Parse(line.Split(' ')));
    }

    // 60 sessions of four events over five days.
    private string Log(params string[] more) => _folder.Text(
        "session,user,item,type,time\n" + string.Concat(Enumerable.Range(0, 240).Select(i => $"s{i / 4},u{i / 12},i{i * 7 % 13},{(i % 5 == 0 ? "cart" : "view")},{1_400_000_000 + (i * 1_800)}\n")) + string.Concat(more.Select(row => row + "\n")), ".csv");
}
