using System.Globalization;
using System.Text.Json;

namespace NextItem.Cli.Tests;

public sealed class RecommendTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Items_OfOneSession_GetsTheTopItemsBestFirst()
    {
        var (a, b) = shop.Items;

        var json = await Recommend("--items", $"{a},{b}");

        var scores = json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("score").GetDouble()).ToArray();
        Assert.Equal(20, scores.Length);
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.True(scores[0] > scores[^1]);
        Assert.Equal("none", json.GetProperty("fallback").GetString());
        Assert.Empty(json.GetProperty("unknownItems").EnumerateArray());
    }

    [Fact]
    public async Task Items_CommaOrRepeated_AreTheSameSessionAndTheirOrderMatters()
    {
        var (a, b) = shop.Items;
        var together = await Recommend("--items", $"{a},{b}");

        Assert.Equal(together.ToString(), (await Recommend("--items", a, "--items", b)).ToString());
        Assert.NotEqual(together.ToString(), (await Recommend("--items", $"{b},{a}")).ToString());
    }

    [Fact]
    public async Task Items_KeyWithAComma_IsOneKey()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a,b 1", "s c 2");
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", data, "--out", model, "--algorithm", "markov")).Succeeded();

        var json = await Cli.RunForJson(_folder, "recommend", "--model", model, "--items", "a,b");

        Assert.Equal(["c"], Keys(json));
        Assert.Empty(json.GetProperty("unknownItems").EnumerateArray());
    }

    [Fact]
    public async Task Top_Given_IsThatManyOfTheSameRanking()
    {
        var all = Keys(await Recommend("--items", shop.Items.First, "--top", "1000"));

        Assert.Equal(SmallShop.ItemCount, all.Length);
        Assert.Equal(all[..3], Keys(await Recommend("--items", shop.Items.First, "--top", "3")));
    }

    [Fact]
    public async Task ExcludeSeen_Given_LeavesOutTheSessionsItems()
    {
        var (a, b) = shop.Items;
        string[] session = ["--items", $"{a},{b}", "--top", "1000"];

        var all = Keys(await Recommend(session));
        var unseen = Keys(await Recommend([.. session, "--exclude-seen"]));

        Assert.Equal(all.Where(key => key != a && key != b), unseen);
        Assert.Equal(all.Length - 2, unseen.Length);
    }

    [Fact]
    public async Task AllowAndDeny_Given_FilterBeforeTheTopIsCut()
    {
        var all = Keys(await Recommend("--items", shop.Items.First, "--top", "1000"));
        var allow = _folder.Text($"{all[9]}\r\n{all[4]}\n\n{all[7]}\n");
        var deny = _folder.Text($"{all[4]}\n{all[0]}");
        string[] session = ["--items", shop.Items.First, "--top", "3"];

        Assert.Equal([all[4], all[7], all[9]], Keys(await Recommend([.. session, "--allow", allow])));
        Assert.Equal([all[1], all[2], all[3]], Keys(await Recommend([.. session, "--deny", deny])));
        Assert.Equal([all[7], all[9]], Keys(await Recommend([.. session, "--allow", allow, "--deny", deny])));
    }

    [Fact]
    public async Task Allow_UnknownKeys_IsToldAndLeavesNothing()
    {
        var result = (await Cli.Run("recommend", "--model", shop.Gru4Rec, "--items", shop.Items.First, "--allow", _folder.Text("nope\nnor this"))).Succeeded();

        Assert.Contains("the model does not know 2 of 2 items, 'nope' for instance.", result.Errors, StringComparison.Ordinal);
        Assert.Contains("leave no item to recommend", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Names_Given_AreShownAndInTheJson()
    {
        var names = (await File.ReadAllLinesAsync(shop.Names, TestContext.Current.CancellationToken)).Skip(1).Select(line => line.Split('\t')).ToDictionary(pair => pair[0], pair => pair[1]);
        string[] args = ["recommend", "--model", shop.Gru4Rec, "--items", shop.Items.First, "--top", "3"];

        var plain = (await Cli.Run(args)).Succeeded().Output;
        var named = (await Cli.Run([.. args, "--names", shop.Names])).Succeeded().Output;
        var json = await Cli.RunForJson(_folder, [.. args, "--names", shop.Names]);

        var best = Keys(json)[0];
        Assert.DoesNotContain(names[best], plain, StringComparison.Ordinal);
        Assert.Contains(names[best], named, StringComparison.Ordinal);
        Assert.Equal(names[best], json.GetProperty("items")[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task Names_UnderOtherColumns_AreShown()
    {
        var file = _folder.Text((await File.ReadAllTextAsync(shop.Names, TestContext.Current.CancellationToken)).Replace("ItemId\tName", "Artikel\tTitel", StringComparison.Ordinal), ".tsv");
        string[] args = ["recommend", "--model", shop.Gru4Rec, "--items", shop.Items.First, "--top", "3"];

        (await Cli.Run([.. args, "--names", file])).Failed(1, "there are no columns 'ItemId', 'Name' among 'Artikel', 'Titel'", $"\"{file}:item=COLUMN;name=COLUMN\"");
        Assert.Equal((await Cli.Run([.. args, "--names", shop.Names])).Succeeded().Output, (await Cli.Run([.. args, "--names", $"{file}:item=Artikel;name=Titel"])).Succeeded().Output);
        (await Cli.Run([.. args, "--names", $"{file}:item=Artikel;name=Titel", "--json", file])).Failed(2, $"--json {file} is another file of this command");
    }

    [Fact]
    public async Task Items_UnknownAmongKnown_IsSkippedAndTold()
    {
        string[] args = ["recommend", "--model", shop.Gru4Rec, "--items", $"{shop.Items.First},nope"];

        var result = (await Cli.Run(args)).Succeeded();
        var json = await Cli.RunForJson(_folder, args);

        Assert.Equal("nextitem: the model does not know the item 'nope'; it was skipped.\n", result.Errors);
        var near = shop.Items.First.ToLowerInvariant();
        Assert.Equal($"nextitem: the model does not know the item '{near}'; it was skipped. Did you mean '{shop.Items.First}'?\n", (await Cli.Run("recommend", "--model", shop.Gru4Rec, "--items", $"{near},{shop.Items.Second}")).Succeeded().Errors);
        Assert.Equal("nope", Assert.Single(json.GetProperty("unknownItems").EnumerateArray()).GetString());
        Assert.Equal(Keys(await Recommend("--items", shop.Items.First)), Keys(json));
    }

    [Fact]
    public async Task Json_OfDataWithUnknownItems_CountsThemPerSession()
    {
        var data = _folder.Events("SessionId ItemId Time", $"a {shop.Items.First} 1", "a nope 2", "a never 3", $"b {shop.Items.First} 1");
        var json = await Cli.RunForJson(_folder, "recommend", "--model", shop.Gru4Rec, "--data", data);
        Assert.Equal([2, 0], json.GetProperty("sessions").EnumerateArray().Select(session => session.GetProperty("unknownEvents").GetInt32()));
    }

    [Fact]
    public async Task Items_AllUnknown_GetsThePopularOnesAndSaysSo()
    {
        var json = await Recommend("--items", "nope");
        var popular = await Cli.RunForJson(_folder, "recommend", "--model", shop.Popularity, "--items", shop.Items.First);

        Assert.Equal("popular", json.GetProperty("fallback").GetString());
        Assert.Equal(Keys(popular), Keys(json));
        var errors = (await Cli.Run("recommend", "--model", shop.Gru4Rec, "--items", "nope")).Succeeded().Errors;
        Assert.Contains("nothing of the session is known; these are the most popular items.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_OfManySessions_GivesEachTheAnswerOfItsItems()
    {
        var (a, b) = shop.Items;
        var data = _folder.Events("SessionId ItemId Time", $"late {b} 9", $"late {a} 8", $"one {b} 1", "none nope 1");

        var result = (await Cli.Run("recommend", "--model", shop.Gru4Rec, "--data", data, "--top", "2")).Succeeded();

        var rows = result.Output.TrimEnd('\n').Split('\n').Select(line => line.Split('\t')).ToArray();
        Assert.Equal(["SessionId", "Rank", "ItemId", "Score"], rows[0]);
        Assert.Equal(["late", "late", "one", "one", "none", "none"], rows.Skip(1).Select(row => row[0]));
        Assert.Equal(["1", "2", "1", "2", "1", "2"], rows.Skip(1).Select(row => row[1]));
        foreach (var (session, items) in new[] { ("late", $"{a},{b}"), ("one", b), ("none", "nope") })
        {
            var alone = await Recommend("--items", items, "--top", "2");
            Assert.Equal(Keys(alone), rows.Where(row => row[0] == session).Select(row => row[2]));
            var scores = alone.GetProperty("items").EnumerateArray().Select(item => (float)item.GetProperty("score").GetDouble());
            Assert.Equal(scores, rows.Where(row => row[0] == session).Select(row => float.Parse(row[3], CultureInfo.InvariantCulture)));
        }

        Assert.Contains("1 of 4 events have items that the model does not know", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Out_Given_HasTheRowsOfTheScreen()
    {
        var file = _folder.NewPath(".tsv");
        string[] args = ["recommend", "--model", shop.Gru4Rec, "--data", shop.Test, "--exclude-seen", "--top", "4"];

        var screen = (await Cli.Run(args)).Succeeded().Output;
        var told = (await Cli.Run([.. args, "--out", file])).Succeeded().Output;

        Assert.Equal(screen, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.StartsWith("wrote the next 4 items of 120 sessions to", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_OfData_HasTheRowsOfTheScreen()
    {
        string[] args = ["recommend", "--model", shop.Gru4Rec, "--data", shop.Test, "--top", "2"];
        var rows = (await Cli.Run(args)).Succeeded().Output.TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split('\t'));

        var json = await Cli.RunForJson(_folder, args);

        var answers = json.GetProperty("sessions").EnumerateArray()
            .SelectMany(session => Keys(session).Select(key => (session.GetProperty("sessionId").GetString(), key)));
        Assert.Equal(rows.Select(row => (row[0], row[2])), answers!);
    }

    [Fact]
    public async Task Explain_Given_NamesTheClickThatCarriedEachItem()
    {
        // After b comes c; markov looks at the last click alone.
        var data = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "s c 3", "t b 4", "t d 5");
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", data, "--out", model, "--algorithm", "markov")).Succeeded();
        string[] args = ["recommend", "--model", model, "--items", "a,nope,a,b"];

        var table = (await Cli.Run([.. args, "--explain"])).Succeeded("because of", "rank without it").Output;
        Assert.Matches(@"1\s+c\s+0\.500\s+b\s+none", table);
        Assert.DoesNotContain("because of", (await Cli.Run(args)).Succeeded().Output, StringComparison.Ordinal);

        var item = (await Cli.RunForJson(_folder, [.. args, "--explain"])).GetProperty("items")[0];
        var explanation = item.GetProperty("explanation");
        Assert.Equal(("c", "b", 3, 1), (item.GetProperty("itemId").GetString(), explanation.GetProperty("itemId").GetString(), explanation.GetProperty("position").GetInt32(), explanation.GetProperty("rank").GetInt32()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (explanation.GetProperty("rankWithout").ValueKind, explanation.GetProperty("scoreWithout").ValueKind));
        Assert.False((await Cli.RunForJson(_folder, args)).GetProperty("items")[0].TryGetProperty("explanation", out _));
    }

    [Fact]
    public async Task Explain_NothingCarriedTheItem_IsTold()
    {
        string[] args = ["recommend", "--model", shop.Popularity, "--items", shop.Items.First, "--top", "1", "--explain"];
        Assert.Equal(JsonValueKind.Null, (await Cli.RunForJson(_folder, args)).GetProperty("items")[0].GetProperty("explanation").ValueKind);
        Assert.Matches(@"1\s+\S+\s+[0-9.]+\s+-", (await Cli.Run(args)).Succeeded().Output);
    }

    [Fact]
    public async Task Explain_OfData_HasColumnsAndPlacesInTheSession()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "s c 3", "t b 4", "t d 5", "u c 1", "u d 2");
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", data, "--out", model, "--algorithm", "markov")).Succeeded();
        var live = _folder.Events("SessionId ItemId Time", "x nope 1", "x a 2", "x nope 3", "x b 4", "y c 1", "y b 2");
        string[] args = ["recommend", "--model", model, "--data", live, "--explain"];

        var output = (await Cli.Run(args)).Succeeded().Output;
        Assert.Equal(
            ["SessionId\tRank\tItemId\tScore\tBecauseOf\tRankWithout", "x\t1\tc\t0.5\tb\t", "x\t2\td\t0.5\tb\t", "y\t1\tc\t0.5\tb\t", "y\t2\td\t0.5\t\t"], // d follows c too: it falls without neither
            output.TrimEnd('\n').Split('\n'));

        var json = await Cli.RunForJson(_folder, args);
        Assert.Equal(3, json.GetProperty("sessions")[0].GetProperty("items")[0].GetProperty("explanation").GetProperty("position").GetInt32());
    }

    [Fact]
    public async Task Data_KeysThatHoldSeparators_AreQuotedSoThatTheRowsReadBack()
    {
        var data = _folder.Text("SessionId,ItemId,Time\n\"s\t\"\"1\",a,1\n\"s\t\"\"1\",\"b\tc\",2\n", ".csv");
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", data, "--out", model, "--algorithm", "markov")).Succeeded();
        var live = _folder.Text("SessionId,ItemId,Time\n\"s\t\"\"1\",a,1\n", ".csv");

        var output = (await Cli.Run("recommend", "--model", model, "--data", live)).Succeeded().Output;

        Assert.StartsWith("SessionId\tRank\tItemId\tScore\n\"s\t\"\"1\"\t1\t\"b\tc\"\t", output, StringComparison.Ordinal);
    }

    private Task<JsonElement> Recommend(params string[] options) => Cli.RunForJson(_folder, ["recommend", "--model", shop.Gru4Rec, .. options]);

    private static string[] Keys(JsonElement answer) => [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("itemId").GetString()!)];
}
