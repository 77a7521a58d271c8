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
