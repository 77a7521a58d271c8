using NextItem.Models.Gru4Rec;
using NextItem.Tests.ModelFiles;

namespace NextItem.Tests.Recommending;

public class RecommenderTests
{
    private static ISessionModel Gru => SmallModels.Of(SmallModels.TwoLayers).Model;

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Recommend_AnySession_EqualsTheLanes(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        using var recommender = new Recommender(model);
        for (var session = 0; session < 30; session++)
        {
            var items = SmallModels.Log.ItemsOf(session).ToArray();
            var found = recommender.Recommend(items.Select(model.Catalog.KeyOf), 7);
            Assert.Equal(FromLanes(model, items, 7, null, []), found.Items);
            Assert.Empty(found.UnknownItems);
            Assert.False(found.IsPopularFallback);
        }
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void RecommendMany_AnySessions_EqualsOneByOne(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        using var recommender = new Recommender(model);
        var sessions = Enumerable.Range(0, 70).Select(session => SmallModels.Log.ItemsOf(session).ToArray().Select(model.Catalog.KeyOf).Append("unknown").ToArray()).ToList();
        sessions.Insert(3, []);
        sessions.Insert(40, ["unknown", "too"]);
        RecommendOptions[] all = [new(), new() { ExcludeSeen = true, Filter = ItemFilter.Deny(model.Catalog, ["item 20", ""]) }];
        foreach (var options in all)
        {
            var answers = recommender.RecommendMany(sessions, 7, options);
            Assert.Equal(sessions.Count, answers.Count);
            for (var i = 0; i < sessions.Count; i++)
            {
                var alone = recommender.Recommend(sessions[i], 7, options);
                Assert.Equal(alone.Items, answers[i].Items);
                Assert.Equal(alone.UnknownItems, answers[i].UnknownItems);
                Assert.Equal(alone.IsPopularFallback, answers[i].IsPopularFallback);
            }
        }

        Assert.Empty(recommender.RecommendMany([], 7));
        Assert.Contains("Session 1, counted from 0, is null", Assert.Throws<ArgumentException>(() => recommender.RecommendMany([[], null!], 7)).Message, StringComparison.Ordinal);
        Assert.Contains("Item key 0 of session 0", Assert.Throws<ArgumentException>(() => recommender.RecommendMany([[null!]], 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_IndexOption_BuildsWhenItSays()
    {
        const int Items = 10_000; // as few as an index pays for
        var options = new Gru4RecOptions { Layers = [3] };
        var catalog = ItemCatalog.From(Enumerable.Range(0, Items).Select(item => $"i{item}"), Enumerable.Repeat(1, Items));
        foreach (var index in Enum.GetValues<IndexBuilding>())
        {
            var parameters = new Gru4RecParameters(options, Items, states: 0);
            parameters.All.Initialise(seed: 3);
            using var model = new Gru4RecModel(catalog, options, parameters);
            using var recommender = new Recommender(model, new RecommenderOptions { Index = index });
            Assert.Equal(index == IndexBuilding.AtOnce, model.IndexBytes > 0);
            recommender.Recommend(["unknown"], 5);
            Assert.Equal(index == IndexBuilding.AtOnce, model.IndexBytes > 0);
            var best = recommender.Recommend(["i7"], 5).Items;
            Assert.Equal(index != IndexBuilding.Never, model.IndexBytes > 0);
            Assert.Equal(FromLanes(model, [7], 5, null, []), best);
        }

        Assert.Contains("Index is 9; expected", Assert.Throws<OptionsException>(() => new Recommender(Gru, new RecommenderOptions { Index = (IndexBuilding)9 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recommend_TargetInTheTop_HasTheRankThatTheEvaluatorGivesIt()
    {
        // There is one scoring path: place p of the answer is what the evaluator calls rank p.
        using var recommender = new Recommender(Gru);
        using var lanes = Gru.Open(3);
        var ranks = new TargetRank[3];
        for (var session = 0; session < 20; session++)
        {
            var items = SmallModels.Log.ItemsOf(session);
            lanes.Reset(1);
            lanes.Advance([ItemCatalog.UnknownItem, items[0], ItemCatalog.UnknownItem]);
            lanes.Rank([ItemCatalog.UnknownItem, items[1], ItemCatalog.UnknownItem], ranks);
            var answer = recommender.Recommend([Gru.Catalog.KeyOf(items[0])], Gru.Catalog.Count).Items.Select(item => item.ItemKey).ToList();
            Assert.Equal(0, ranks[1].Tied);
            Assert.Equal(ranks[1].Above, answer.IndexOf(Gru.Catalog.KeyOf(items[1])));
        }
    }

    [Fact]
    public void Recommend_UnknownItems_AreSkippedAndNamedInOrder()
    {
        using var recommender = new Recommender(Gru);
        var found = recommender.Recommend(["u2", "🛒", "u1", "", "u2"], 10);
        Assert.Equal(["u2", "u1", "u2"], found.UnknownItems);
        Assert.False(found.IsPopularFallback);
        Assert.Equal(recommender.Recommend(["🛒", ""], 10).Items, found.Items);
        Assert.NotEqual(recommender.Recommend(["", "🛒"], 10).Items, found.Items);
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Recommend_NothingKnown_GivesThePopularItemsAndSaysSo(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        using var recommender = new Recommender(model);
        var catalog = model.Catalog;
        var popular = Enumerable.Range(0, catalog.Count).OrderByDescending(item => catalog.Support[item]).ThenBy(item => item).ToArray();
        string[][] sessions = [[], ["unknown", "too"]];
        foreach (var session in sessions)
        {
            var found = recommender.Recommend(session, 5);
            Assert.True(found.IsPopularFallback);
            Assert.Equal(session, found.UnknownItems);
            Assert.Equal(popular.Take(5).Select(catalog.KeyOf), found.Items.Select(item => item.ItemKey));
            Assert.Equal(popular.Take(5).Select(item => (double)catalog.Support[item]), found.Items.Select(item => item.Score));

            // All items, not only those that the pop model lists: a filter must leave what it allows.
            var least = popular[^2..].Select(catalog.KeyOf).ToArray();
            var filtered = recommender.Recommend(session, 5, new RecommendOptions { Filter = ItemFilter.AllowOnly(catalog, least), ExcludeSeen = true });
            Assert.True(filtered.IsPopularFallback);
            Assert.Equal(least, filtered.Items.Select(item => item.ItemKey));
        }
    }

    [Fact]
    public void Recommend_ExcludeSeen_LeavesOutTheSessionsItemsAlone()
    {
        using var recommender = new Recommender(Gru);
        string[] session = ["item 30", "🛒", "unknown", "item 30", "a,b"];
        var all = recommender.Recommend(session, 37).Items;
        var unseen = recommender.Recommend(session, 37, new RecommendOptions { ExcludeSeen = true }).Items;
        Assert.Equal(37, all.Count);
        Assert.Equal(all.Where(item => !session.Contains(item.ItemKey)), unseen);
        Assert.Equal(34, unseen.Count);
    }

    [Fact]
    public void Recommend_Filter_IsAppliedBeforeTheCut()
    {
        using var recommender = new Recommender(Gru);
        var all = recommender.Recommend(["🛒"], 37).Items;
        var worst = all.TakeLast(4).ToArray();
        var options = new RecommendOptions { Filter = ItemFilter.AllowOnly(Gru.Catalog, worst.Select(item => item.ItemKey)) };
        Assert.Equal(worst[..3], recommender.Recommend(["🛒"], 3, options).Items);
        Assert.Equal(worst, recommender.Recommend(["🛒"], 30, options).Items);
        var denied = new RecommendOptions { Filter = ItemFilter.Deny(Gru.Catalog, all.Select(item => item.ItemKey)) };
        Assert.Empty(recommender.Recommend(["🛒"], 3, denied).Items);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Recommend_FilterOfAnotherCatalog_Throws(bool fallback)
    {
        using var recommender = new Recommender(Gru);
        var options = new RecommendOptions { Filter = ItemFilter.Deny(ItemCatalog.From(["x"], [1]), []) };
        var refusal = Assert.Throws<ArgumentException>(() => recommender.Recommend(fallback ? [] : ["🛒"], 3, options));
        Assert.Contains("expected 37, the number of items in the model's catalog", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recommend_MoreThanThereAre_GivesWhatThereIs()
    {
        using var gru = new Recommender(Gru);
        Assert.Equal(37, gru.Recommend(["🛒"], int.MaxValue).Items.Count);
        using var pop = new Recommender(SmallModels.Of(SmallModels.Popularity).Model);
        Assert.Equal(20, pop.Recommend(["🛒"], 1000).Items.Count);
    }

    [Fact]
    public void Recommend_IntoASpan_EqualsTheList()
    {
        using var recommender = new Recommender(Gru);
        var untouched = new Recommendation("untouched", -1);
        var best = new Recommendation[40];
        Array.Fill(best, untouched);
        Assert.Equal(37, recommender.Recommend(["🛒", ""], best));
        Assert.Equal(recommender.Recommend(["🛒", ""], 40).Items, best[..37]);
        Assert.All(best[37..], place => Assert.Equal(untouched, place));
        Assert.Equal(4, recommender.Recommend(["🛒", ""], best.AsSpan(36, 4)));
        Assert.Equal(recommender.Recommend(["🛒", ""], 4).Items, best[36..]);
        Assert.Equal(0, recommender.Recommend(["🛒"], []));
    }

    [Fact]
    public void Recommend_WrongArguments_Throw()
    {
        using var recommender = new Recommender(Gru);
        Assert.Throws<ArgumentNullException>("model", () => new Recommender(null!));
        Assert.Throws<ArgumentNullException>("sessionItems", () => recommender.Recommend(null!, 3));
        Assert.Throws<ArgumentNullException>("sessionItems", () => recommender.Recommend(null!, Span<Recommendation>.Empty));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => recommender.Recommend(["🛒"], 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => recommender.Recommend(["🛒"], -1));
        var refusal = Assert.Throws<ArgumentException>("sessionItems", () => recommender.Recommend(["🛒", "unknown", null!], 3));
        Assert.Contains("Item key 2 of the session", refusal.Message, StringComparison.Ordinal);
    }

    private static List<Recommendation> FromLanes(ISessionModel model, int[] items, int count, ItemFilter? filter, int[] exclude)
    {
        using var lanes = model.Open(1);
        foreach (var item in items)
            lanes.Advance([item]);
        var best = new ScoredItem[count];
        return [.. best.Take(lanes.TopK(0, filter, exclude, best)).Select(scored => new Recommendation(model.Catalog.KeyOf(scored.ItemIndex), scored.Score))];
    }
}
