using NextItem.Server.Tests;

namespace NextItem.Server.Orleans.Tests;

/// <summary>Servers of a cluster as processes, of which one is killed, frozen or stopped while visitors send events.</summary>
public sealed class SiloFailureTests(SmallShop shop)
{
    [Fact]
    public async Task Killed_LosesNoAcknowledgedEvent_AndTheOthersGoOn()
    {
        using var redis = await Cluster.Redis();
        using var first = await ServerProcess.Start(shop.Model, redis);
        using var second = await ServerProcess.Start(shop.Model, redis);
        using var third = await ServerProcess.Start(shop.Model, redis);
        using var visitors = new Visitors(shop.Keys, 12, [first.Address, second.Address, third.Address]);
        await Cluster.Until(() => visitors.Count(202) > 300);

        second.Kill();

        var before = visitors.Count(202);
        await Cluster.Until(() => visitors.Count(202) > before + 300 && first.Errors.Contains("has left the cluster", StringComparison.Ordinal));
        await visitors.Stop();
        await AreAllThere(visitors, first, third);
        Assert.DoesNotContain(visitors.Statuses, status => status is not (202 or 503));
    }

    /// <summary>All at once, as when the power fails; the list of servers in Redis still has them when others start.</summary>
    [Fact]
    public async Task AllKilled_StartedAgain_HaveEveryAcknowledgedEvent()
    {
        using var redis = await Cluster.Redis();
        using var first = await ServerProcess.Start(shop.Model, redis);
        using var second = await ServerProcess.Start(shop.Model, redis);
        using var killed = new Visitors(shop.Keys, 6, [first.Address, second.Address]);
        await Cluster.Until(() => killed.Count(202) > 200);
        await killed.Stop();
        first.Kill();
        second.Kill();
        redis.Kill();
        await redis.StartAgain();

        using var third = await ServerProcess.Start(shop.Model, redis);
        using var fourth = await ServerProcess.Start(shop.Model, redis);

        await AreAllThere(killed, third, fourth);
    }

    [Fact]
    public async Task Sigterm_HandsSessionsOver_AndExitsWith0()
    {
        using var redis = await Cluster.Redis();
        using var first = await ServerProcess.Start(shop.Model, redis);
        using var second = await ServerProcess.Start(shop.Model, redis);
        using var visitors = new Visitors(shop.Keys, 8, [first.Address, second.Address]);
        await Cluster.Until(() => visitors.Count(202) > 200);

        await second.Signal("TERM");

        Assert.Equal(0, await second.Ended());
        var before = visitors.Count(202);
        await Cluster.Until(() => visitors.Count(202) > before + 200);
        await visitors.Stop();
        await AreAllThere(visitors, first);
        Assert.Equal([202], visitors.Statuses); // nobody was sent away
    }

    /// <summary>Neither dead nor alive: the others take it for dead, and it ends when it learns that.</summary>
    [Fact]
    public async Task Frozen_IsTakenForDead_AndEnds()
    {
        using var redis = await Cluster.Redis();
        using var first = await ServerProcess.Start(shop.Model, redis);
        using var second = await ServerProcess.Start(shop.Model, redis);
        using var visitors = new Visitors(shop.Keys, 4, [first.Address, second.Address]);
        await Cluster.Until(() => visitors.Count(202) > 100);

        await second.Signal("STOP");
        await Cluster.Until(() => first.Errors.Contains("has left the cluster", StringComparison.Ordinal));
        await second.Signal("CONT");

        Assert.Equal(1, await second.Ended());
        Assert.Contains("is no member of its cluster any more", second.Errors, StringComparison.Ordinal);
        var before = visitors.Count(202);
        await Cluster.Until(() => visitors.Count(202) > before + 100);
        await visitors.Stop();
        await AreAllThere(visitors, first);
    }

    private async Task AreAllThere(Visitors visitors, params ServerProcess[] servers)
    {
        using var expected = SmallShop.Recommender(shop.Model);
        Assert.All(visitors.Acknowledged, pair => Assert.NotEmpty(pair.Value));
        foreach (var (session, items) in visitors.Acknowledged)
        {
            foreach (var server in servers)
                Assert.Equal(Cluster.Expected(expected, items), await server.Recommend(session));
        }
    }
}
