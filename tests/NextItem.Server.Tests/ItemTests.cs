using NextItem.Data;

namespace NextItem.Server.Tests;

public sealed class ItemTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Similar_AnswersWhatTheRecommenderAnswers_InAnOrder()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);
        var key = shop.Keys[4];

        var similar = (await server.Get($"/v1/items/{key}/similar?numResults=7")).Ok();

        Assert.Equal(recommender.Similar(key, 7).Select(item => (item.ItemKey, item.Score)), similar.Scored);
        Assert.Equal(20, (await server.Get($"/v1/items/{key}/similar")).Ok().Items.Length);
        (await server.Get("/v1/items/no%2Fpe/similar")).Refused(404, "unknown-item", "'no/pe'", "60 items");
        (await server.Get($"/v1/items/{key}/similar?numResults=0&top=3")).Refused(400, "invalid-request", "numResults is '0'", "'top'");
        await using var popularity = await Served.Start(shop.Popularity);
        (await popularity.Get($"/v1/items/{key}/similar")).Refused(409, "no-item-vectors", "pop");
    }

    [Fact]
    public async Task UnavailableItems_AreNowhere_UntilTheyAreAvailable()
    {
        await using var server = await Served.Start(shop.Model);
        string[] session = [shop.Keys[0]];
        var all = (await server.Recommend(session)).Items;
        var popular = (await server.Recommend([])).Items;
        var similar = (await server.Get($"/v1/items/{shop.Keys[0]}/similar?numResults=5")).Ok().Items;

        var put = (await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{all[0]}}","available":false},{"itemId":"{{popular[1]}}","available":false},{"itemId":"{{similar[2]}}","available":false},{"itemId":"nope"}]}""")).Ok();
        string[] gone = [all[0], popular[1], similar[2]];
        Assert.Equal("""{"accepted":4,"unknown":1}""", put.Text);
        var now = (await server.Recommend(session)).Items;
        Assert.Equal(20, now.Length);
        Assert.Equal(all.Except(gone), now.Take(all.Except(gone).Count()));
        Assert.Empty((await server.Recommend([])).Items.Intersect(gone));
        var nowSimilar = (await server.Get($"/v1/items/{shop.Keys[0]}/similar?numResults=5")).Ok().Items;
        Assert.Equal(5, nowSimilar.Length);
        Assert.Empty(nowSimilar.Intersect(gone));
        Assert.Empty((await server.Recommend(session, $$""","allow":["{{all[0]}}"]""")).Items);

        await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{gone[0]}}","available":true},{"itemId":"{{gone[1]}}","available":true},{"itemId":"{{gone[2]}}","available":true}]}""");
        Assert.Equal(all, (await server.Recommend(session)).Items);
    }

    [Fact]
    public async Task Titles_ComeFromNamesAndFromItems_AndWhatIsLeftOutStays()
    {
        var key = shop.Keys[0];
        var names = _folder.Text("names.tsv", $"ItemId\tName\n{key}\tRed shoe\n");
        await using var server = await Served.Start(shop.Model, options => options with { NamesPath = names });
        Assert.Equal("Red shoe", await Title());

        await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{key}}","available":true,"categories":["shoes"]}]}""");
        Assert.Equal("Red shoe", await Title());
        await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{key}}","title":"Grüner Schuh"}]}""");
        Assert.Equal("Grüner Schuh", await Title());

        async Task<string?> Title() => (await server.Recommend([], $$""","allow":["{{key}}"]""")).Json.GetProperty("items")[0].GetProperty("title").GetString();
    }

    [Fact]
    public async Task Titles_UnderOtherColumns_AreFound()
    {
        var key = shop.Keys[0];
        var names = _folder.Text("artikel.csv", $"Artikel,Titel\n{key},Red shoe\n");
        await using var server = await Served.Start(shop.Model, options => options with { NamesPath = $"{names}:item=Artikel;name=Titel" });

        Assert.Equal("Red shoe", (await server.Recommend([], $$""","allow":["{{key}}"]""")).Json.GetProperty("items")[0].GetProperty("title").GetString());
    }

    [Fact]
    public async Task ItemsFile_KeepsWhatWasTold_OverRestarts()
    {
        var path = _folder.In("items.json");
        var key = shop.Keys[0];
        await using (var server = await Served.Start(shop.Model, options => options with { ItemsPath = path }))
            (await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{key}}","title":"Red shoe","available":false,"categories":["a","b"]}]}""")).Ok();

        Assert.Equal($$"""{"items":[{"itemId":"{{key}}","title":"Red shoe","categories":["a","b"],"available":false}]}""", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        await using var again = await Served.Start(shop.Model, options => options with { ItemsPath = path });
        Assert.Empty((await again.Recommend([], $$""","allow":["{{key}}"]""")).Items);
        await again.Put("/v1/items", $$"""{"items":[{"itemId":"{{key}}","available":true}]}""");
        Assert.Contains("Red shoe", (await again.Recommend([], $$""","allow":["{{key}}"]""")).Text, StringComparison.Ordinal);
    }

    /// <summary>The file has what was told and no names of the other file: these may be others at the next start.</summary>
    [Fact]
    public async Task ItemsFile_KeepsNoNames()
    {
        var (path, key) = (_folder.In("items.json"), shop.Keys[0]);
        var names = _folder.Text("names.tsv", $"ItemId\tName\n{key}\tRed shoe\n{shop.Keys[1]}\tBlue shoe\n");
        await using (var server = await Served.Start(shop.Model, options => options with { ItemsPath = path, NamesPath = names }))
            (await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{key}}","categories":["a"]}]}""")).Ok();

        Assert.Equal($$"""{"items":[{"itemId":"{{key}}","categories":["a"]}]}""", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        _folder.Text("names.tsv", $"ItemId\tName\n{key}\tGreen shoe\n");
        await using var again = await Served.Start(shop.Model, options => options with { ItemsPath = path, NamesPath = names });
        Assert.Contains("Green shoe", (await again.Recommend([], $$""","allow":["{{key}}"],"filter":"category = 'a'" """)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItemsFile_ThatCannotBeWritten_IsToldAndTheItemsHold()
    {
        var (folder, key) = (_folder.In("items"), shop.Keys[0]);
        await using var server = await Served.Start(shop.Model, options => options with { ItemsPath = Path.Combine(folder, "items.json") });
        await File.WriteAllTextAsync(folder, "no folder", TestContext.Current.CancellationToken);
        var told = $$"""{"items":[{"itemId":"{{key}}","available":false}]}""";

        (await server.Put("/v1/items", told)).Refused(503, "items-not-kept", "send them again");
        Assert.Empty((await server.Recommend([], $$""","allow":["{{key}}"]""")).Items);
        Assert.Contains("would be lost by a restart", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", server.Log, StringComparison.Ordinal);

        File.Delete(folder);
        (await server.Put("/v1/items", told)).Ok();
        Assert.Contains(key, await File.ReadAllTextAsync(Path.Combine(folder, "items.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("""{"items":[{"id":"a"}]}""", "There is no such field")]
    [InlineData("""{"items":[{"title":"a"}]}""", "items[0] has no itemId")]
    [InlineData("{}", "no list 'items'")]
    public async Task ItemsFile_ThatIsNone_IsRefusedAtTheStart(string content, string told)
    {
        var path = _folder.Text("items.json", content);

        var fault = await Assert.ThrowsAsync<ItemsFileException>(() => Served.Start(shop.Model, options => options with { ItemsPath = path }));

        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamesFile_ThatIsNone_IsRefusedAtTheStart()
    {
        var path = _folder.Text("names.tsv", "a\tb\n");
        await Assert.ThrowsAsync<EventsFileException>(() => Served.Start(shop.Model, options => options with { NamesPath = path }));
    }
}
