using NextItem.Hosting.Models;
using NextItem.Server.Answering;
using NextItem.Server.Sessions;

namespace NextItem.Server.Tests;

/// <summary>Two models at once.</summary>
public sealed class VariantTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Computed apart, by another SHA-256: docs/serving.md has the formula, and everybody may rely on it.</summary>
    [Theory]
    [InlineData("", "s1", 0.020516451194451002)]
    [InlineData("", "visitor-7", 0.07606639608512855)]
    [InlineData("spring", "s1", 0.15384727050503255)]
    [InlineData("", "ü/1", 0.9997521209233537)]
    public void Place_IsThatOfTheFormula(string salt, string id, double place) => Assert.Equal(place, VariantSplit.PlaceOf(salt, id));

    [Fact]
    public async Task Sessions_AreSplit_AndAnsweredByTheirModel()
    {
        await using var server = await Start(0.3);
        using var a = SmallShop.Recommender(shop.Model);
        using var b = SmallShop.Recommender(shop.OtherModel);
        string[] session = [shop.Keys[0], shop.Keys[9], shop.Keys[20]];
        var ofB = 0;
        for (var i = 0; i < 200; i++)
        {
            var id = $"s{i}";
            var variant = VariantSplit.PlaceOf("", id) < 0.3 ? "B" : "A";
            ofB += variant == "B" ? 1 : 0;
            await server.View(id, session[..2]);
            var together = (await server.Post($"/v1/sessions/{id}/events", $$"""{"itemId":"{{session[2]}}"}""")).Ok();
            var asked = await server.Recommend(id);
            var stored = (await server.Post("/v1/recommendations", $$"""{"sessionId":"{{id}}","items":["{{session[1]}}"],"store":true}""")).Ok();

            Assert.Equal((variant, variant, variant), (Variant(together), Variant(asked), Variant(stored)));
            Assert.Equal(Expected(variant == "A" ? a : b, session), together.Scored);
            Assert.Equal(together.Scored, asked.Scored);
            Assert.Equal(Expected(variant == "A" ? a : b, session[1..2]), stored.Scored);
        }

        Assert.InRange(ofB, 40, 80); // 60 expected, 6.5 is a standard deviation
    }

    /// <summary>The visitor's id decides where there is no session's; without both A answers.</summary>
    [Fact]
    public async Task Requests_WithoutASession_AreSplitByTheVisitor()
    {
        await using var server = await Start(0.05);
        var key = shop.Keys[0];

        Assert.Equal("A", Variant(await server.Recommend([key])));
        Assert.Equal("A", Variant(await server.Recommend([key], ""","visitorId":"visitor-7" """)));
        Assert.Equal("B", Variant(await server.Recommend([key], ""","visitorId":"s1" """)));
        Assert.Equal("A", Variant((await server.Get($"/v1/recommendations?items={key}")).Ok()));
        Assert.Equal("B", Variant((await server.Get($"/v1/recommendations?items={key}&visitorId=s1")).Ok()));
        Assert.Equal("B", Variant(await server.Recommend("s1", ""","visitorId":"visitor-7" """)));
        Assert.Equal("A", Variant((await server.Get($"/v1/items/{key}/similar")).Ok()));
        Assert.Equal("B", Variant((await server.Get($"/v1/items/{key}/similar?sessionId=s1")).Ok()));
        Assert.Equal("B", Variant((await server.Get($"/v1/items/{key}/similar?visitorId=s1")).Ok()));
        (await server.Get($"/v1/recommendations?items={key}&visitorId=")).Refused(400, "invalid-request", "visitorId is empty");
        (await server.Post("/v1/recommendations", """{"items":[],"visitorId":""}""")).Refused(400, "invalid-request", "visitorId is empty");
    }

    [Fact]
    public async Task Split_SaltAndShare_DecideAndNothingElse()
    {
        await using var first = await Start(0.5);
        await using var again = await Start(0.5);
        await using var salted = await Start(0.5, "spring");
        await using var all = await Start(1);
        await using var none = await Start(0);
        await using var half = await Served.Start(shop.Model, options => options with { ModelBPath = shop.OtherModel });
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => $"v{i}")];

        var variants = await Of(first);
        Assert.Equal(variants, await Of(again));
        Assert.Equal(variants, await Of(half));
        Assert.NotEqual(variants, await Of(salted));
        Assert.InRange((await Of(salted)).Count(variant => variant == "B"), 30, 70);
        Assert.All(await Of(all), variant => Assert.Equal("B", variant));
        Assert.All(await Of(none), variant => Assert.Equal("A", variant));

        async Task<string[]> Of(Served server)
        {
            var found = new List<string>();
            foreach (var id in ids)
                found.Add(Variant(await server.Recommend(id)));
            return [.. found];
        }
    }

    [Fact]
    public async Task Models_AreReloadedApart_AndBothAreTold()
    {
        var (a, b) = (_folder.In("a.nextitem"), _folder.In("b.nextitem"));
        File.Copy(shop.Model, a);
        File.Copy(shop.OtherModel, b);
        await using var server = await Served.Start(a, options => options with { ModelBPath = b, SplitB = 0.25, ReloadCheck = TimeSpan.FromMilliseconds(20) });
        var before = (await server.Get("/v1/model")).Ok().Json;
        Assert.Equal(("A", "B", 0.25), (before.GetProperty("variant").GetString(), before.GetProperty("b").GetProperty("variant").GetString(), before.GetProperty("splitB").GetDouble()));
        var versionOfA = before.GetProperty("version").GetString();
        Assert.NotEqual(versionOfA, before.GetProperty("b").GetProperty("version").GetString());
        await server.View("s1", shop.Keys[0]);
        var ofB = await server.Recommend("s1");
        Assert.Equal("B", Variant(ofB));

        await File.WriteAllTextAsync(b, "nonsense", TestContext.Current.CancellationToken);
        var refused = await Until(server, facts => facts.GetProperty("b").TryGetProperty("refused", out _));
        Assert.False(refused.TryGetProperty("refused", out _));
        Assert.Equal(ofB.Scored, (await server.Recommend("s1")).Scored);

        File.Copy(shop.Model, b, overwrite: true);
        var after = await Until(server, facts => facts.GetProperty("b").GetProperty("version").GetString() == versionOfA);
        Assert.Equal(versionOfA, after.GetProperty("version").GetString());
        Assert.Equal("B", Variant(await server.Recommend("s1")));
        Assert.NotEqual(ofB.Scored, (await server.Recommend("s1")).Scored);
        Assert.Contains("model B", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneModel_IsToldAsOne()
    {
        await using var server = await Served.Start(shop.Model);
        var facts = (await server.Get("/v1/model")).Ok().Json;
        Assert.False(facts.TryGetProperty("b", out _) || facts.TryGetProperty("splitB", out _));
        Assert.Equal("A", Variant(await server.Recommend("s1")));
    }

    [Fact]
    public async Task SecondFile_ThatIsNoModel_IsRefusedAtTheStart() =>
        await Assert.ThrowsAsync<ModelFileException>(() => Served.Start(shop.Model, options => options with { ModelBPath = _folder.Text("b.nextitem", "nonsense") }));

    /// <summary>A session that another variant's model followed before, after the share was changed: its state is made anew from its items.</summary>
    [Fact]
    public void StoredSessions_NameTheirVariant_AndFollowAnother()
    {
        var a = ServedModel.Load(shop.Model, TimeProvider.System);
        var b = ServedModel.Load(shop.OtherModel, TimeProvider.System, "B");
        using var recommender = SmallShop.Recommender(shop.OtherModel);
        string[] items = [shop.Keys[0], shop.Keys[1]];

        var ofA = SessionStates.Append(SessionRecord.Empty, items[..1], a);
        var ofB = SessionStates.Append(ofA, items[1..], b);
        var (state, missing) = SessionStates.Of(ofB, b);
        var best = new ScoredItem[5];
        b.Scorer.TopK(state.Span, missing, null, [], best);

        Assert.Equal(("", "A", "B", "A"), (SessionRecord.Empty.Variant, ofA.Variant, ofB.Variant, SessionStates.Append(ofB, [], a).Variant));
        Assert.Equal(recommender.Recommend(items, 5).Items.Select(item => item.ItemKey), best.Select(item => b.Catalog.KeyOf(item.ItemIndex)));
        a.Release();
        b.Release();
    }

    private Task<Served> Start(double share, string salt = "") =>
        Served.Start(shop.Model, options => options with { ModelBPath = shop.OtherModel, SplitB = share, SplitSalt = salt });

    private static string Variant(Reply reply) => reply.Json.GetProperty("model").GetProperty("variant").GetString()!;

    private static IEnumerable<(string, double)> Expected(Recommender recommender, string[] session) =>
        recommender.Recommend(session, 20).Items.Select(item => (item.ItemKey, item.Score));

    private static async Task<System.Text.Json.JsonElement> Until(Served server, Func<System.Text.Json.JsonElement, bool> holds)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if ((await server.Get("/v1/model")).Ok().Json is var facts && holds(facts))
                return facts;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"It did not come to hold. The log: {server.Log}");
    }
}
