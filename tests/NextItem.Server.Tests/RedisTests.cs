using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace NextItem.Server.Tests;

/// <summary>Servers that share their sessions through a real Redis.</summary>
public sealed class RedisTests(SmallShop shop)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyServer_ContinuesAnySession()
    {
        using var redis = await Redis();
        await using var first = await Start(redis);
        await using var second = await Start(redis);
        using var expected = SmallShop.Recommender(shop.Model);
        var session = shop.Keys.Take(6).ToArray();

        for (var i = 0; i < session.Length; i++)
            await (i % 2 == 0 ? first : second).View("s/ü", session[i]);

        var scored = expected.Recommend(session, 20).Items.Select(item => (item.ItemKey, item.Score)).ToArray();
        Assert.Equal(scored, (await first.Recommend("s/ü")).Scored);
        Assert.Equal(scored, (await second.Recommend("s/ü")).Scored);
        await first.Delete("/v1/sessions/s%2F%C3%BC");
        Assert.Equal("popular", (await second.Recommend("s/ü")).Word("fallback"));
    }

    [Fact]
    public async Task Session_OutlivesItsServer()
    {
        using var redis = await Redis();
        await using (var first = await Start(redis))
            await first.View("s", shop.Keys[0], shop.Keys[1]);
        await using var second = await Start(redis);
        using var expected = SmallShop.Recommender(shop.Model);

        Assert.Equal(expected.Recommend([shop.Keys[0], shop.Keys[1]], 20).Items.Select(item => (item.ItemKey, item.Score)), (await second.Recommend("s")).Scored);
    }

    /// <summary>The state that the other model wrote says nothing to this one: it is made anew from the items.</summary>
    [Fact]
    public async Task StateOfAnotherModel_IsMadeAnew()
    {
        using var redis = await Redis();
        await using var first = await Start(redis);
        await using var second = await Start(redis, model: shop.OtherModel);
        using var expected = SmallShop.Recommender(shop.OtherModel);
        await first.View("s", shop.Keys[0], shop.Keys[1]);

        Assert.Equal(expected.Recommend([shop.Keys[0], shop.Keys[1]], 20).Items.Select(item => (item.ItemKey, item.Score)), (await second.Recommend("s")).Scored);
        await second.View("s", shop.Keys[2]);
        using var own = SmallShop.Recommender(shop.Model);
        Assert.Equal(own.Recommend([shop.Keys[0], shop.Keys[1], shop.Keys[2]], 20).Items.Select(item => (item.ItemKey, item.Score)), (await first.Recommend("s")).Scored);
    }

    /// <summary>Many events of one session at the same time, through two servers: all are kept, and repeated ones count once.</summary>
    [Fact]
    public async Task ConcurrentEvents_OfOneSession_AreAllKeptOnce()
    {
        const int Events = 120;
        using var redis = await Redis();
        await using var first = await Start(redis);
        await using var second = await Start(redis);
        var counts = new ConcurrentBag<(int Accepted, int Repeated)>();

        // Every event is sent to both servers, as by a client that is not patient.
        await Parallel.ForEachAsync(Enumerable.Range(0, 2 * Events), new ParallelOptions { MaxDegreeOfParallelism = 24, CancellationToken = Cancelled }, async (i, _) =>
        {
            var reply = (await (i % 2 == 0 ? first : second).Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[i / 2 % shop.Keys.Count]}}","eventId":"e{{i / 2}}"}]}""")).Ok();
            counts.Add((reply.Json.GetProperty("accepted").GetInt32(), reply.Json.GetProperty("repeated").GetInt32()));
        });

        Assert.Equal((Events, Events), (counts.Sum(count => count.Accepted), counts.Sum(count => count.Repeated)));
        // The limit of events tells how many there are, and the same lists from both that they are the same.
        Assert.Equal((await first.Recommend("s")).Scored, (await second.Recommend("s")).Scored);
        await using var full = await Start(redis, options => options with { MaxSessionEvents = Events + 1 });
        Assert.Equal("session-full", (await full.Post("/v1/events", """{"sessionId":"s","events":[{"itemId":"a"},{"itemId":"b"}]}""")).Ok().Json.GetProperty("rejected")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Events_OfOneClient_StayInTheirOrder()
    {
        using var redis = await Redis();
        await using var first = await Start(redis);
        await using var second = await Start(redis);
        using var expected = SmallShop.Recommender(shop.Model);
        var items = Enumerable.Range(0, 40).Select(i => shop.Keys[i * 7 % shop.Keys.Count]).ToArray();

        for (var i = 0; i < items.Length; i++)
        {
            var answer = (await (i % 3 == 0 ? first : second).Post("/v1/sessions/s/events", JsonSerializer.Serialize(new { itemId = items[i] }))).Ok();
            Assert.Equal(expected.Recommend(items[..(i + 1)], 20).Items.Select(item => (item.ItemKey, item.Score)), answer.Scored);
        }
    }

    [Fact]
    public async Task Session_IdleForTooLong_IsForgottenByRedis()
    {
        using var redis = await Redis();
        await using var server = await Start(redis, options => options with { SessionIdle = TimeSpan.FromSeconds(2) });
        await server.View("used", shop.Keys[0]);
        await server.View("left", shop.Keys[0]);

        for (var i = 0; i < 12; i++)
        {
            await Task.Delay(250, Cancelled);
            Assert.Equal("none", (await server.Recommend("used")).Word("fallback")); // each of which is a use
        }

        Assert.Equal("popular", (await server.Recommend("left")).Word("fallback"));
        Assert.Equal(":1", await redis.Answer("DBSIZE"));
    }

    /// <summary>Redis is killed and started again while clients send events: no server fails, and every event that was acknowledged is there.</summary>
    [Fact]
    public async Task Redis_KilledInTheMiddle_LosesNothingThatWasAcknowledged()
    {
        const int Clients = 8;
        using var redis = await Redis();
        await using var server = await Start(redis, options => options with { MaxSessionEvents = 10_000 });
        using var measured = new Measured(server.Server.Services.GetRequiredService<IMeterFactory>());
        using var stop = new CancellationTokenSource();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var acknowledged = new List<string>();
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // Sent until it is acknowledged, as a client does; what was written without an answer counts once.
                var item = shop.Keys[i % shop.Keys.Count];
                var reply = await server.Post("/v1/events", $$"""{"sessionId":"s{{client}}","events":[{"itemId":"{{item}}","eventId":"e{{i}}"}]}""");
                statuses.AddOrUpdate(reply.Status, 1, (_, count) => count + 1);
                if (reply.Status == HttpStatusCode.ServiceUnavailable)
                {
                    reply.Refused(503, "session-store-unavailable", "Redis");
                    i--;
                    await Task.Delay(20, Cancelled);
                    continue;
                }

                reply.Ok();
                acknowledged.Add(item);
            }

            return acknowledged;
        })).ToArray();

        await Until(() => statuses.GetValueOrDefault(HttpStatusCode.Accepted) > 100);
        redis.Kill();
        await Until(() => statuses.GetValueOrDefault(HttpStatusCode.ServiceUnavailable) > 10);

        // Without Redis: who needs no session is answered, and who needs one is told when to come again.
        (await server.Recommend([shop.Keys[0]])).Ok();
        (await server.Get("/health/ready")).Ok();
        using (var refused = await server.Client.PostAsync("/v1/recommendations", new StringContent("""{"sessionId":"s0"}""", System.Text.Encoding.UTF8, "application/json"), Cancelled))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.True(measured.Gauge("nextitem.session_store.failures", ("operation", "write")) > 0);

        await redis.StartAgain();
        var before = statuses[HttpStatusCode.Accepted];
        await Until(() => statuses[HttpStatusCode.Accepted] > before + 100);
        await stop.CancelAsync();
        var acknowledged = await Task.WhenAll(clients);

        using var expected = SmallShop.Recommender(shop.Model);
        for (var client = 0; client < Clients; client++)
            Assert.Equal(expected.Recommend(acknowledged[client], 20).Items.Select(item => (item.ItemKey, item.Score)), (await server.Recommend($"s{client}")).Scored);
        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable], statuses.Keys.Order());
        Assert.Contains("cannot be reached", server.Log, StringComparison.Ordinal);
        Assert.Contains("is there again", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_StartsWithoutRedis_AndFindsItLater()
    {
        using var redis = await Redis();
        redis.Kill();
        await using var server = await Start(redis);

        (await server.Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[0]}}"}]}""")).Refused(503, "session-store-unavailable");
        (await server.Delete("/v1/sessions/s")).Refused(503, "session-store-unavailable");
        Assert.Contains("cannot be reached", server.Log, StringComparison.Ordinal);

        await redis.StartAgain();
        var found = false;
        for (var started = TimeProvider.System.GetTimestamp(); !found && TimeProvider.System.GetElapsedTime(started) < s_patience; await Task.Delay(50, Cancelled))
            found = (await server.Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[0]}}"}]}""")).Status == HttpStatusCode.Accepted;
        Assert.True(found);
    }

    /// <summary>Something else under a session's key is neither taken for a session nor written over.</summary>
    [Fact]
    public async Task ForeignValue_IsRefused()
    {
        using var redis = await Redis();
        await using var server = await Start(redis);
        await redis.Answer("SET nextitem:session:s nonsense");

        (await server.Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[0]}}"}]}""")).Refused(503, "session-store-unavailable", "format 110; expected 1");
        await redis.Answer("RPUSH nextitem:session:t nonsense");
        (await server.Post("/v1/recommendations", """{"sessionId":"t"}""")).Refused(503, "session-store-unavailable");
        Assert.Equal(":8", await redis.Answer("STRLEN nextitem:session:s"));
    }

    private static async Task<RedisServer> Redis()
    {
        Assert.SkipWhen(RedisServer.Program is null, RedisServer.Missing);
        return await RedisServer.Start();
    }

    private Task<Served> Start(RedisServer redis, Func<ServerOptions, ServerOptions>? change = null, string? model = null) =>
        Served.Start(model ?? shop.Model, options => (change?.Invoke(options) ?? options) with { Store = SessionStoreKind.Redis, Redis = redis.Address });

    private static async Task Until(Func<bool> holds)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !holds() && TimeProvider.System.GetElapsedTime(started) < s_patience;)
            await Task.Delay(10, Cancelled);
        Assert.True(holds());
    }
}
