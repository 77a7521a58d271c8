using Xunit;

namespace NextItem.Synthetic.Tests.Shops;

public class ShopOracleTests
{
    private static readonly ShopOptions s_small = new() { Items = 72, Categories = 6, Sessions = 1_000 };
    private static readonly Shop s_shop = ShopGenerator.Generate(s_small);

    public static TheoryData<int[]> Histories => new() { Array.Empty<int>(), new[] { 0 }, new[] { 71 }, new[] { 3, 14 }, new[] { 40, 3, 40 }, new[] { 1, 2, 3, 4, 5, 60 } };

    [Theory]
    [MemberData(nameof(Histories))]
    public void ScoreNext_AnyHistory_SumsToOneAndNeverRepeatsTheLast(int[] history)
    {
        var probabilities = new double[72];
        Array.Fill(probabilities, 9);    // what was there must not matter
        s_shop.Oracle.ScoreNext(history, probabilities);
        Assert.Equal(1, probabilities.Sum(), 1e-12);
        for (var item = 0; item < probabilities.Length; item++)
        {
            if (history.Length > 0 && item == history[^1])
                Assert.Equal(0, probabilities[item]);
            else
                Assert.InRange(probabilities[item], 1e-6, 1);
        }
    }

    [Fact]
    public void ScoreNext_OnlyLastItemShare_SixSuccessorsOfTheLastItemInTwoCategories()
    {
        var oracle = WithShares(last: 1);
        var (one, same, other) = (Next(oracle, 5, 60, 30), Next(oracle, 71, 30), Next(oracle, 5, 60, 31));
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.Equal(6, one.Count(p => p > 0));
        Assert.Equal(4, one[24..36].Count(p => p > 0));    // item 30 is in category 2 of 6, its accessories in category 3
        Assert.Equal(2, one[36..48].Count(p => p > 0));
    }

    [Fact]
    public void ScoreNext_OnlyFirstItemShare_EightFavouritesOfTheFirstItemsCategory()
    {
        var oracle = WithShares(first: 1);
        var (one, same, other) = (Next(oracle, 5, 60, 30), Next(oracle, 11, 30, 40), Next(oracle, 12, 60, 30));
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.Equal(8, one.Count(p => p > 0));
        Assert.Equal(8, one[..12].Count(p => p > 0));
        Assert.Equal(8, other[12..24].Count(p => p > 0));
    }

    [Fact]
    public void ScoreNext_OnlyPairShare_FourAccessoriesOfTheLastCategoryAndTheCollectionBefore()
    {
        var oracle = WithShares(pair: 1);

        // Collections alternate: items 60 and 64 are of the same one, 61 of another.
        var (one, same, other) = (Next(oracle, 5, 60, 30), Next(oracle, 64, 35), Next(oracle, 5, 61, 30));
        Assert.Equal(s_shop.Items[60].Collection, s_shop.Items[64].Collection);
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.Equal(4, one.Count(p => p > 0));
        Assert.Equal(4, one[36..48].Count(p => p > 0));
        Assert.Equal(6, Next(oracle, 30).Count(p => p > 0));    // no item before the last yet: its successors
    }

    [Fact]
    public void ScoreNext_OnlyCategoryShare_TheLastItemsCategory()
    {
        var oracle = WithShares(category: 1);
        Assert.Equal(11, Next(oracle, 5, 60, 30).Count(p => p > 0));
        Assert.Equal(11, Next(oracle, 5, 60, 30)[24..36].Count(p => p > 0));
    }

    [Fact]
    public void ScoreNext_OnlyPopularityShare_FirstItemsDistributionWithoutTheLast()
    {
        var oracle = WithShares(popularity: 1);
        var (first, next) = (Next(oracle), Next(oracle, 5, 30));
        for (var item = 0; item < 72; item++)
            Assert.Equal(item == 30 ? 0 : first[item] / (1 - first[30]), next[item], 1e-12);
    }

    [Fact]
    public void ScoreNext_Shares_WeighTheDistributions()
    {
        var (last, first) = (WithShares(last: 1), WithShares(first: 1));
        var both = WithShares(last: 3, first: 1);
        var (ofLast, ofFirst, ofBoth) = (Next(last, 5, 60, 30), Next(first, 5, 60, 30), Next(both, 5, 60, 30));
        for (var item = 0; item < 72; item++)
            Assert.Equal(0.75 * ofLast[item] + 0.25 * ofFirst[item], ofBoth[item], 1e-12);
    }

    [Fact]
    public void ScoreNext_WrongArguments_NamesFoundAndExpected()
    {
        var length = Assert.Throws<ArgumentException>(() => s_shop.Oracle.ScoreNext([1], new double[71]));
        Assert.Contains("71; expected 72", length.Message, StringComparison.Ordinal);
        var item = Assert.Throws<ArgumentOutOfRangeException>(() => s_shop.Oracle.ScoreNext([1, 72], new double[72]));
        Assert.Contains("72; expected an item from 0 to 71", item.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => s_shop.Oracle.ScoreNext([-1], new double[72]));
    }

    [Fact]
    public void IndexOf_EveryKey_IsItsPlace()
    {
        for (var item = 0; item < s_shop.Items.Count; item++)
            Assert.Equal(item, s_shop.Oracle.IndexOf(s_shop.Items[item].Key));
        Assert.Equal(ItemCatalog.UnknownItem, s_shop.Oracle.IndexOf("SHOE-9999"));
    }

    [Theory]
    [InlineData(72, 6, 1_000, 0.15)]       // training sees every item
    [InlineData(1_200, 30, 300, 0.5)]      // and here many items are unknown to it
    public void Evaluate_AnyShop_EqualsSlowRecount(int items, int categories, int sessions, double testFraction)
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Items = items, Categories = categories, Sessions = sessions, TestFraction = testFraction });
        var known = shop.Train.Select(e => shop.Oracle.IndexOf(e.ItemKey)).ToHashSet();
        Assert.Equal(items > 72, shop.Test.Any(e => !known.Contains(shop.Oracle.IndexOf(e.ItemKey))));

        foreach (var cutoff in new[] { 1, 5, 20 })
        {
            var ranks = new List<int>();
            foreach (var session in shop.Test.GroupBy(e => e.SessionKey))
            {
                var history = session.Select(e => shop.Oracle.IndexOf(e.ItemKey)).ToArray();
                for (var i = 1; i < history.Length; i++)
                {
                    if (!known.Contains(history[i]) || !history[..i].Any(known.Contains))
                        continue;
                    var probabilities = Next(shop.Oracle, history[..i]);
                    var ranking = known.Order().OrderByDescending(item => probabilities[item]).ToList();
                    ranks.Add(ranking.IndexOf(history[i]) + 1);
                }
            }

            var score = shop.Oracle.Evaluate(cutoff);
            Assert.Equal(cutoff, score.Cutoff);
            Assert.Equal(ranks.Count, score.Cases);
            Assert.Equal(ranks.Count(rank => rank <= cutoff) / (double)ranks.Count, score.RecallAtK, 1e-12);
            Assert.Equal(ranks.Sum(rank => rank <= cutoff ? 1.0 / rank : 0) / ranks.Count, score.MrrAtK, 1e-12);
        }
    }

    [Fact]
    public void Evaluate_UnknownItems_FormsTheCasesOfADroppingEvaluator()
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Sessions = 300, TestFraction = 0.5 });
        var test = SessionSet.From(shop.Test, SessionSet.From(shop.Train).Catalog);
        Assert.True(test.UnknownEventCount > 0);
        var cases = Enumerable.Range(0, test.Count).Sum(s => Math.Max(0, test.ItemsOf(s).ToArray().Count(item => item >= 0) - 1));
        Assert.Equal(cases, shop.Oracle.Evaluate(20).Cases);
    }

    [Fact]
    public void Evaluate_CutoffOfAllItems_FindsEveryTarget() =>
        Assert.Equal(1, s_shop.Oracle.Evaluate(72).RecallAtK);

    [Fact]
    public void Evaluate_CutoffZero_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => s_shop.Oracle.Evaluate(0));

    private static ShopOracle WithShares(int last = 0, int first = 0, int pair = 0, int category = 0, int popularity = 0) =>
        ShopGenerator.Generate(s_small with
        {
            LastItemShare = last,
            FirstItemShare = first,
            PairShare = pair,
            CategoryShare = category,
            PopularityShare = popularity,
        }).Oracle;

    private static double[] Next(ShopOracle oracle, params int[] history)
    {
        var probabilities = new double[oracle.ItemCount];
        oracle.ScoreNext(history, probabilities);
        return probabilities;
    }
}
