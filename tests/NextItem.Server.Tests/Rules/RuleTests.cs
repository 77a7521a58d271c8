using System.Text.Json;

namespace NextItem.Server.Tests.Rules;

/// <summary>Each rule in a running server.</summary>
public sealed class RuleTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hide_LeavesOutItemsCategoriesAndWhatAFilterHoldsFor_BeforeTheCut()
    {
        var all = await All();
        await using var server = await Start($$$"""{"hide":{"items":["{{{all[0]}}}"],"categories":["outlet"],"filter":"title = 'Ugly'"}}""");
        await Tell(server, (all[1], """ "categories":["shoes","outlet"] """), (all[2], """ "title":"Ugly" """), (all[3], """ "categories":["shoes"] """));

        Assert.Equal(all[3..13], (await server.Recommend([shop.Keys[0]], ""","numResults":10""")).Items);
        Assert.Empty((await server.Get($"/v1/items/{shop.Keys[30]}/similar?numResults=59")).Ok().Items.Intersect(all[..3]));
        Assert.Equal(56, (await server.Get($"/v1/items/{shop.Keys[30]}/similar?numResults=59")).Ok().Items.Length + (Array.IndexOf(all, shop.Keys[30]) < 3 ? 1 : 0));
        Assert.Empty((await server.Recommend([])).Items.Intersect(all[..3]));
    }

    [Fact]
    public async Task UnavailableItems_AreShown_WhereARuleSaysSo()
    {
        var all = await All();
        await using var hiding = await Start("{}");
        await using var showing = await Start("""{"showUnavailable":true}""", "other.json");
        foreach (var server in new[] { hiding, showing })
            await Tell(server, (all[0], """ "available":false """));

        Assert.Equal(all[1..21], (await hiding.Recommend([shop.Keys[0]])).Items);
        Assert.Equal(all[..20], (await showing.Recommend([shop.Keys[0]])).Items);
    }

    /// <summary>The rule goes before the server's setting.</summary>
    [Fact]
    public async Task ExcludeSeen_LeavesOutTheSession()
    {
        var all = await All();
        string[] session = [shop.Keys[3], shop.Keys[0]];
        await using var with = await Start("""{"excludeSeen":true}""");
        await using var without = await Start("""{"excludeSeen":false}""", "other.json", options => options with { ExcludeSeen = true });
        await using var plain = await Served.Start(shop.Model);
        var expected = (await plain.Recommend(session, ""","numResults":60""")).Items;

        Assert.Equal(expected.Except(session), (await with.Recommend(session, ""","numResults":60""")).Items);
        Assert.Equal(expected, (await without.Recommend(session, ""","numResults":60""")).Items);
        Assert.Equal(60, all.Length);
    }

    [Fact]
    public async Task Pin_TakesItsPlace_WhateverTheModelThinksOfIt()
    {
        var all = await All();
        await using var server = await Start($$"""{"pin":[{"itemId":"{{all[40]}}","position":2},{"itemId":"NEW","position":4},{"itemId":"LATE","position":50},{"itemId":"SECOND","position":4}]}""");
        await Tell(server, ("NEW", """ "title":"Just in" """));

        var reply = await server.Recommend([shop.Keys[0]], ""","numResults":5,"explain":true""");
        Assert.Equal([all[0], all[40], all[1], "NEW", all[2]], reply.Items);
        Assert.Equal(["model", "promotion", "model", "promotion", "model"], reply.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("source").GetString()));
        Assert.Equal([true, false, true, false, true], reply.Json.GetProperty("items").EnumerateArray().Select(item => item.TryGetProperty("score", out _)));
        Assert.Equal("Just in", reply.Json.GetProperty("items")[3].GetProperty("title").GetString());
        Assert.Equal(0, reply.Json.GetProperty("items")[1].GetProperty("because").GetArrayLength());

        // What the request leaves out, no pin brings back; the next pin of the place comes instead.
        Assert.Equal([all[0], all[1], all[2], "SECOND"], (await server.Recommend([shop.Keys[0]], $$""","numResults":4,"deny":["{{all[40]}}","NEW"]""")).Items);
        Assert.Equal([all[7], "NEW"], (await server.Recommend([shop.Keys[0]], $$""","numResults":4,"allow":["{{all[7]}}","NEW"]""")).Items);
        Assert.Equal([all[0], all[40], all[1]], (await server.Recommend([shop.Keys[0]], ""","numResults":4,"filter":"events > 0" """)).Items[..3]);
        Assert.DoesNotContain("NEW", (await server.Recommend([shop.Keys[0]], ""","numResults":4,"filter":"events > 0" """)).Items);
        await Tell(server, ("NEW", """ "available":false """));
        Assert.Equal([all[0], all[40], all[1], "SECOND"], (await server.Recommend([shop.Keys[0]], ""","numResults":4""")).Items);
    }

    [Fact]
    public async Task Pin_HoldsInItsTime_AndAfterItsCategory()
    {
        var all = await All();
        var time = new SetTime();
        await using var server = await Start(
            """{"pin":[{"itemId":"SALE","position":1,"from":"2026-01-02T00:00:00Z","until":"2026-01-03T00:00:00Z"},{"itemId":"LACES","position":2,"lastCategory":"shoes"}]}""", time: time);
        await Tell(server, (shop.Keys[0], """ "categories":["red","shoes"] """));

        foreach (var (now, holds) in new[] { ("2026-01-01T23:59:59Z", false), ("2026-01-02T00:00:00Z", true), ("2026-01-02T23:59:59Z", true), ("2026-01-03T00:00:00Z", false) })
        {
            time.Now = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(holds ? ["SALE", "LACES", all[0]] : [all[0], "LACES", all[1]], (await server.Recommend([shop.Keys[0]], ""","numResults":3""")).Items);
        }

        Assert.DoesNotContain("LACES", (await server.Recommend([shop.Keys[0], shop.Keys[1]])).Items);
        Assert.DoesNotContain("LACES", (await server.Recommend([])).Items);
    }

    /// <summary>One spread is the distance from the best to the hundredth or last: that far, the last is level with the best.</summary>
    [Fact]
    public async Task BoostAndBury_MoveBySpreads()
    {
        await using var plain = await Served.Start(shop.Model);
        var scored = (await plain.Recommend([shop.Keys[0]], ""","numResults":60""")).Scored;
        var spread = scored[0].Score - scored[^1].Score;
        await using var server = await Start("""{"boost":[{"filter":"category = 'new'","by":0.5}],"bury":[{"filter":"category = 'old'","by":1.25}]}""");
        await Tell(server, (scored[30].Key, """ "categories":["new"] """), (scored[0].Key, """ "categories":["old"] """), (scored[5].Key, """ "categories":["old","new"] """));

        var moved = (await server.Recommend([shop.Keys[0]], ""","numResults":60""")).Scored;

        var expected = scored
            .Select((item, i) => (item.Key, Score: item.Score + (i switch { 30 => 0.5, 0 => -1.25, 5 => -0.75, _ => 0 } * spread)))
            .OrderByDescending(item => item.Score).ToArray();
        Assert.Equal(expected, moved);
        Assert.Equal(scored[0].Key, moved[^1].Key);
        Assert.NotEqual(scored.Select(item => item.Key), moved.Select(item => item.Key));
        Assert.Equal(moved[..7], (await server.Recommend([shop.Keys[0]], ""","numResults":7""")).Scored);
        Assert.Equal(moved[7..14], (await server.Recommend([shop.Keys[0]], $$""","numResults":7,"exclude":{{JsonSerializer.Serialize(moved[..7].Select(item => item.Key))}}""")).Scored);
    }

    [Fact]
    public async Task Quota_KeepsListsMixed_AndFull()
    {
        var all = await All();
        await using var server = await Start($$"""{"quota":[{"category":"a","most":1},{"most":2}],"pin":[{"itemId":"PIN","position":3}]}""");
        await Tell(server, [("PIN", """ "categories":["c"] """), .. all[..9].Select((key, i) => (key, i < 3 ? """ "categories":["a"] """ : i < 6 ? """ "categories":["b"] """ : """ "categories":["c","d"] """))]);

        Assert.Equal([all[0], all[3], "PIN", all[4], all[6], all[9], all[10]], (await server.Recommend([shop.Keys[0]], ""","numResults":7""")).Items);
        Assert.Equal(56, (await server.Recommend([shop.Keys[0]], ""","numResults":60""")).Items.Length); // 2 of a, 1 of b, 2 of c are over; the pin comes on top
    }

    [Fact]
    public async Task File_IsTakenInWhileTheServerRuns_AndABadOneIsRefused()
    {
        var all = await All();
        await using var server = await Start($$$"""{"hide":{"items":["{{{all[0]}}}"]}}""");
        Assert.Equal(all[1], (await server.Recommend([shop.Keys[0]])).Items[0]);

        _folder.Text("rules.json", $$$"""{"hide":{"items":["{{{all[0]}}}","{{{all[1]}}}"]}}""");
        await Until(async () => (await server.Recommend([shop.Keys[0]])).Items[0] == all[2], server);
        _folder.Text("rules.json", """{"hid":{},"pin":3}""");
        await Until(async () => (await server.Get("/v1/model")).Json.GetProperty("rules").TryGetProperty("refused", out var refused) && refused.GetRawText().Contains("'hid'", StringComparison.Ordinal), server); // not one half written
        Assert.Equal(all[2], (await server.Recommend([shop.Keys[0]])).Items[0]);
        Assert.Contains("rules.json was refused, the rules before it hold on", server.Log, StringComparison.Ordinal);
        Assert.Contains("'hid'", server.Log, StringComparison.Ordinal);
        Assert.Contains("pin is 3", server.Log, StringComparison.Ordinal);

        _folder.Text("rules.json", "{}");
        await Until(async () => (await server.Recommend([shop.Keys[0]])).Items[0] == all[0], server);
        Assert.False((await server.Get("/v1/model")).Json.GetProperty("rules").TryGetProperty("refused", out _));
        File.Delete(_folder.In("rules.json"));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(all[0], (await server.Recommend([shop.Keys[0]])).Items[0]);
    }

    [Fact]
    public async Task File_ThatCannotBeRead_IsTakenInLater()
    {
        var all = await All();
        await using var server = await Start("{}");
        var (rules, other) = (_folder.In("rules.json"), _folder.Text("other.json", $$$"""{"hide":{"items":["{{{all[0]}}}"]}}"""));
        await using (new FileStream(other, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            File.Move(other, rules, overwrite: true);
            await Until(async () => (await server.Get("/v1/model")).Json.GetProperty("rules").TryGetProperty("refused", out _), server);
            await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.Equal(all[0], (await server.Recommend([shop.Keys[0]])).Items[0]);
        }

        await Until(async () => (await server.Recommend([shop.Keys[0]])).Items[0] == all[1], server);
        Assert.Single(server.Log.Split('\n'), line => line.Contains("rules.json was refused", StringComparison.Ordinal));
    }

    private async Task<string[]> All()
    {
        await using var plain = await Served.Start(shop.Model);
        return (await plain.Recommend([shop.Keys[0]], ""","numResults":60""")).Items;
    }

    private Task<Served> Start(string rules, string name = "rules.json", Func<ServerOptions, ServerOptions>? change = null, TimeProvider? time = null)
    {
        var path = _folder.Text(name, rules);
        return Served.Start(shop.Model, options => (change?.Invoke(options) ?? options) with { RulesPath = path, ReloadCheck = TimeSpan.FromMilliseconds(20) }, time);
    }

    private static async Task Tell(Served server, params (string Key, string Facts)[] items) =>
        (await server.Put("/v1/items", $$"""{"items":[{{string.Join(',', items.Select(item => $$"""{"itemId":"{{item.Key}}",{{item.Facts}}}"""))}}]}""")).Ok();

    private static async Task Until(Func<Task<bool>> holds, Served server)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if (await holds())
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"It did not come to hold. The log: {server.Log}");
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
