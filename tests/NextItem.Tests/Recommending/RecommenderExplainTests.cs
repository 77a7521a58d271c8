using NextItem.Tests.Fixtures;
using NextItem.Tests.ModelFiles;

namespace NextItem.Tests.Recommending;

public class RecommenderExplainTests
{
    [Fact]
    public void Explain_ModelOfTheLastItem_NamesTheLastClick()
    {
        // After b came c twice and a once; after a came b, b and d.
        var train = Generated.Words("ab bc bc ba ab ad");
        using var recommender = new Recommender(MarkovModel.Fit(train));
        var explanations = recommender.Explain(["d", "a", "b"], ["c", "a", "d"]);

        var c = explanations[0];
        Assert.Equal(("c", 1, (double)(float)(2 / 3.0)), (c.ItemKey, c.Rank, c.Score));
        Assert.Equal(new ClickEffect(2, "b", null, null), c.CarriedBy); // after d, a nothing leads to c
        Assert.Equal([("d", 1), ("a", 1), ("b", null)], c.Clicks.Select(click => (click.ItemKey, click.RankWithout)));
        Assert.Equal(new ClickEffect(2, "b", null, null), explanations[1].CarriedBy);

        // d follows a alone: in the whole session, which ends with b, it has no score, and so nothing that carries it.
        Assert.Equal((null, null, null), (explanations[2].Rank, explanations[2].Score, explanations[2].CarriedBy));
        Assert.Equal([null, null, 2], explanations[2].Clicks.Select(click => click.RankWithout));
    }

    [Fact]
    public void Explain_PopularItems_AreCarriedByNoClick()
    {
        using var recommender = new Recommender(PopularityModel.Fit(Generated.Words("ab ab ac")));
        var explanation = Assert.Single(recommender.Explain(["a", "b"], ["a"]));
        Assert.Null(explanation.CarriedBy);
        Assert.Equal([1, 1], explanation.Clicks.Select(click => click.RankWithout));
    }

    [Fact]
    public void Explain_ItemOfTheSession_IsCarriedByItsOwnClickUnderSessionPopularity()
    {
        using var recommender = new Recommender(SessionPopularityModel.Fit(Generated.Words("aaab ab c")));
        var explanations = recommender.Explain(["unknown", "c", "b", "b"], ["c", "b"]);
        Assert.Equal((1, "c"), (explanations[0].CarriedBy!.Value.Position, explanations[0].CarriedBy!.Value.ItemKey));
        Assert.Equal(3, explanations[0].CarriedBy!.Value.RankWithout);

        // b stays first without either of its clicks, and loses the same: the last one is named.
        Assert.Equal((1, new ClickEffect(3, "b", 1, (float)(1 + (2 / 3.0)))), (explanations[1].Rank, explanations[1].CarriedBy!.Value));
    }

    [Fact]
    public void Explain_ItemFarAhead_IsDecidedByTheScore()
    {
        // First whatever is left out: b has more neighbours with c than a has.
        var train = Generated.Words("ac bc bc bc dc");
        using var recommender = new Recommender(VSknnModel.Fit(train, new VSknnOptions { IdfWeight = 0 }));
        var explanation = Assert.Single(recommender.Explain(["b", "a"], ["c"]));
        Assert.Equal(1, explanation.Rank);
        Assert.All(explanation.Clicks, click => Assert.Equal(1, click.RankWithout));
        var lost = explanation.Clicks.MinBy(click => click.ScoreWithout);
        Assert.Equal(lost, explanation.CarriedBy);
        Assert.NotEqual(explanation.Clicks[0].ScoreWithout, explanation.Clicks[1].ScoreWithout);
    }

    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void Explain_AnyModel_EqualsRankingTheSessionWithoutEachClick(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        using var recommender = new Recommender(model);
        foreach (var session in new int[][] { [.. SmallModels.Log.ItemsOf(3)], [5, 6, 5], [1] })
        {
            var keys = Array.ConvertAll(session, model.Catalog.KeyOf);
            string[] items = [.. recommender.Recommend(keys, 4).Items.Select(item => item.ItemKey), model.Catalog.KeyOf(30)];
            var explanations = recommender.Explain(keys, items);
            for (var i = 0; i < items.Length; i++)
            {
                var item = model.Catalog.IndexOf(items[i]);
                Assert.Equal((items[i], Rank(session, item)), (explanations[i].ItemKey, explanations[i].Rank));
                Assert.Equal(session.Select((_, click) => Rank([.. session[..click], .. session[(click + 1)..]], item)), explanations[i].Clicks.Select(click => click.RankWithout));
                Assert.Equal(Enumerable.Range(0, session.Length), explanations[i].Clicks.Select(click => click.Position));
                Assert.Equal(explanations[i].Rank is null, explanations[i].Score is null);
                if (explanations[i].CarriedBy is { } carrier)
                    Assert.All(explanations[i].Clicks, click => Assert.True((carrier.RankWithout ?? int.MaxValue) >= (click.RankWithout ?? int.MaxValue)));
            }
        }

        int? Rank(int[] session, int item)
        {
            using var lanes = model.Open(1);
            foreach (var click in session)
                lanes.Advance([click]);
            var rank = new TargetRank[1];
            lanes.Rank([item], rank);
            return rank[0].IsScored ? rank[0].Above + 1 : null;
        }
    }

    [Fact]
    public void Explain_SessionLongerThanTheLanes_CoversEveryClick()
    {
        // s-pop looks at every click; b is one of the 150.
        var train = Generated.Words("ab c");
        using var recommender = new Recommender(SessionPopularityModel.Fit(train));
        string[] session = [.. Enumerable.Repeat("a", 140), "b", .. Enumerable.Repeat("a", 9)];
        var explanation = Assert.Single(recommender.Explain(session, ["b"]));
        Assert.Equal(150, explanation.Clicks.Count);
        Assert.Equal(140, explanation.CarriedBy!.Value.Position);
        Assert.Equal(2, explanation.Rank);
    }

    [Fact]
    public void Explain_NothingKnown_HasNoClicks()
    {
        using var recommender = new Recommender(MarkovModel.Fit(Generated.Words("ab")));
        var explanation = Assert.Single(recommender.Explain(["x"], ["a"]));
        Assert.Empty(explanation.Clicks);
        Assert.Null(explanation.CarriedBy);
        Assert.Empty(recommender.Explain(["a"], []));
    }

    [Fact]
    public void Explain_WrongArguments_Throw()
    {
        var recommender = new Recommender(MarkovModel.Fit(Generated.Words("ab")));
        Assert.Throws<ArgumentNullException>("sessionItems", () => recommender.Explain(null!, ["a"]));
        Assert.Throws<ArgumentNullException>("itemKeys", () => recommender.Explain(["a"], null!));
        Assert.Throws<ArgumentException>("sessionItems", () => recommender.Explain([null!], ["a"]));
        Assert.Throws<ArgumentException>("itemKeys", () => recommender.Explain(["a"], [null!]));
        Assert.Contains("does not know the item 'x'", Assert.Throws<KeyNotFoundException>(() => recommender.Explain(["a"], ["x"])).Message, StringComparison.Ordinal);
        recommender.Dispose();
        Assert.Throws<ObjectDisposedException>(() => recommender.Explain(["a"], ["a"]));
    }
}
