using System.Globalization;
using System.Text.RegularExpressions;

namespace NextItem.Cli.Tests;

/// <summary><c>eng/recompute-metrics.sh</c> and <c>eng/recompute_metrics.py</c> count hits in the rows of <c>recommend</c>; the evaluator has to come to the same.</summary>
public sealed partial class RecomputeMetricsTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gru4rec")]
    [InlineData("markov")]
    public async Task Script_OnTheShop_AgreesWithEvaluate(string algorithm)
    {
        await RequireTools();
        var model = algorithm == "markov" ? shop.Markov : shop.Gru4Rec;

        var result = await Cli.RunProcess(["bash", Script(), model, shop.Test, "--", .. Cli.Program]);

        result.Succeeded();
        var numbers = Line().Matches(result.Output).Select(line => Enumerable.Range(1, 3).Select(i => double.Parse(line.Groups[i].Value, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        Assert.Equal(2, numbers.Length);
        Assert.Equal(numbers[1][2], numbers[0][2]);
        Assert.InRange(numbers[0][0], 0.3, 1); // it found something to count
        if (algorithm == "gru4rec")
        {
            Assert.Contains("tied 0", result.Output, StringComparison.Ordinal);
            Assert.Equal(numbers[1][0], numbers[0][0], 5e-5);
            Assert.Equal(numbers[1][1], numbers[0][1], 5e-5);
        }
    }

    [Fact]
    public async Task Script_UnsortedEventsAndUnknownItems_AgreesWithEvaluate()
    {
        await RequireTools();
        var rows = (await File.ReadAllLinesAsync(shop.Test, TestContext.Current.CancellationToken)).Skip(1).Reverse().ToArray();
        var test = _folder.Events(["SessionId ItemId Time", .. rows, $"{rows[0].Split('\t')[0]} unknown 1", "other unknown 5", "other unknown 6"]);

        (await Cli.RunProcess(["bash", Script(), shop.Gru4Rec, test, "--", .. Cli.Program])).Succeeded();
    }

    [Fact]
    public async Task Script_AnotherModelUnderEvaluate_SeesTheDifference()
    {
        await RequireTools();
        var another = _folder.NewPath(".nextitem");
        (await Cli.Run(["train", "--data", shop.Train, "--out", another, .. SmallShop.Quick, "--set", "n_epochs=1", "--seed", "7"])).Succeeded();
        var swap = _folder.Text("""
            other=$1; shift
            if [ "$3" = evaluate ]; then set -- "${@:1:4}" "$other" "${@:6}"; fi
            "$@"
            """);

        var result = await Cli.RunProcess(["bash", Script(), shop.Gru4Rec, shop.Test, "--", "bash", swap, another, .. Cli.Program]);

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("DIFFERENT\n", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gru4rec", "drop")]
    [InlineData("markov", "drop")]
    [InlineData("markov", "miss")]
    [InlineData("pop", "drop")]
    public async Task PythonScript_OnTheShop_AgreesWithEvaluateInEveryMetric(string algorithm, string unknown)
    {
        await RequirePython();
        var model = algorithm == "gru4rec" ? shop.Gru4Rec : algorithm == "pop" ? shop.Popularity : shop.Markov;
        var test = await WithUnknownItems();

        var result = (await Cli.RunProcess(["python3", Script("recompute_metrics.py"), model, test, "--unknown", unknown, "--", .. Cli.Program])).Succeeded();

        var lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("SAME", lines[^1]);
        Assert.Equal(2 + (4 * 4 * 4), lines.Length); // three tie modes and the rest of the session, four metrics, four cutoffs
        foreach (var name in new[] { "recall@20", "mrr@20", "ndcg@20", "map@20", "rest-recall@20", "rest-precision@20", "rest-ndcg@20", "rest-map@20" })
            Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var words && words.Contains(name) && double.Parse(words[^1], CultureInfo.InvariantCulture) > 0.02);
    }

    [Fact]
    public async Task PythonScript_AnotherModelUnderEvaluate_SeesTheDifference()
    {
        await RequirePython();
        if (!await Cli.Has(["bash", "-c", "true"]))
            Assert.Skip("needs bash");
        var swap = _folder.Text("""
            other=$1; shift
            if [ "$3" = evaluate ]; then set -- "${@:1:4}" "$other" "${@:6}"; fi
            "$@"
            """);

        var result = await Cli.RunProcess(["python3", Script("recompute_metrics.py"), shop.Gru4Rec, shop.Test, "--", "bash", swap, shop.Markov, .. Cli.Program]);

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("DIFFERENT\n", result.Output, StringComparison.Ordinal);
    }

    /// <summary>The shop's test events, one in eleven of an item that training never saw, never the first of its session.</summary>
    private async Task<string> WithUnknownItems()
    {
        var begun = new HashSet<string>();
        var rows = (await File.ReadAllLinesAsync(shop.Test, TestContext.Current.CancellationToken)).Skip(1).Select(row => row.Split('\t'));
        return _folder.Events(["SessionId ItemId Time", .. rows.Select((row, i) => begun.Add(row[0]) || i % 11 > 0 ? string.Join(' ', row) : $"{row[0]} never-{i} {row[2]}")]);
    }

    private static async Task RequirePython()
    {
        if (!await Cli.Has(["python3", "-c", "import csv, json, gzip"]))
            Assert.Skip("needs python3");
    }

    private static async Task RequireTools()
    {
        if (!await Cli.Has(["bash", "-c", "true"], ["awk", "BEGIN { exit 0 }"], ["sort", "--version"]))
            Assert.Skip("needs bash, awk and sort");
    }

    private static string Script(string name = "recompute-metrics.sh")
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "eng", name);
            if (File.Exists(script))
                return script;
        }

        throw new FileNotFoundException($"eng/{name} is not above the tests' folder.");
    }

    [GeneratedRegex(@"Recall@20 (\d\.\d+)  MRR@20 (\d\.\d+)  cases (\d+)")]
    private static partial Regex Line();
}
