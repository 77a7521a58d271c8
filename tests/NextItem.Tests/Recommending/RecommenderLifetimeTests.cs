using System.Collections.Concurrent;
using NextItem.Tests.ModelFiles;

namespace NextItem.Tests.Recommending;

/// <summary>Many threads at once, and the end of a recommender.</summary>
public class RecommenderLifetimeTests
{
    private const int Threads = 8;

    [Theory]
    [InlineData(SmallModels.TwoLayersAfter)]
    [InlineData(SmallModels.Markov)]
    public void Recommend_EightThreads_AnswerAsOne(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        using var recommender = new Recommender(model);
        var sessions = Enumerable.Range(0, SmallModels.Log.Count).Select(session =>
            SmallModels.Log.ItemsOf(session).ToArray().Select(model.Catalog.KeyOf).ToArray()).ToArray();
        var options = new RecommendOptions { ExcludeSeen = true };
        var expected = Array.ConvertAll(sessions, session => recommender.Recommend(session, 10, options).Items);
        Assert.True(expected.Select(items => string.Join(';', items)).Distinct().Count() > 30, "Too many equal answers: a mix-up would not show.");

        var wrong = new ConcurrentQueue<string>();
        RunOnThreads(thread =>
        {
            for (var call = 0; call < 2000; call++)
            {
                var session = ((call * 7) + (thread * 31)) % sessions.Length;
                if (!recommender.Recommend(sessions[session], 10, options).Items.SequenceEqual(expected[session]))
                    wrong.Enqueue($"thread {thread}, call {call}, session {session}");
            }
        });
        Assert.Empty(wrong);
    }

    [Fact]
    public void Recommend_CallAfterCall_UsesTheSameLanes()
    {
        var model = new CountingModel(_ => { });
        using var recommender = new Recommender(model);
        for (var call = 0; call < 10; call++)
            Assert.Equal(call % 2 == 0 ? "c" : "b", recommender.Recommend([call % 2 == 0 ? "c" : "b"], 1).Items[0].ItemKey);
        Assert.Equal(1, model.Opened);
    }

    [Fact]
    public void Recommend_AfterAModelThatThrew_StartsAnew()
    {
        var model = new CountingModel(item => ArgumentOutOfRangeException.ThrowIfEqual(item, 2));
        using var recommender = new Recommender(model);
        Assert.Throws<ArgumentOutOfRangeException>(() => recommender.Recommend(["b", "b", "c"], 1));
        Assert.Equal(new Recommendation("a", 1), recommender.Recommend(["a"], 1).Items[0]);
        Assert.Equal(1, model.Opened);
    }

    [Fact]
    public void Dispose_AnyUseAfterIt_Throws()
    {
        var model = SmallModels.Of(SmallModels.ResetBefore).Model;
        var recommender = new Recommender(model);
        recommender.Recommend(["🛒"], 1);
        recommender.Dispose();
        recommender.Dispose();
        Assert.Throws<ObjectDisposedException>(() => recommender.Recommend(["🛒"], 1));
        Assert.Throws<ObjectDisposedException>(() => recommender.Recommend([], 1));
        Assert.Throws<ObjectDisposedException>(() => recommender.Recommend(["🛒"], new Recommendation[1]));
        Assert.Throws<ObjectDisposedException>(() => recommender.Recommend(["🛒"], []));
        Assert.Throws<ObjectDisposedException>(() => recommender.Similar("🛒", 1));

        // The model is not the recommender's to free.
        using var another = new Recommender(model);
        Assert.Single(another.Recommend(["🛒"], 1).Items);
    }

    [Fact]
    public void Dispose_DuringACall_LetsItFinishAndFreesItsLanes()
    {
        Recommender? recommender = null;
        var model = new CountingModel(_ => recommender!.Dispose());
        recommender = new Recommender(model);
        Assert.Equal("b", recommender.Recommend(["b", "a", "b"], 1).Items[0].ItemKey);
        Assert.Equal((1, 1), (model.Opened, model.Freed));
        Assert.Throws<ObjectDisposedException>(() => recommender.Recommend(["b"], 1));
    }

    [Fact]
    public void Dispose_WhileThreadsCall_FreesAllLanesOnce()
    {
        for (var trial = 0; trial < 20; trial++)
        {
            var calls = 0;
            Recommender? recommender = null;
            var model = new CountingModel(_ =>
            {
                if (Interlocked.Increment(ref calls) == 200)
                    recommender!.Dispose();
            });
            recommender = new Recommender(model);
            var wrong = new ConcurrentQueue<string>();
            RunOnThreads(thread =>
            {
                try
                {
                    while (true)
                    {
                        if (recommender.Recommend(["c"], 1).Items[0] is var best && best != new Recommendation("c", 1))
                            wrong.Enqueue($"thread {thread}: {best}");
                    }
                }
                catch (ObjectDisposedException e) when (e.ObjectName == typeof(Recommender).FullName)
                {
                    // The only way out: the recommender said so itself, not a lane that was freed under a call.
                }
                catch (Exception e)
                {
                    wrong.Enqueue($"thread {thread}: {e}");
                }
            });
            Assert.Empty(wrong);
            Assert.Equal(model.Opened, model.Freed);
        }
    }

    /// <summary>Threads of their own, not the pool's: all of them run at once however few processors there are.</summary>
    private static void RunOnThreads(Action<int> work)
    {
        using var start = new Barrier(Threads);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            try
            {
                start.SignalAndWait();
                work(number);
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Empty(failures);
    }
}
