using System.Globalization;
using System.Text.RegularExpressions;
using NextItem.Cli.Commands;
using NextItem.Data;
using NextItem.Synthetic;

namespace NextItem.Cli.Tests;

public sealed partial class DemoTests : IDisposable
{
    private static readonly Dictionary<int, double> s_recalls = [];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(42)]
    [InlineData(1)]
    public async Task Demo_OfASeed_OrdersTheModelsAndItsNextCommandsWork(int seed)
    {
        var folder = Path.Combine(_folder.Path, "my shop");

        var output = (await Cli.Run(["demo", "--out", folder, .. seed == 42 ? Array.Empty<string>() : ["--seed", $"{seed}"]])).Succeeded().Output;

        var rows = Row().Matches(output).ToDictionary(
            row => row.Groups["name"].Value.Split(' ')[0],
            row => (Recall: double.Parse(row.Groups["recall"].Value, CultureInfo.InvariantCulture), Mrr: double.Parse(row.Groups["mrr"].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(["popularity", "Markov", "GRU4Rec", "best"], rows.Keys);
        var (popularity, markov, gru4Rec, best) = (rows["popularity"], rows["Markov"], rows["GRU4Rec"], rows["best"]);
        Assert.True(popularity.Recall < markov.Recall && markov.Recall < gru4Rec.Recall && gru4Rec.Recall <= best.Recall, output);
        Assert.True(popularity.Mrr < markov.Mrr && markov.Mrr < gru4Rec.Mrr && gru4Rec.Mrr <= best.Mrr, output);
        Assert.Contains($"(seed {seed})", output, StringComparison.Ordinal);
        Assert.Equal(["clicks.csv", "items.tsv", "prepared", "report.html", "shop.nextitem"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
        AssertAnotherShop(seed, best.Recall + (1000 * gru4Rec.Recall));

        PreparedIsTheShop(folder, seed);
        await ReportHasTheTable(output, folder, popularity, markov, gru4Rec, best);
        await NextCommandsWork(output, folder);

        // What evaluate says of the written files is what the demo said (the shop has no ties).
        var evaluated = (await Cli.Run("evaluate", "--model", Path.Combine(folder, "shop.nextitem"), "--data", Path.Combine(folder, "prepared", "test.tsv"), "--cutoffs", "20")).Succeeded().Output;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{gru4Rec.Recall:F4}      {gru4Rec.Mrr:F4}"), Spaces().Replace(evaluated, "      "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Demo_OfFurtherSeeds_OrdersTheModelsAfterThreeEpochs(int seed)
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Seed = seed });
        var train = SessionSet.From(shop.Train);
        var test = SessionSet.From(shop.Test, train.Catalog);
        double Recall(ISessionModel model) => Evaluator.Evaluate(model, test, new EvaluationOptions { Ties = TieBreaking.Conservative }, TestContext.Current.CancellationToken).RecallAt(20);

        var popularity = Recall(PopularityModel.Fit(train));
        var markov = Recall(MarkovModel.Fit(train, TestContext.Current.CancellationToken));
        var gru4Rec = Recall(Trainer.Fit(train, DemoCommand.Options(seed) with { Epochs = 3 }, cancellationToken: TestContext.Current.CancellationToken).Model);
        var best = shop.Oracle.Evaluate(20).RecallAtK;

        Assert.True(popularity < markov && markov < gru4Rec && gru4Rec <= best, $"{popularity} < {markov} < {gru4Rec} <= {best}");
        AssertAnotherShop(seed, best);
    }

    [Fact]
    public async Task Demo_OverFilesThatAreNotADemos_IsRefused()
    {
        foreach (var name in (string[])["clicks.csv", "items.tsv", "report.html", Path.Combine("prepared", "test.tsv")])
        {
            var folder = Directory.CreateDirectory(_folder.NewPath("")).FullName;
            var file = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

            (await Cli.Run("demo", "--out", folder)).Failed(1, $"--out {folder}: {file} is not a demo's and would be replaced");

            Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            Assert.Single(Directory.GetFileSystemEntries(folder));
        }
    }

    [Fact]
    public async Task Demo_OutIsAFile_IsRefused()
    {
        var file = _folder.Text("mine");

        (await Cli.Run("demo", "--out", file)).Failed(1, $"--out {file} is a file; expected a folder.");
    }

    /// <summary>The page is where the demo says, has its numbers in every model's row, all pictures, and needs no other file.</summary>
    private static async Task ReportHasTheTable(string output, string folder, params (double Recall, double Mrr)[] rows)
    {
        Assert.Contains($"is a page for any browser: {Path.Combine(folder, "report.html")}", output, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), TestContext.Current.CancellationToken);
        foreach (var (row, model) in rows[..3].Select((row, model) => (row, model)))
        {
            Assert.Contains(FormattableString.Invariant($"<td data-model=\"{model}\" data-metric=\"recall@20\">{row.Recall:F4}</td>"), page, StringComparison.Ordinal);
            Assert.Contains(FormattableString.Invariant($"<td data-model=\"{model}\" data-metric=\"mrr@20\">{row.Mrr:F4}</td>"), page, StringComparison.Ordinal);
        }

        Assert.Contains(FormattableString.Invariant($"is Recall@20 {rows[3].Recall:F4} and MRR@20 {rows[3].Mrr:F4}."), page, StringComparison.Ordinal);
        Assert.Contains("<p>GRU4Rec is best: ", page, StringComparison.Ordinal);
        Assert.Contains("Not trained in epochs, and so without a curve: popularity, Markov chain.", page, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(page, "<img alt=\"[^\"]+\" src=\"data:image/svg\\+xml;base64,"));
        Assert.DoesNotMatch("""(src|srcset|href)\s*=\s*["'](?!data:)|url\(|@import|<script|<link""", page);
    }

    private static async Task NextCommandsWork(string output, string folder)
    {
        var names = (await File.ReadAllLinesAsync(Path.Combine(folder, "items.tsv"), TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split('\t')[1]).ToArray();
        Assert.True(names.Count(name => output.Contains(name, StringComparison.Ordinal)) >= 6, output); // the visitor's and the recommended items
        var commands = output.Split('\n').Where(line => line.StartsWith("   nextitem ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["recommend", "similar", "prepare", "train"], commands.Select(command => command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        foreach (var command in commands[..2])
        {
            var result = (await Cli.Run(Words(command))).Succeeded();
            Assert.True(names.Count(name => result.Output.Contains(name, StringComparison.Ordinal)) >= 10, result.Output);
            Assert.Empty(result.Errors);
        }

        // The last two, on the demo's own log, in a folder of their own.
        var prepared = Path.Combine(folder, "again");
        (await Cli.Run([.. Words(commands[2]).Select(word => word.Replace("YOUR-CLICKS.csv", Path.Combine(folder, "clicks.csv"), StringComparison.Ordinal).Replace("prepared", prepared, StringComparison.Ordinal))])).Succeeded();
        (await Cli.Run([.. Words(commands[3]).Select(word => word.Replace("prepared/", prepared + "/", StringComparison.Ordinal).Replace("your.nextitem", Path.Combine(prepared, "your.nextitem"), StringComparison.Ordinal)), "--set", "n_epochs=1,layers=8"])).Succeeded();
    }

    // As a shell would: words, or quoted words.
    private static string[] Words(string command) => [.. Word().Matches(command).Select(word => word.Value.Trim('"')).Skip(1)];

    /// <summary>prepare has made the very sessions that the shop was generated with.</summary>
    private static void PreparedIsTheShop(string folder, int seed)
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Seed = seed });
        foreach (var (events, file) in new[] { (shop.Train, "train_full.tsv"), (shop.Test, "test.tsv") })
        {
            var read = EventsFile.Read(Path.Combine(folder, "prepared", file), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(events.Count, read.EventCount);
            var expected = events.GroupBy(e => e.SessionKey).ToDictionary(session => session.Key, session => session.Select(e => e.ItemKey).Order(StringComparer.Ordinal));
            Assert.Equal(expected.Count, read.Count);
            for (var session = 0; session < read.Count; session++)
                Assert.Equal(expected[read.KeyOf(session)], read.ItemsOf(session).ToArray().Select(read.Catalog.KeyOf).Order(StringComparer.Ordinal));
        }
    }

    private static void AssertAnotherShop(int seed, double number)
    {
        lock (s_recalls)
        {
            Assert.DoesNotContain(number, s_recalls.Values);
            s_recalls.Add(seed, number);
        }
    }

    [GeneratedRegex(@"^  (?<name>(popularity|Markov|GRU4Rec|best).*?)  +(?<recall>0\.\d{4}) +(?<mrr>0\.\d{4}) +[\d,]+ *$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
