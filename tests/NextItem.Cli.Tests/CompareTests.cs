using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace NextItem.Cli.Tests;

public sealed partial class CompareTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compare_ThreeModels_LeavesEveryFileAndSaysWhichIsBest()
    {
        var folder = _folder.NewPath("");
        var result = (await Compare(folder, "--train", shop.Train)).Succeeded("behind ", "interval", "cases of ");

        Assert.Equal(
            ["comparison.csv", "comparison.json", "comparison.tex", "intervals.png", "intervals.svg", "positions.png", "positions.svg", "report.html", "speed.png", "speed.svg", "training.png", "training.svg"],
            Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        using var json = Json(folder);
        var best = json.RootElement.GetProperty("best").GetString()!;
        var recall = json.RootElement.GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("name").GetString()!, model => Value(model, "recall@20"));
        Assert.Equal(recall.MaxBy(pair => pair.Value).Key, best);
        Assert.StartsWith($"{best} is best: its Recall@20 is {recall[best]:F4} (95 % interval ", json.RootElement.GetProperty("sentences")[0].GetString(), StringComparison.Ordinal);
        Assert.All(json.RootElement.GetProperty("sentences").EnumerateArray(), sentence => Assert.Contains(sentence.GetString()!, result.Output, StringComparison.Ordinal));
        Assert.Contains("pop", json.RootElement.GetProperty("differences").EnumerateArray().Where(each => each.GetProperty("beyondChance").GetBoolean()).Select(each => each.GetProperty("model").GetString()));
    }

    /// <summary>The curves are those that training told, and models without epochs have none.</summary>
    [Fact]
    public async Task Compare_Training_IsThatOfTheModelFiles()
    {
        var folder = _folder.NewPath("");
        var other = _folder.NewPath(".nextitem");
        var epochs = (await Cli.RunForJson(_folder, ["train", "--data", shop.Train, "--valid", shop.Test, "--out", other, .. SmallShop.Quick, "--set", "loss=bpr-max"])).GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble()).ToArray();
        (await Compare(folder, "--models", other)).Succeeded();

        using var json = Json(folder);
        var models = json.RootElement.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal([false, false, true, true], models.Select(model => model.TryGetProperty("training", out _)));
        var training = models[3].GetProperty("training");
        Assert.Equal(("BPR-max", 2), (training.GetProperty("loss").GetString(), training.GetProperty("keptEpoch").GetInt32()));
        Assert.Equal(epochs, training.GetProperty("epochLosses").EnumerateArray().Select(loss => loss.GetDouble()));
        Assert.Contains(training.GetProperty("validation").EnumerateArray(), metric => metric.GetProperty("name").GetString() == "recall");
        Assert.Equal("cross-entropy", models[2].GetProperty("training").GetProperty("loss").GetString());
    }

    /// <summary>A picture that this comparison has not does not stay from an earlier one.</summary>
    [Fact]
    public async Task Compare_WithoutTimesAndEpochs_LeavesNoPictureOfThem()
    {
        var folder = _folder.NewPath("");
        (await Compare(folder)).Succeeded();
        Assert.True(File.Exists(Path.Combine(folder, "speed.png")) && File.Exists(Path.Combine(folder, "training.svg")));

        (await Cli.Run("compare", "--models", $"{shop.Popularity},{shop.Markov}", "--data", shop.Test, "--out", folder, "--resamples", "100", "--metrics", "recall,mrr")).Succeeded();

        Assert.Equal(["intervals.png", "intervals.svg", "positions.png", "positions.svg"], Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Where(name => name.EndsWith('g')).Order(StringComparer.Ordinal));
    }

    /// <summary>Every metric of every model in the page, the JSON and the table is the one that <c>evaluate</c> gives.</summary>
    [Fact]
    public async Task Compare_Numbers_AreThoseOfEvaluate()
    {
        var folder = _folder.NewPath("");
        (await Compare(folder)).Succeeded();
        var page = await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), TestContext.Current.CancellationToken);
        var rows = (await File.ReadAllLinesAsync(Path.Combine(folder, "comparison.csv"), TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split(',')).ToArray();
        using var json = Json(folder);
        var models = json.RootElement.GetProperty("models").EnumerateArray().ToArray();
        var cells = MetricCell().Matches(page).ToDictionary(match => (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value), match => match.Groups[3].Value);
        Assert.Equal(3 * 7 * 4, cells.Count);
        foreach (var (file, place) in new[] { shop.Popularity, shop.Markov, shop.Gru4Rec }.Select((file, place) => (file, place)))
        {
            string[] options = ["evaluate", "--model", file, "--data", shop.Test, "--ties", "conservative", "--metrics", "recall,mrr,ndcg,coverage,gini,popularity,novelty"];
            var printed = (await Cli.Run(options)).Succeeded().Output;
            foreach (var metric in (await Cli.RunForJson(_folder, options)).GetProperty("metrics").EnumerateArray())
            {
                var name = $"{metric.GetProperty("name")}@{metric.GetProperty("cutoff")}";
                var value = metric.GetProperty("value").GetDouble();
                Assert.Equal($"{value:F4}", cells[(place, name)]);
                Assert.Contains($"{value:F4}", printed, StringComparison.Ordinal);
                Assert.Equal(value, Value(models[place], name));
                var row = Assert.Single(rows, row => row[0] == models[place].GetProperty("name").GetString() && $"{row[2]}@{row[3]}" == name);
                Assert.Equal(value, double.Parse(row[4], CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public async Task Page_OfModelsWithOddNames_IsOneFileThatNeedsNothingElse()
    {
        var odd = Path.Combine(_folder.Path, "a&b <i>{{title}}.nextitem");
        File.Copy(shop.Markov, odd);
        var folder = _folder.NewPath("");
        (await Cli.Run("compare", "--models", odd, "--models", shop.Popularity, "--data", shop.Test, "--out", folder, "--resamples", "100", "--cutoffs", "5")).Succeeded();
        var page = await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), TestContext.Current.CancellationToken);

        Assert.Contains(WebUtility.HtmlEncode("a&b <i>{{title}}"), page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("""(src|srcset|href)\s*=\s*["'](?!data:)|url\(|@import|<script|<link""", page);
        Assert.Equal(3, Regex.Count(page, "<source media=\"[^\"]+\" srcset=\"data:image/svg\\+xml;base64,[^\"]+\"><img"));
        Assert.Equal(3, Regex.Count(page, "<img alt=\"[^\"]+\" src=\"data:image/svg\\+xml;base64,"));
        Assert.Contains("Recall@5", page, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(page, "<table"), Regex.Count(page, "</table>"));
    }

    [Fact]
    public async Task Compare_SameSeed_GivesTheSameBytesForAnyThreads()
    {
        async Task<string[]> Files(string option, string value)
        {
            var folder = _folder.NewPath("");
            (await Cli.Run("compare", "--models", $"{shop.Popularity},{shop.Markov}", "--data", shop.Test, "--out", folder, "--metrics", "recall,mrr", option, value)).Succeeded();
            return [await File.ReadAllTextAsync(Path.Combine(folder, "comparison.csv"), TestContext.Current.CancellationToken), await File.ReadAllTextAsync(Path.Combine(folder, "comparison.json"), TestContext.Current.CancellationToken)];
        }

        var before = await Files("--threads", "1");
        Assert.Equal(before, await Files("--threads", "3"));
        Assert.NotEqual(before[0], (await Files("--seed", "43"))[0]);
        Assert.NotEqual(before[0], (await Files("--resamples", "150"))[0]);
    }

    [Fact]
    public async Task Unknown_Both_HasTheTwoProtocolsBesideEachOther()
    {
        var (a, b) = shop.Items;
        var test = _folder.Events("SessionId ItemId Time", $"s {a} 1", "s new 2", $"s {b} 3", $"t {a} 4", $"t {b} 5");
        var folder = _folder.NewPath("");
        (await Cli.Run("compare", "--models", $"{shop.Markov},{shop.Gru4Rec}", "--data", test, "--out", folder, "--resamples", "100")).Succeeded("warning: only 2 test sessions have a case");
        using var json = Json(folder);
        foreach (var model in json.RootElement.GetProperty("models").EnumerateArray())
            Assert.Equal((2, 3), (model.GetProperty("cases").GetInt32(), model.GetProperty("underMiss").GetProperty("cases").GetInt32()));
        Assert.Contains("Unknown items: both protocols", await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_ModelsOfDifferentItems_CountsUnknownOnesAsMissesOrRefuses()
    {
        var (a, b) = shop.Items;
        var other = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--algorithm", "markov", "--data", _folder.Events("SessionId ItemId Time", $"s {a} 1", $"s {b} 2"), "--out", other)).Succeeded();
        var folder = _folder.NewPath("");
        string[] command = ["compare", "--models", $"{shop.Markov},{other}", "--data", shop.Test, "--out", folder, "--resamples", "100"];

        (await Cli.Run(command)).Succeeded("warning: the models know different items", "unknown items: miss");
        (await Cli.Run([.. command, "--unknown", "drop"])).Failed(1, "expected --unknown miss, under which the cases are the same");
    }

    [Theory]
    [InlineData("no-such.nextitem does not exist", 1, "--models", "no-such.nextitem")]
    [InlineData("twice; expected each model once", 2, "--models", "{markov},{markov}")]
    [InlineData("--models names no file", 2, "--models", ",")]
    [InlineData("expected recall, mrr or ndcg among them", 2, "--models", "{markov}", "--metrics", "coverage,latency")]
    [InlineData("--resamples is '99'; expected a number from 100 to 10,000,000", 2, "--models", "{markov}", "--resamples", "99")]
    public async Task Compare_WrongUsage_IsToldBeforeAnyWork(string message, int exitCode, params string[] options)
    {
        var folder = _folder.NewPath("");
        (await Cli.Run(["compare", "--data", shop.Test, "--out", folder, .. options.Select(option => option.Replace("{markov}", shop.Markov, StringComparison.Ordinal))])).Failed(exitCode, message);
        Assert.False(File.Exists(Path.Combine(folder, "report.html")));
    }

    [Fact]
    public async Task Out_ThatIsAFile_IsRefused()
    {
        var file = _folder.Text("here");
        (await Compare(file)).Failed(1, $"--out {file} is a file; expected a folder.");
    }

    private Task<CliResult> Compare(string folder, params string[] options) =>
        Cli.Run(["compare", "--models", $"{shop.Popularity},{shop.Markov},{shop.Gru4Rec}", "--data", shop.Test, "--out", folder, "--resamples", "100", .. options]);

    private static JsonDocument Json(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "comparison.json")));

    private static double Value(JsonElement model, string metric) => model.GetProperty("metrics").EnumerateArray()
        .Single(each => $"{each.GetProperty("name")}@{each.GetProperty("cutoff")}" == metric).GetProperty("value").GetDouble();

    [GeneratedRegex("""<td data-model="(\d+)" data-metric="([^"]+)">([^<]*)</td>""")]
    private static partial Regex MetricCell();
}
