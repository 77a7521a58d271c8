using NextItem.Tests.Fixtures;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Models;

/// <summary>What every model promises behind <see cref="ISessionModel"/>. A subclass for each model.</summary>
public abstract class SessionModelContract
{
    /// <summary>The sessions that the models under test are fitted on.</summary>
    private protected static SessionSet Train { get; } = Generated.Sessions(sessions: 60, items: 40, seed: 1);

    /// <summary>The model, fitted on <see cref="Train"/>; the same each time.</summary>
    private protected abstract ISessionModel Model { get; }

    /// <summary>The name of its algorithm.</summary>
    private protected abstract string Algorithm { get; }

    private int Items => Model.Catalog.Count;

    [Fact]
    public void Model_Fitted_NamesItsAlgorithmAndCatalog()
    {
        Assert.Equal(Algorithm, Model.Algorithm);
        Assert.Same(Train.Catalog, Model.Catalog);
    }

    [Fact]
    public void Advance_ManyLanesSideBySide_EqualsEachSessionAlone()
    {
        const int Lanes = 19;
        using var together = Model.Open(Lanes);
        var sessions = Enumerable.Range(0, Lanes).Select(lane => Enumerable.Range(0, 5).Select(i => ((lane * 7) + (i * i)) % Items).ToArray()).ToArray();
        for (var i = 0; i < 5; i++)
            together.Advance(Array.ConvertAll(sessions, session => session[i]));
        var targets = Enumerable.Range(0, Lanes).Select(lane => lane * 2 % Items).ToArray();
        var ranks = new TargetRank[Lanes];
        together.Rank(targets, ranks);
        for (var lane = 0; lane < Lanes; lane++)
        {
            using var alone = Play(sessions[lane]);
            Assert.Equal(All(alone, 0), All(together, lane));
            var rank = new TargetRank[1];
            alone.Rank([targets[lane]], rank);
            Assert.Equal(rank[0], ranks[lane]);
        }
    }

    [Fact]
    public void TopK_ManyRequests_EqualsOneByOne()
    {
        using var lanes = Model.Open(3);
        lanes.Advance([1, 2, 3]);
        var filter = ItemFilter.Deny(Model.Catalog, [Model.Catalog.KeyOf(2), Model.Catalog.KeyOf(9)]);
        TopKRequest[] requests =
        [
            new() { Lane = 2, Best = new ScoredItem[4] },
            new() { Lane = 0, Best = new ScoredItem[Items], Filter = filter },
            new() { Lane = 1, Best = new ScoredItem[7], Exclude = new[] { 5, 6 } },
            new() { Lane = 1, Best = new ScoredItem[1] },
        ];
        foreach (var some in new[] { requests, requests[..1], [.. requests, new() { Lane = 0, Best = Memory<ScoredItem>.Empty }], [] })
        {
            lanes.TopK(some);
            foreach (var request in some)
            {
                var best = new ScoredItem[request.Best.Length];
                Assert.Equal(lanes.TopK(request.Lane, request.Filter, request.Exclude.Span, best), request.Found);
                Assert.Equal(best[..request.Found], request.Best[..request.Found].ToArray());
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => lanes.TopK([new TopKRequest { Lane = 3, Best = new ScoredItem[1] }]));
        Assert.Throws<ArgumentNullException>(() => lanes.TopK([null!]));
    }

    [Fact]
    public void Rank_SomeLanesWithoutTarget_EqualsAllOfThem()
    {
        const int Lanes = 37;
        using var lanes = Model.Open(Lanes);
        lanes.Advance([.. Enumerable.Range(0, Lanes).Select(lane => lane % Items)]);
        var targets = Enumerable.Range(0, Lanes).Select(lane => lane * 3 % Items).ToArray();
        TargetRank[] all = new TargetRank[Lanes], some = new TargetRank[Lanes];
        lanes.Rank(targets, all);
        foreach (var every in new[] { 2, 5, 36, 100 })
        {
            lanes.Rank([.. targets.Select((target, lane) => lane % every == every - 1 ? target : ItemCatalog.UnknownItem)], some);
            for (var lane = 0; lane < Lanes; lane++)
                Assert.Equal(lane % every == every - 1 ? all[lane] : TargetRank.Unscored, some[lane]);
        }
    }

    [Fact]
    public void Reset_AfterEvents_IsAsIfNothingHadBeenSeen()
    {
        using var used = Play([1, 2, 3]);
        using var fresh = Model.Open(1);
        used.Reset(0);
        Assert.Equal(fresh.Save(0), used.Save(0));
        used.Advance([4]);
        fresh.Advance([4]);
        Assert.Equal(All(fresh, 0), All(used, 0));
    }

    [Fact]
    public void Reset_OneLane_LeavesTheOthersAlone()
    {
        using var lanes = Model.Open(3);
        lanes.Advance([1, 2, 3]);
        var (first, last) = (lanes.Save(0), lanes.Save(2));
        lanes.Reset(1);
        Assert.Equal(first, lanes.Save(0));
        Assert.Equal(last, lanes.Save(2));
    }

    [Fact]
    public void Advance_UnknownItem_LeavesTheLaneAsItIs()
    {
        using var lanes = Model.Open(2);
        lanes.Advance([5, 6]);
        var before = lanes.Save(0);
        var other = lanes.Save(1);
        lanes.Advance([ItemCatalog.UnknownItem, 7]);
        Assert.Equal(before, lanes.Save(0));
        using var known = Play([5]);
        Assert.Equal(All(known, 0), All(lanes, 0));
        lanes.Load(1, other);
        lanes.Advance([ItemCatalog.UnknownItem, ItemCatalog.UnknownItem]);
        Assert.Equal(other, lanes.Save(1));
    }

    [Fact]
    public void Save_ThenLoadOnAnotherLane_GoesOnAsBefore()
    {
        using var lanes = Play([1, 2]);
        using var others = Model.Open(4);
        others.Advance([9, 9, 9, 9]);
        others.Load(2, lanes.Save(0));
        Assert.Equal(All(lanes, 0), All(others, 2));
        lanes.Advance([3]);
        others.Advance([-1, -1, 3, -1]);
        Assert.Equal(lanes.Save(0), others.Save(2));
        Assert.Equal(All(lanes, 0), All(others, 2));
    }

    [Fact]
    public void Load_BytesOfNoModel_IsRefusedAndChangesNothing()
    {
        using var lanes = Play([1, 2]);
        var before = lanes.Save(0);
        foreach (var wrong in new[] { [], new byte[before.Length], before[..^1], [.. before, (byte)0] })
            Assert.Contains("written by Save", Assert.Throws<ArgumentException>(() => lanes.Load(0, wrong)).Message, StringComparison.Ordinal);
        Assert.Equal(before, lanes.Save(0));
    }

    [Fact]
    public void TopK_AnyCount_IsAPrefixOfAllInOrderAndEachItemOnce()
    {
        using var lanes = Play([1, 4]);
        var all = All(lanes, 0);
        Assert.Equal(ByDefinition.TopK(all, all.Length), all);
        Assert.Equal(all.Length, all.Select(item => item.ItemIndex).Distinct().Count());
        Assert.All(all, item => Assert.True(float.IsFinite(item.Score)));
        for (var count = 0; count <= all.Length; count++)
            Assert.Equal(all[..count], Best(lanes, 0, count));
    }

    [Fact]
    public void TopK_MoreThanThereAre_GivesWhatThereIsAndLeavesTheRest()
    {
        using var lanes = Play([1]);
        var best = new ScoredItem[Items + 10];
        Array.Fill(best, new ScoredItem(-7, 7));
        var found = lanes.TopK(0, null, [], best);
        Assert.InRange(found, 0, Items);
        Assert.All(best[..found], item => Assert.InRange(item.ItemIndex, 0, Items - 1));
        Assert.All(best[found..], item => Assert.Equal(-7, item.ItemIndex));
    }

    [Fact]
    public void TopK_Filters_CutBeforeTheK()
    {
        using var lanes = Play([1, 4]);
        var all = All(lanes, 0);
        var keys = Enumerable.Range(0, Items).Where(item => item % 3 == 0).Select(Model.Catalog.KeyOf).Append("no such item").ToArray();
        var allow = ItemFilter.AllowOnly(Model.Catalog, keys);
        var deny = ItemFilter.Deny(Model.Catalog, keys);
        Assert.Equal(all.Where(item => item.ItemIndex % 3 == 0).Take(4), Best(lanes, 0, 4, allow));
        Assert.Equal(all.Where(item => item.ItemIndex % 3 != 0).Take(4), Best(lanes, 0, 4, deny));
        Assert.Empty(Best(lanes, 0, 4, allow.And(deny)));
        var even = ItemFilter.AllowOnly(Model.Catalog, Enumerable.Range(0, Items).Where(item => item % 2 == 0).Select(Model.Catalog.KeyOf));
        Assert.Equal(all.Where(item => item.ItemIndex % 6 == 0), Best(lanes, 0, Items, allow.And(even)));
        Assert.Equal(all, Best(lanes, 0, Items, ItemFilter.Deny(Model.Catalog, [])));
        Assert.Empty(Best(lanes, 0, Items, ItemFilter.AllowOnly(Model.Catalog, [])));
    }

    [Fact]
    public void TopK_Exclude_LeavesThoseOutAndIgnoresUnknownOnes()
    {
        using var lanes = Play([1, 4]);
        var all = All(lanes, 0);
        var exclude = all.Take(2).Select(item => item.ItemIndex).Append(ItemCatalog.UnknownItem).ToArray();
        Assert.Equal(all.Skip(2).Take(3), Best(lanes, 0, 3, exclude: exclude));
        Assert.Empty(Best(lanes, 0, 3, exclude: [.. Enumerable.Range(0, Items)]));
    }

    [Fact]
    public void TopKAndRank_EmptySession_AnswerWithoutAnError()
    {
        using var lanes = Model.Open(1);
        var all = All(lanes, 0);
        AssertRanksFollowFrom(all, lanes);
        lanes.Load(0, lanes.Save(0));
        Assert.Equal(all, All(lanes, 0));
    }

    [Fact]
    public void Rank_EveryItem_FollowsFromTheScoresOfTopK()
    {
        foreach (var session in new int[][] { [0], [3], [7, 7, 2], [39, 1, 0, 5] })
        {
            using var lanes = Play(session);
            AssertRanksFollowFrom(All(lanes, 0), lanes);
        }
    }

    [Fact]
    public void Rank_UnknownTarget_SkipsTheLane()
    {
        using var lanes = Model.Open(2);
        lanes.Advance([1, 1]);
        var ranks = new TargetRank[2];
        lanes.Rank([ItemCatalog.UnknownItem, 0], ranks);
        Assert.Equal(TargetRank.Unscored, ranks[0]);
        Assert.False(ranks[0].IsScored);
    }

    [Fact]
    public void RankAndTopK_CalledTwice_ChangeNothing()
    {
        using var lanes = Play([2, 3]);
        var state = lanes.Save(0);
        var all = All(lanes, 0);
        lanes.Rank([1], new TargetRank[1]);
        Assert.Equal(all, All(lanes, 0));
        Assert.Equal(state, lanes.Save(0));
    }

    [Fact]
    public void Methods_WrongArguments_AreNamedWithWhatWasExpected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Model.Open(0));
        using var lanes = Model.Open(2);
        Assert.Equal(2, lanes.Count);
        Refuses("is 1; expected 2, the number of lanes", () => lanes.Advance([1]));
        Refuses("is 3; expected 2, the number of lanes", () => lanes.Rank([1, 1, 1], new TargetRank[2]));
        Refuses("is 1; expected 2, the number of lanes", () => lanes.Rank([1, 1], new TargetRank[1]));
        Refuses($"is {Items}; expected 0 to {Items - 1}, there being {Items} items", () => lanes.Advance([0, Items]));
        Refuses("is -2; expected", () => lanes.Rank([-2, 0], new TargetRank[2]));
        Refuses("is 2; expected 0 to 1, there being 2 lanes", () => lanes.Reset(2));
        Refuses("is -1; expected 0 to 1, there being 2 lanes", () => lanes.Save(-1));
        Refuses("is 5; expected 0 to 1, there being 2 lanes", () => lanes.Load(5, lanes.Save(0)));
        Refuses("is 2; expected 0 to 1, there being 2 lanes", () => lanes.TopK(2, null, [], new ScoredItem[1]));
        var foreign = ItemFilter.Deny(ItemCatalog.From(["x"], [1]), []);
        Refuses($"is 1; expected {Items}, the number of items", () => lanes.TopK(0, foreign, [], new ScoredItem[1]));

        static void Refuses(string message, Action call) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_AfterDispose_AreRefused()
    {
        var lanes = Model.Open(1);
        var state = lanes.Save(0);
        lanes.Dispose();
        lanes.Dispose();
        Assert.Throws<ObjectDisposedException>(() => lanes.Advance([1]));
        Assert.Throws<ObjectDisposedException>(() => lanes.Rank([1], new TargetRank[1]));
        Assert.Throws<ObjectDisposedException>(() => lanes.TopK(0, null, [], new ScoredItem[1]));
        Assert.Throws<ObjectDisposedException>(() => lanes.Reset(0));
        Assert.Throws<ObjectDisposedException>(() => lanes.Save(0));
        Assert.Throws<ObjectDisposedException>(() => lanes.Load(0, state));
    }

    [Fact]
    public void Open_ManyLanesFromManyThreads_DoNotDisturbEachOther()
    {
        using var expectedLanes = Play([1, 2, 3]);
        var expected = All(expectedLanes, 0);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 20; i++)
            {
                using var lanes = Play([1, 2, 3]);
                Assert.Equal(expected, All(lanes, 0));
            }
        });
    }

    private SessionLanes Play(int[] session)
    {
        var lanes = Model.Open(1);
        foreach (var item in session)
            lanes.Advance([item]);
        return lanes;
    }

    private ScoredItem[] All(SessionLanes lanes, int lane) => Best(lanes, lane, Items);

    private static ScoredItem[] Best(SessionLanes lanes, int lane, int count, ItemFilter? filter = null, int[]? exclude = null)
    {
        var best = new ScoredItem[count];
        return best[..lanes.TopK(lane, filter, exclude ?? [], best)];
    }

    private void AssertRanksFollowFrom(ScoredItem[] all, SessionLanes lanes)
    {
        var rank = new TargetRank[1];
        for (var target = 0; target < Items; target++)
        {
            lanes.Rank([target], rank);
            var place = Array.FindIndex(all, item => item.ItemIndex == target);
            var expected = place < 0
                ? TargetRank.Unscored
                : new TargetRank(all.Count(item => item.Score > all[place].Score), all.Count(item => item.Score == all[place].Score) - 1);
            Assert.Equal(expected, rank[0]);
        }
    }
}
