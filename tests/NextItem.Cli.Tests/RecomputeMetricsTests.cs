using System.Globalization;
using System.Text.RegularExpressions;

namespace NextItem.Cli.Tests;

/// <summary><c>eng/recompute-metrics.sh</c> counts hits in the rows of <c>recommend</c>; the evaluator has to come to the same.</summary>
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

    private static async Task RequireTools()
    {
        if (!await Cli.Has(["bash", "-c", "true"], ["awk", "BEGIN { exit 0 }"], ["sort", "--version"]))
            Assert.Skip("needs bash, awk and sort");
    }

    private static string Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "eng", "recompute-metrics.sh");
            if (File.Exists(script))
                return script;
        }

        throw new FileNotFoundException("eng/recompute-metrics.sh is not above the tests' folder.");
    }

    [GeneratedRegex(@"Recall@20 (\d\.\d+)  MRR@20 (\d\.\d+)  cases (\d+)")]
    private static partial Regex Line();
}
