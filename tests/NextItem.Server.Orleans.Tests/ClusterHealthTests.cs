using System.Net;
using System.Net.Sockets;
using NextItem.Server.Tests;

namespace NextItem.Server.Orleans.Tests;

/// <summary>What a server says of its cluster, where it is reached, and what happens while Redis is away.</summary>
public sealed class ClusterHealthTests(SmallShop shop)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_TellsOfServersAndRedis()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis);
        await using var second = await Cluster.Start(shop.Model, redis);

        await Cluster.Until(async () => (await first.Get("/health/ready")).Ok().Text == """{"status":"ready","servers":2}""");
        Assert.Contains("nextitem_cluster_servers{otel_scope_name=\"NextItem\"} 2", (await first.Get("/metrics")).Text, StringComparison.Ordinal);
        Assert.Contains("has come to the cluster: 2 servers", first.Log, StringComparison.Ordinal);
        redis.Kill();
        await Cluster.Until(async () => (await first.Get("/health/ready")).Ok().Text.Contains("Redis, which keeps the sessions, cannot be reached.", StringComparison.Ordinal));
        (await first.Recommend([shop.Keys[0]])).Ok();

        // Through a Redis that is away it cannot tell the others, which must not keep it: some 10 s here, two minutes if it were left to Orleans.
        var started = TimeProvider.System.GetTimestamp();
        await first.Server.StopAsync(Cancelled);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 60);
        Assert.DoesNotContain("updating status", first.Log, StringComparison.Ordinal);
    }

    /// <summary>Redis is killed and started again while clients send events to two servers: every acknowledged event is there.</summary>
    [Fact]
    public async Task Redis_KilledInTheMiddle_LosesNothingThatWasAcknowledged()
    {
        using var redis = await Cluster.Redis();
        await using var first = await Cluster.Start(shop.Model, redis, options => options with { MaxSessionEvents = 10_000 });
        await using var second = await Cluster.Start(shop.Model, redis, options => options with { MaxSessionEvents = 10_000 });
        using var visitors = new Visitors(shop.Keys, 8, [first.Client.BaseAddress!, second.Client.BaseAddress!]);

        await Cluster.Until(() => visitors.Count(202) > 100);
        redis.Kill();
        await Cluster.Until(() => visitors.Count(503) > 20);
        using (var refused = await first.Client.PostAsync("/v1/events", new StringContent("""{"sessionId":"x","events":[{"itemId":"a"}]}""", System.Text.Encoding.UTF8, "application/json"), Cancelled))
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        await redis.StartAgain();
        var before = visitors.Count(202);
        await Cluster.Until(() => visitors.Count(202) > before + 100);
        await visitors.Stop();

        using var expected = SmallShop.Recommender(shop.Model);
        foreach (var (session, items) in visitors.Acknowledged)
        {
            Assert.Equal(Cluster.Expected(expected, items), (await first.Recommend(session)).Scored);
            Assert.Equal(Cluster.Expected(expected, items), (await second.Recommend(session)).Scored);
        }

        Assert.Equal([202, 503], visitors.Statuses);
        Assert.Contains("is there again", first.Log, StringComparison.Ordinal);
        Assert.Equal(2, (await first.Get("/health/ready")).Ok().Json.GetProperty("servers").GetInt32());
    }

    [Fact]
    public async Task Memory_IsAClusterOfOne()
    {
        await using var server = await Cluster.Start(shop.Model, "memory", options => options with { SessionIdle = TimeSpan.FromSeconds(2) });
        using var expected = SmallShop.Recommender(shop.Model);
        await server.View("s", shop.Keys[0]);
        (await server.Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[1]}}","eventId":"e"},{"itemId":"{{shop.Keys[1]}}","eventId":"e"}]}""")).Ok();

        Assert.Equal(Cluster.Expected(expected, shop.Keys.Take(2)), (await server.Recommend("s")).Scored);
        await server.View("t", shop.Keys[0]);
        await server.Delete("/v1/sessions/t");
        Assert.Equal("popular", (await server.Recommend("t")).Word("fallback"));
        await Task.Delay(2500, Cancelled);
        Assert.Equal("popular", (await server.Recommend("s")).Word("fallback"));
        Assert.Equal("""{"status":"ready","servers":1}""", (await server.Get("/health/ready")).Ok().Text);
        Assert.DoesNotContain("ServerGC", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SiloAddress_AndPort_AreWhereOthersReachIt()
    {
        using var redis = await Cluster.Redis();
        var port = FreePort();
        await using var server = await Cluster.Start(shop.Model, redis, options => options with { SiloPort = port, SiloAddress = "127.0.0.2" });

        Assert.Contains($"Member 127.0.0.2:{port} of a cluster of 1", server.Log, StringComparison.Ordinal);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Parse("127.0.0.2"), port, Cancelled);

        var taken = await Assert.ThrowsAsync<ClusterException>(() => Cluster.Start(shop.Model, redis, options => options with { SiloPort = port, SiloAddress = "127.0.0.2" }));
        Assert.Contains($"cannot listen on 127.0.0.2:{port}", taken.Message, StringComparison.Ordinal);
        var strange = await Assert.ThrowsAsync<ClusterException>(() => Cluster.Start(shop.Model, redis, options => options with { SiloAddress = "192.0.2.1" }));
        Assert.Contains("expected an address of this machine (silo-address)", strange.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsWrong_IsTold()
    {
        var port = FreePort();
        var away = await Assert.ThrowsAsync<ClusterException>(() => Cluster.Start(shop.Model, $"redis://127.0.0.1:{port}"));
        Assert.Contains($"Redis at 127.0.0.1:{port} cannot be reached; expected one that answers", away.Message, StringComparison.Ordinal);
        var none = await Assert.ThrowsAsync<OptionsException>(() => OrleansServer.StartAsync(new ServerOptions { ModelPath = shop.Model }, cancellationToken: Cancelled));
        Assert.Contains("cluster is missing", none.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
