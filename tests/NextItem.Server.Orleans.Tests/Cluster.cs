using NextItem.Server.Tests;

namespace NextItem.Server.Orleans.Tests;

/// <summary>Servers of a cluster in this process, each with a silo and an HTTP port of its own.</summary>
internal static class Cluster
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<RedisServer> Redis()
    {
        Assert.SkipWhen(RedisServer.Program is null, RedisServer.Missing);
        return await RedisServer.Start();
    }

    /// <summary>A server of the cluster in a Redis.</summary>
    public static Task<Served> Start(string model, RedisServer redis, Func<ServerOptions, ServerOptions>? change = null) =>
        Start(model, $"redis://{redis.Address}", change);

    /// <summary>A server of a cluster.</summary>
    public static Task<Served> Start(string model, string cluster, Func<ServerOptions, ServerOptions>? change = null) => Served.Start(
        model,
        options =>
        {
            var own = options with { Cluster = cluster, SiloPort = 0 };
            return change?.Invoke(own) ?? own;
        },
        start: OrleansServer.StartAsync);

    /// <summary>What <c>nextitem recommend</c> answers for these items.</summary>
    public static IEnumerable<(string, double)> Expected(Recommender recommender, IEnumerable<string> items) =>
        recommender.Recommend([.. items], 20).Items.Select(item => (item.ItemKey, item.Score));

    public static async Task Until(Func<Task<bool>> holds)
    {
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < s_patience; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            if (await holds())
                return;
        }

        Assert.Fail($"not within {s_patience}");
    }

    public static Task Until(Func<bool> holds) => Until(() => Task.FromResult(holds()));
}
