using System.Text.Json;

namespace NextItem.Cli.Tests;

public sealed class EvaluateTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_Json_HasTheContractsFields()
    {
        var json = await Evaluate();

        string[] expected = ["recall@1", "recall@5", "recall@10", "recall@20", "mrr@1", "mrr@5", "mrr@10", "mrr@20"];
        Assert.Equal(expected, json.GetProperty("metrics").EnumerateArray().Select(metric => $"{metric.GetProperty("name")}@{metric.GetProperty("cutoff")}"));
        Assert.All(json.GetProperty("metrics").EnumerateArray(), metric => Assert.InRange(metric.GetProperty("value").GetDouble(), 1e-9, 1));
        var lines = await File.ReadAllLinesAsync(shop.Test, TestContext.Current.CancellationToken);
        var sessions = lines.Skip(1).Select(line => line.Split('\t')[0]).Distinct().Count();
        Assert.Equal(lines.Length - 1 - sessions, json.GetProperty("cases").GetInt32());
        Assert.Equal(0, json.GetProperty("ties").GetInt32());
    }

    [Fact]
    public async Task Evaluate_Output_NamesTheProtocolBesideTheNumbers()
    {
        var output = (await Cli.Run("evaluate", "--model", shop.Gru4Rec, "--data", shop.Test)).Succeeded().Output;

        Assert.Contains("Recall@K", output, StringComparison.Ordinal);
        Assert.Contains("unknown items: drop;", output, StringComparison.Ordinal);
        Assert.Contains("ties: standard; 0 cases tied", output, StringComparison.Ordinal);
        Assert.Contains("gru4rec on test.tsv", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_OnTheShop_GetsBetterFromPopularityToMarkov()
    {
        var popularity = Value(await Evaluate(shop.Popularity), "recall", 20);
        var markov = Value(await Evaluate(shop.Markov), "recall", 20);

        Assert.True(popularity < markov, $"{popularity} {markov}");
    }

    [Fact]
    public async Task Cutoffs_Given_AreThoseReportedOnceAndInOrder()
    {
        var json = await Evaluate(shop.Gru4Rec, "--cutoffs", "20, 3,3");

        Assert.Equal([3, 20, 3, 20], json.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("cutoff").GetInt32()));
        Assert.Equal(Value(await Evaluate(), "mrr", 20), Value(json, "mrr", 20));
    }

    [Fact]
    public async Task Ties_ThreeTiedItems_RankFirstLastOrBetween()
    {
        // Each item is there twice in training: for popularity all three tie, so the target has rank 1, 2 or 3.
        var train = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "s c 3", "t a 4", "t b 5", "t c 6");
        var test = _folder.Events("SessionId ItemId Time", "u a 7", "u b 8");
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", train, "--out", model, "--algorithm", "pop")).Succeeded();

        async Task<double> Mrr(params string[] options)
        {
            var json = await Cli.RunForJson(_folder, ["evaluate", "--model", model, "--data", test, .. options]);
            Assert.Equal((1, 1), (json.GetProperty("ties").GetInt32(), json.GetProperty("cases").GetInt32()));
            return Value(json, "mrr", 20);
        }

        Assert.Equal(1, await Mrr());
        Assert.Equal(1, await Mrr("--ties", "standard"));
        Assert.Equal(1 / 3.0, await Mrr("--ties", "conservative"), 1e-12);
        Assert.Equal(1 / 2.0, await Mrr("--ties", "median"), 1e-12);
    }

    [Fact]
    public async Task Unknown_Miss_CountsWhatDropRemoves()
    {
        var (a, b) = shop.Items;
        var test = _folder.Events("SessionId ItemId Time", $"s {a} 1", "s new 2", $"s {b} 3");

        var drop = await Evaluate(shop.Gru4Rec, test);
        var miss = await Evaluate(shop.Gru4Rec, test, "--unknown", "miss");

        Assert.Equal((1, "drop"), (drop.GetProperty("cases").GetInt32(), drop.GetProperty("unknown").GetString()));
        Assert.Equal((2, "miss"), (miss.GetProperty("cases").GetInt32(), miss.GetProperty("unknown").GetString()));
        Assert.Equal(1, miss.GetProperty("unknownEvents").GetInt32());
        Assert.Equal(Value(drop, "mrr", 20) / 2, Value(miss, "mrr", 20), 1e-12);
    }

    [Fact]
    public async Task Threads_AnyNumber_GivesTheSameNumbers()
    {
        var one = await Evaluate(shop.Gru4Rec, "--threads", "1");
        var three = await Evaluate(shop.Gru4Rec, "--threads", "3");

        Assert.Equal(one.GetProperty("metrics").ToString(), three.GetProperty("metrics").ToString());
    }

    [Fact]
    public async Task Evaluate_NothingButUnknownItems_IsRefused()
    {
        var test = _folder.Events("SessionId ItemId Time", "s x 1", "s y 2");

        var result = await Cli.Run("evaluate", "--model", shop.Gru4Rec, "--data", test);

        result.Failed(1, $"{test}: Nothing to evaluate:");
        Assert.Single(result.ErrorLines);
    }

    [Fact]
    public async Task Metrics_Given_AreThoseReportedInThatOrder()
    {
        var json = await Evaluate(shop.Markov, "--metrics", "ndcg,mrr,coverage,latency", "--cutoffs", "5,20");
        var output = (await Cli.Run("evaluate", "--model", shop.Markov, "--data", shop.Test, "--metrics", "ndcg,mrr,coverage,latency", "--cutoffs", "5,20")).Succeeded("NDCG@K", "MRR@K", "Coverage@K", "latency: median").Output;

        Assert.Equal(["ndcg@5", "ndcg@20", "mrr@5", "mrr@20", "coverage@5", "coverage@20"], Names(json));
        Assert.Equal(Value(await Evaluate(shop.Markov), "mrr", 20), Value(json, "mrr", 20));
        Assert.InRange(Value(json, "ndcg", 20), Value(json, "mrr", 20), 1);
        Assert.InRange(json.GetProperty("latency").GetProperty("medianMilliseconds").GetDouble(), 1e-6, json.GetProperty("latency").GetProperty("p95Milliseconds").GetDouble());
        Assert.DoesNotContain("Recall@K", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Protocol_RestOfSession_HasMetricsOfItsOwnNames()
    {
        var json = await Evaluate(shop.Markov, "--protocol", "rest-of-session", "--cutoffs", "20");

        Assert.Equal(["rest-recall@20", "rest-precision@20", "rest-ndcg@20", "rest-map@20"], Names(json));
        Assert.Equal("rest-of-session", json.GetProperty("protocol").GetString());
        Assert.Equal("next-item", (await Evaluate()).GetProperty("protocol").GetString());
        Assert.InRange(Value(json, "rest-recall", 20), 0.05, 1);
    }

    /// <summary>Every session of two events has one event to come: then the two protocols' recalls are one.</summary>
    [Fact]
    public async Task Protocol_SessionsOfTwoEvents_HaveTheSameRecall()
    {
        var lines = await File.ReadAllLinesAsync(shop.Test, TestContext.Current.CancellationToken);
        var two = lines.Skip(1).GroupBy(line => line.Split('\t')[0]).Where(session => session.Count() > 1).SelectMany(session => session.Take(2));
        var test = _folder.Text(string.Join('\n', two.Prepend(lines[0])) + "\n", ".tsv");

        var next = await Evaluate(shop.Gru4Rec, test, "--cutoffs", "5");
        var rest = await Evaluate(shop.Gru4Rec, test, "--cutoffs", "5", "--protocol", "rest-of-session");

        Assert.Equal(Value(next, "recall", 5), Value(rest, "rest-recall", 5), 1e-12);
        Assert.Equal(Value(next, "mrr", 5), Value(rest, "rest-map", 5), 1e-12);
    }

    [Fact]
    public async Task SlicesAndIntervals_Given_AreInTableAndJson()
    {
        string[] options = ["--slices", "position,popularity", "--intervals", "--cutoffs", "20"];
        var json = await Evaluate(shop.Markov, options);
        (await Cli.Run(["evaluate", "--model", shop.Markov, "--data", shop.Test, .. options])).Succeeded("position", "popularity", "top 1 % of the items", "95 % interval over sessions");

        var slices = json.GetProperty("slices").EnumerateArray().ToLookup(slice => slice.GetProperty("by").GetString());
        Assert.Equal(["position", "popularity"], slices.Select(group => group.Key));
        Assert.All(slices, group => Assert.Equal(json.GetProperty("cases").GetInt32(), group.Sum(slice => slice.GetProperty("cases").GetInt32())));
        Assert.Equal(["recall", "mrr"], json.GetProperty("intervals").EnumerateArray().Select(interval => interval.GetProperty("name").GetString()));
        foreach (var interval in json.GetProperty("intervals").EnumerateArray())
        {
            Assert.InRange(Value(json, interval.GetProperty("name").GetString()!, 20), interval.GetProperty("low").GetDouble(), interval.GetProperty("high").GetDouble());
            Assert.True(interval.GetProperty("low").GetDouble() < interval.GetProperty("high").GetDouble());
        }

        Assert.False((await Evaluate()).TryGetProperty("slices", out _));
    }

    [Fact]
    public async Task Unknown_Both_HasTheNumbersOfEither()
    {
        var (a, b) = shop.Items;
        var test = _folder.Events("SessionId ItemId Time", $"s {a} 1", "s new 2", $"s {b} 3");

        var both = await Evaluate(shop.Gru4Rec, test, "--unknown", "both");
        var miss = await Evaluate(shop.Gru4Rec, test, "--unknown", "miss");

        Assert.Equal("drop", both.GetProperty("unknown").GetString());
        Assert.Equal(miss.GetProperty("metrics").ToString(), both.GetProperty("underMiss").GetProperty("metrics").ToString().Replace("\n  ", "\n", StringComparison.Ordinal));
        Assert.Equal(2, both.GetProperty("underMiss").GetProperty("cases").GetInt32());
    }

    [Theory]
    [InlineData("--metrics has 'recal'; expected of recall, mrr", "--metrics", "recal")]
    [InlineData("--slices has 'day'; expected of position, length, popularity, seen", "--slices", "day")]
    [InlineData("--protocol is 'rest'; expected one of next-item, rest-of-session", "--protocol", "rest")]
    [InlineData("--metrics has mrr, which is the next item's", "--metrics", "mrr", "--protocol", "rest-of-session")]
    [InlineData("--metrics has precision, which of one next item is recall / K", "--metrics", "precision")]
    [InlineData("--slices tell next items apart", "--slices", "seen", "--protocol", "rest-of-session")]
    public async Task Options_ThatCannotBe_AreToldAsWrongUsage(string message, params string[] options)
    {
        (await Cli.Run(["evaluate", "--model", shop.Markov, "--data", shop.Test, .. options])).Failed(2, message);
    }

    private static IEnumerable<string> Names(JsonElement json) =>
        json.GetProperty("metrics").EnumerateArray().Select(metric => $"{metric.GetProperty("name")}@{metric.GetProperty("cutoff")}");

    private Task<JsonElement> Evaluate() => Evaluate(shop.Gru4Rec);

    private Task<JsonElement> Evaluate(string model, params string[] options)
    {
        var data = options is [var path, ..] && File.Exists(path) ? path : shop.Test;
        return Cli.RunForJson(_folder, ["evaluate", "--model", model, "--data", data, .. options.Where(option => option != data)]);
    }

    private static double Value(JsonElement json, string name, int cutoff) => json.GetProperty("metrics").EnumerateArray()
        .Single(metric => metric.GetProperty("name").GetString() == name && metric.GetProperty("cutoff").GetInt32() == cutoff)
        .GetProperty("value").GetDouble();
}
