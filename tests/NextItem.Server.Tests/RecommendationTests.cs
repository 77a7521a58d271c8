namespace NextItem.Server.Tests;

public sealed class RecommendationTests(SmallShop shop)
{
    [Fact]
    public async Task Post_Items_AnswersWhatRecommendAnswers()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);

        for (var session = 0; session < 50; session++)
        {
            string[] items = [.. shop.Test.ItemsOf(session).ToArray().Select(shop.Test.Catalog.KeyOf)];
            var expected = recommender.Recommend(items, 10).Items.Select(item => (item.ItemKey, item.Score));
            Assert.Equal(expected, (await server.Recommend(items, ""","numResults":10""")).Scored);
        }
    }

    [Fact]
    public async Task Get_IsTheSameAsPost()
    {
        await using var server = await Served.Start(shop.Model);
        var (a, b, c) = (shop.Keys[0], shop.Keys[1], shop.Keys[2]);

        var posted = await server.Recommend([a, b], $$""","numResults":3,"deny":["{{c}}"],"explain":true""");
        var got = (await server.Get($"/v1/recommendations?items={a}&items={b}&numResults=3&deny={c}&explain=true")).Ok();

        Assert.Equal(posted.Json.GetProperty("items").GetRawText(), got.Json.GetProperty("items").GetRawText());
        Assert.NotEqual(posted.Word("recommendationId"), got.Word("recommendationId"));
        Assert.Equal(20, (await server.Get($"/v1/recommendations?items={a}")).Ok().Items.Length);
    }

    [Fact]
    public async Task Lists_LeaveOutBeforeTheCut()
    {
        await using var server = await Served.Start(shop.Model);
        string[] session = [shop.Keys[0]];
        var all = (await server.Recommend(session, ""","numResults":60""")).Items;
        Assert.Equal(60, all.Length);

        var rest = all[3..8];
        Assert.Equal(rest, (await server.Recommend(session, $$""","numResults":5,"exclude":["{{all[0]}}"],"deny":["{{all[1]}}","{{all[2]}}","unheard-of"]""")).Items);
        Assert.Equal([all[7], all[40]], (await server.Recommend(session, $$""","allow":["{{all[40]}}","{{all[7]}}","{{all[9]}}"],"deny":["{{all[9]}}"]""")).Items);
        Assert.Empty((await server.Recommend(session, ""","allow":[]""")).Items);
    }

    /// <summary>More than are left out one by one become a filter: the answer is the same.</summary>
    [Fact]
    public async Task Lists_OfManyItems_LeaveOutAll()
    {
        await using var server = await Served.Start(shop.Model);
        var all = (await server.Recommend([shop.Keys[0]], ""","numResults":60""")).Items;
        var many = string.Join(',', all[..40].Concat(Enumerable.Range(0, 200).Select(i => $"no-{i}")).Concat(all[..40]).Select(key => $"\"{key}\""));

        Assert.Equal(all[40..], (await server.Recommend([shop.Keys[0]], $$""","numResults":60,"deny":[{{many}}]""")).Items);
    }

    [Fact]
    public async Task ExcludeSeen_IsASettingOfTheServer()
    {
        await using var without = await Served.Start(shop.Model);
        await using var with = await Served.Start(shop.Model, options => options with { ExcludeSeen = true });
        string[] session = [shop.Keys[0], shop.Keys[1]];
        await with.View("s", session);

        var all = (await without.Recommend(session, ""","numResults":60""")).Items;
        var unseen = (await with.Recommend(session, ""","numResults":60""")).Items;

        Assert.Equal(all.Except(session), unseen);
        Assert.Equal(58, unseen.Length);
        Assert.Equal(unseen, (await with.Recommend("s", ""","numResults":60""")).Items);
    }

    [Fact]
    public async Task UnknownItems_AreNamed_AndNothingKnownGetsThePopular()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);

        var mixed = await server.Recommend(["nope", shop.Keys[3]]);
        var unknown = await server.Recommend(["nope"], ""","numResults":3,"explain":true""");
        var empty = await server.Recommend([], ""","numResults":3""");

        Assert.Equal(recommender.Recommend(["nope", shop.Keys[3]], 20).Items.Select(item => item.ItemKey), mixed.Items);
        Assert.Equal(("none", "model"), (mixed.Word("fallback"), mixed.Json.GetProperty("items")[0].GetProperty("source").GetString()));
        Assert.Equal("""["nope"]""", mixed.Json.GetProperty("unknownItems").GetRawText());
        Assert.Equal(("popular", "popular"), (unknown.Word("fallback"), unknown.Json.GetProperty("items")[0].GetProperty("source").GetString()));
        Assert.Equal(recommender.Recommend([], 3).Items.Select(item => (item.ItemKey, item.Score)), empty.Scored);
        Assert.Equal(empty.Items, unknown.Items);
        Assert.Equal(unknown.Items[1..], (await server.Recommend(["nope"], $$""","numResults":2,"deny":["{{unknown.Items[0]}}"]""")).Items);
        Assert.Equal(0, unknown.Json.GetProperty("items")[0].GetProperty("because").GetArrayLength());
    }

    [Fact]
    public async Task Explain_TellsSharesOfTheSessionsItems()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);
        string[] session = [shop.Keys[0], "nope", shop.Keys[20], shop.Keys[0]];

        var answer = await server.Recommend(session, ""","explain":true,"numResults":5""");
        var explained = recommender.Explain(session, answer.Items);

        for (var i = 0; i < 5; i++)
        {
            var because = answer.Json.GetProperty("items")[i].GetProperty("because").EnumerateArray().Select(one => (Key: one.GetProperty("itemId").GetString()!, Weight: one.GetProperty("weight").GetDouble())).ToArray();
            Assert.Equal(explained[i].CarriedBy is null, because.Length == 0);
            Assert.All(because, one => Assert.Contains(one.Key, session));
            Assert.Equal(because.Length, because.DistinctBy(one => one.Key).Count());
            if (because.Length > 0)
                Assert.InRange(because.Sum(one => one.Weight), 0.999, 1.001);
        }

        Assert.False((await server.Recommend(session)).Json.GetProperty("items")[0].TryGetProperty("because", out _));
        var tooLong = string.Join(',', Enumerable.Repeat($"\"{shop.Keys[0]}\"", 51));
        (await server.Post("/v1/recommendations", $$"""{"items":[{{tooLong}}],"explain":true}""")).Refused(400, "session-too-long", "51", "50");
    }

    [Fact]
    public async Task Store_MakesTheItemsThoseOfTheSession()
    {
        await using var server = await Served.Start(shop.Model);
        await server.View("s", shop.Keys[9]);

        var stored = (await server.Post("/v1/recommendations", $$"""{"sessionId":"s","items":["{{shop.Keys[0]}}","{{shop.Keys[1]}}"],"store":true}""")).Ok();
        var direct = await server.Recommend([shop.Keys[0], shop.Keys[1]]);

        Assert.Equal(direct.Scored, stored.Scored);
        Assert.Equal(direct.Scored, (await server.Recommend("s")).Scored);
        (await server.Post("/v1/recommendations", """{"sessionId":"s","items":["a"]}""")).Refused(400, "invalid-request", "store: true");
        (await server.Post("/v1/recommendations", """{"items":["a"],"store":true}""")).Refused(400, "invalid-request", "sessionId");
    }

    [Fact]
    public async Task Model_IsNamedInAnswersAndDescribed()
    {
        await using var server = await Served.Start(shop.Model);
        await using var other = await Served.Start(shop.OtherModel);

        var model = (await server.Recommend([])).Json.GetProperty("model");
        var facts = (await server.Get("/v1/model")).Ok().Json;

        Assert.Equal("A", model.GetProperty("variant").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT", model.GetProperty("trainedUntil").GetString()!);
        Assert.Equal(model.GetProperty("version").GetString(), facts.GetProperty("version").GetString());
        Assert.NotEqual(model.GetProperty("version").GetString(), (await other.Get("/v1/model")).Word("version"));
        Assert.Equal(("gru4rec", 60), (facts.GetProperty("algorithm").GetString(), facts.GetProperty("items").GetInt32()));
        Assert.Equal("""{"status":"live"}""", (await server.Get("/health/live")).Ok().Text);
        Assert.Equal("""{"status":"ready"}""", (await server.Get("/health/ready")).Ok().Text);
    }

    /// <summary>Imported weights come without the time of their data: it is left out, and is no 0.</summary>
    [Fact]
    public async Task Model_OfUnknownData_HasNoTime()
    {
        await using var server = await Served.Start(shop.Imported);

        var model = (await server.Recommend([])).Json.GetProperty("model");
        var facts = (await server.Get("/v1/model")).Ok().Json;

        Assert.Equal(["version", "variant"], model.EnumerateObject().Select(property => property.Name));
        Assert.False(facts.TryGetProperty("trainedUntil", out _) || facts.TryGetProperty("dataFingerprint", out _), facts.ToString());
        Assert.Equal("gru4rec", facts.GetProperty("algorithm").GetString());
    }
}
