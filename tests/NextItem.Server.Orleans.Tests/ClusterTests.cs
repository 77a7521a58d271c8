using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using NextItem.Server.Tests;

namespace NextItem.Server.Orleans.Tests;

/// <summary>Servers of a cluster that find each other and keep their sessions in a real Redis.</summary>
public sealed class ClusterTests(SmallShop shop)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Three servers in turn: after every event each answers what <c>recommend</c> does, stored and sent along alike.</summary>
    [Fact]
    public async Task AnyServer_AnswersAnySession_AsRecommendDoes()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis);
        await using var second = await Cluster.Start(shop.Model, redis);
        await using var third = await Cluster.Start(shop.Model, redis);
        Served[] servers = [first, second, third];
        using var expected = SmallShop.Recommender(shop.Model);
        var id = "s/ü %2F" + new string('ü', 505);

        for (var session = 0; session < 6; session++)
        {
            string[] items = [.. Enumerable.Range(0, 9).Select(i => shop.Keys[(session * 11 + i * 7) % shop.Keys.Count])];
            for (var i = 0; i < items.Length; i++)
            {
                var answer = (await servers[(session + i) % 3].Post($"/v1/sessions/{Uri.EscapeDataString(id)}/events", JsonSerializer.Serialize(new { itemId = items[i] }))).Ok();
                Assert.Equal(Cluster.Expected(expected, items[..(i + 1)]), answer.Scored);
            }

            foreach (var server in servers)
                Assert.Equal((await server.Recommend(items)).Scored, (await server.Recommend(id)).Scored);
            await servers[session % 3].Delete($"/v1/sessions/{Uri.EscapeDataString(id)}");
            foreach (var server in servers)
                Assert.Equal("popular", (await server.Recommend(id)).Word("fallback"));
        }
    }

    [Fact]
    public async Task Sessions_OutliveTheirServers()
    {
        using var redis = await Cluster.Redis();
        string[] items = [shop.Keys[0], shop.Keys[1]];
        await using (var first = await Cluster.Start(shop.Model, redis))
        await using (var second = await Cluster.Start(shop.Model, redis))
        {
            await first.View("s", items[0]);
            await second.View("s", items[1]);
        }

        await using var third = await Cluster.Start(shop.Model, redis);
        using var expected = SmallShop.Recommender(shop.Model);

        Assert.Equal(Cluster.Expected(expected, items), (await third.Recommend("s")).Scored);
        Assert.Equal(1, (await third.Get("/health/ready")).Ok().Json.GetProperty("servers").GetInt32()); // the others said good-bye
    }

    /// <summary>A server that stops hands its sessions over: the next event on another one finds them at once.</summary>
    [Fact]
    public async Task Sessions_OfAServerThatStops_GoOnAtOnce()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis);
        await using (var second = await Cluster.Start(shop.Model, redis))
        {
            for (var i = 0; i < 30; i++)
                await second.View($"s{i}", shop.Keys[i % 20]);
        }

        using var expected = SmallShop.Recommender(shop.Model);
        for (var i = 0; i < 30; i++)
        {
            await first.View($"s{i}", shop.Keys[30]);
            Assert.Equal(Cluster.Expected(expected, [shop.Keys[i % 20], shop.Keys[30]]), (await first.Recommend($"s{i}")).Scored);
        }

        Assert.Contains("has left the cluster", first.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StateOfAnotherModel_IsMadeAnew()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis);
        await using var second = await Cluster.Start(shop.OtherModel, redis);
        using var own = SmallShop.Recommender(shop.Model);
        using var other = SmallShop.Recommender(shop.OtherModel);

        await first.View("s", shop.Keys[0], shop.Keys[1]);
        Assert.Equal(Cluster.Expected(other, shop.Keys.Take(2)), (await second.Recommend("s")).Scored);
        await second.View("s", shop.Keys[2]);
        Assert.Equal(Cluster.Expected(own, shop.Keys.Take(3)), (await first.Recommend("s")).Scored);
    }

    /// <summary>Many events of one session at the same time, through two servers: all are kept, and repeated ones count once.</summary>
    [Fact]
    public async Task ConcurrentEvents_OfOneSession_AreAllKeptOnce()
    {
        const int Events = 100;
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis, options => options with { MaxSessionEvents = Events + 1 });
        await using var second = await Cluster.Start(shop.Model, redis, options => options with { MaxSessionEvents = Events + 1 });
        var counts = new ConcurrentBag<(int Accepted, int Repeated)>();

        // Every event is sent to both servers, as by a client that is not patient.
        await Parallel.ForEachAsync(Enumerable.Range(0, 2 * Events), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancelled }, async (i, _) =>
        {
            var reply = (await (i % 2 == 0 ? first : second).Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[i / 2 % shop.Keys.Count]}}","eventId":"e{{i / 2}}"}]}""")).Ok();
            counts.Add((reply.Json.GetProperty("accepted").GetInt32(), reply.Json.GetProperty("repeated").GetInt32()));
        });

        Assert.Equal((Events, Events), (counts.Sum(count => count.Accepted), counts.Sum(count => count.Repeated)));
        Assert.Equal((await first.Recommend("s")).Scored, (await second.Recommend("s")).Scored);
        // The limit of events tells how many there are.
        var last = (await second.Post("/v1/events", """{"sessionId":"s","events":[{"itemId":"a"},{"itemId":"b"}]}""")).Ok().Json.GetProperty("rejected");
        Assert.Equal(("session-full", 1), (last[0].GetProperty("code").GetString(), last.GetArrayLength()));
    }

    [Fact]
    public async Task WithoutConsent_NothingIsKept()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis);
        await using var second = await Cluster.Start(shop.Model, redis);
        await first.View("s", shop.Keys[0]);
        Assert.Equal(":1", await redis.Answer("EXISTS nextitem:nextitem:session:s"));

        var refused = (await second.Post("/v1/events", $$"""{"sessionId":"s","consent":false,"events":[{"itemId":"{{shop.Keys[1]}}"}]}""")).Ok();

        Assert.Equal("no-consent", refused.Json.GetProperty("rejected")[0].GetProperty("code").GetString());
        Assert.Equal(":0", await redis.Answer("EXISTS nextitem:nextitem:session:s"));
        Assert.Equal("popular", (await first.Recommend("s")).Word("fallback"));
        // One that never was is forgotten as well.
        Assert.Equal(HttpStatusCode.NoContent, (await first.Delete("/v1/sessions/never")).Status);
    }

    [Fact]
    public async Task Session_IdleForTooLong_IsForgotten()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis, options => options with { SessionIdle = TimeSpan.FromSeconds(2.5) });
        await using var second = await Cluster.Start(shop.Model, redis, options => options with { SessionIdle = TimeSpan.FromSeconds(2.5) });
        await first.View("used", shop.Keys[0]);
        await first.View("left", shop.Keys[0]);
        Assert.Equal(":3", await redis.Answer("DBSIZE")); // the list of servers, too

        for (var i = 0; i < 16; i++)
        {
            await Task.Delay(250, Cancelled);
            Assert.Equal("none", (await (i % 2 == 0 ? first : second).Recommend("used")).Word("fallback")); // each of which is a use
        }

        Assert.Equal(":2", await redis.Answer("DBSIZE"));
        Assert.Equal("popular", (await first.Recommend("left")).Word("fallback"));
        await first.View("left", shop.Keys[1]);
        using var expected = SmallShop.Recommender(shop.Model);
        Assert.Equal(Cluster.Expected(expected, [shop.Keys[1]]), (await second.Recommend("left")).Scored);
    }

    /// <summary>What Redis has counts, not what a server believes: here the session is taken away and written by somebody else behind its back.</summary>
    [Fact]
    public async Task Redis_IsRight_WhereAServerRemembersOtherwise()
    {
        using var redis = await Cluster.Redis();
        await using var server = await Cluster.Start(shop.Model, redis);
        using var expected = SmallShop.Recommender(shop.Model);
        await server.View("s", shop.Keys[0]);
        await server.View("t", shop.Keys[1], shop.Keys[2]);

        await redis.Answer("DEL nextitem:nextitem:session:s");
        await server.View("s", shop.Keys[3]);
        Assert.Equal(Cluster.Expected(expected, [shop.Keys[3]]), (await server.Recommend("s")).Scored);

        await redis.Answer("COPY nextitem:nextitem:session:t nextitem:nextitem:session:s REPLACE");
        await server.View("s", shop.Keys[4]);
        Assert.Equal(Cluster.Expected(expected, [shop.Keys[1], shop.Keys[2], shop.Keys[4]]), (await server.Recommend("s")).Scored);

        await redis.Answer("DEL nextitem:nextitem:session:s");
        Assert.Equal(HttpStatusCode.NoContent, (await server.Delete("/v1/sessions/s")).Status);
        await redis.Answer("HSET nextitem:nextitem:session:u etag 1 data \"\\x09nonsense\"");
        (await server.Post("/v1/events", """{"sessionId":"u","events":[{"itemId":"a"}]}""")).Refused(503, "session-store-unavailable");
    }

    [Fact]
    public async Task Clusters_OfOtherNames_HaveTheirOwnSessions()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis);
        await using var second = await Cluster.Start(shop.Model, redis, options => options with { ClusterId = "other" });

        await first.View("s", shop.Keys[0]);

        Assert.Equal("popular", (await second.Recommend("s")).Word("fallback"));
        Assert.Equal(1, (await second.Get("/health/ready")).Ok().Json.GetProperty("servers").GetInt32());
    }
}
