using NextItem.Hosting.Models;

namespace NextItem.Server.Tests.Hosting;

public sealed class SharedScansTests(SmallShop shop)
{
    private const int Threads = 64;

    /// <summary>Many threads at once, on an index of any size: each gets its own answer, with its own filter, whoever found it.</summary>
    [Fact]
    public void Sessions_ThatWaitTogether_GetTheAnswersOfEachAlone()
    {
        using var file = File.OpenRead(shop.Model);
        using var trained = ModelFile.Load(file);
        using var together = new SessionScorer(trained.Model, shareFromBytes: 0, passes: 1);
        using var alone = new SessionScorer(trained.Model, shareFromBytes: long.MaxValue);
        var count = trained.Model.Catalog.Count;

        for (var round = 0; round < 200 && together.Shared < 500; round++)
        {
            using var start = new Barrier(Threads);
            Run(i =>
            {
                start.SignalAndWait();
                for (var one = 0; one < 20; one++)
                {
                    int[] session = [(i + round) % count, i * 7 % count, one];
                    int[] exclude = i % 3 == 0 ? [i % count, (i + one) % count] : [];
                    var filter = i % 4 == 0 ? ItemFilter.Deny(trained.Model.Catalog, [shop.Keys[(i + one) % shop.Keys.Count]]) : null;
                    var (expected, found) = (new ScoredItem[1 + (i % 30)], new ScoredItem[1 + (i % 30)]);
                    var number = together.TopK([], session, filter, exclude, found);
                    Assert.Equal(alone.TopK([], session, filter, exclude, expected), number);
                    Assert.Equal(expected, found);
                }
            });
        }

        Assert.True(together.Shared >= 500, $"only {together.Shared} sessions shared a pass");
        Assert.Equal(0, alone.Shared);
    }

    /// <summary>Rules ask several times about one session, whose lane stays as it is while others' are found.</summary>
    [Fact]
    public void Sessions_ThatAskSeveralTimes_ShareEachTime()
    {
        using var file = File.OpenRead(shop.Model);
        using var trained = ModelFile.Load(file);
        using var together = new SessionScorer(trained.Model, shareFromBytes: 0, passes: 1);
        using var alone = new SessionScorer(trained.Model, shareFromBytes: long.MaxValue);
        var count = trained.Model.Catalog.Count;

        for (var round = 0; round < 200 && together.Shared < 500; round++)
        {
            using var start = new Barrier(Threads);
            Run(i =>
            {
                int[] session = [(i + round) % count, i * 7 % count];
                start.SignalAndWait();
                Assert.Equal(alone.Rank([], session, Asked), together.Rank([], session, Asked));

                ScoredItem[] Asked(BestItems best)
                {
                    var first = best(null, [], 5);
                    return [.. first, .. best(null, [.. first.Select(item => item.ItemIndex)], 1 + (i % 9)), .. best(ItemFilter.Deny(trained.Model.Catalog, [shop.Keys[i % shop.Keys.Count]]), [], count)];
                }
            });
        }

        Assert.True(together.Shared >= 500, $"only {together.Shared} sessions shared a pass");
        Assert.Equal(0, alone.Shared);
    }

    /// <summary>One after the other, nobody waits and nothing is shared.</summary>
    [Fact]
    public void Sessions_OneAfterTheOther_AreFoundAlone()
    {
        using var file = File.OpenRead(shop.Model);
        using var trained = ModelFile.Load(file);
        using var scorer = new SessionScorer(trained.Model, shareFromBytes: 0);
        var best = new ScoredItem[20];
        for (var i = 0; i < 100; i++)
            Assert.Equal(20, scorer.TopK([], [i % trained.Model.Catalog.Count], null, [], best));
        Assert.Equal(0, scorer.Shared);
    }

    /// <summary>A failure in a shared pass is everybody's, and nobody waits for ever: the next ones are answered.</summary>
    [Fact]
    public void FailedPass_EndsTheWaitOfAll()
    {
        using var file = File.OpenRead(shop.Model);
        using var trained = ModelFile.Load(file);
        using var scorer = new SessionScorer(trained.Model, shareFromBytes: 0);
        var other = ItemCatalog.From(["x"], [1]); // a filter of another catalog is refused by the pass
        var failures = 0;
        for (var round = 0; round < 20; round++)
        {
            Run(i =>
            {
                try
                {
                    scorer.TopK([], [1], i == 7 ? ItemFilter.Deny(other, []) : null, [], new ScoredItem[5]);
                }
                catch (Exception e) when (e is ArgumentException or InvalidOperationException)
                {
                    Interlocked.Increment(ref failures);
                }
            });
        }

        Assert.InRange(failures, 20, 20 * SharedScans.MostTogether);
        Assert.Equal(5, scorer.TopK([], [1], null, [], new ScoredItem[5]));
    }

    /// <summary>Runs threads of their own, and throws what failed in one of them.</summary>
    private static void Run(Action<int> run)
    {
        var failures = new System.Collections.Concurrent.ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            try
            {
                run(i);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "a session waits for ever"));
        Assert.Empty(failures);
    }
}
