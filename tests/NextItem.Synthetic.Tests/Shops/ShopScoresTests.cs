using NextItem.Synthetic.Tests.Reference;
using Xunit;

namespace NextItem.Synthetic.Tests.Shops;

/// <summary>What simple models reach on generated shops; the table of docs/synthetic.md is this class's output.</summary>
public class ShopScoresTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(42)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Generate_DefaultShop_PopularityBelowMarkovBelowMemoryBelowOracle(int seed)
    {
        var shop = ShopGenerator.Generate(new ShopOptions { Seed = seed });
        var counts = new TransitionCounts(shop);
        var (popularity, markov, combination) = (counts.Popularity(20), counts.Markov(20), counts.Combination(20));
        var best = shop.Oracle.Evaluate(20);
        output.WriteLine($"| {seed} | {Cells(popularity)} | {Cells(markov)} | {Cells(combination)} | {Cells(best)} | {best.Cases:N0} |");

        Assert.All([popularity, markov, combination], score => Assert.Equal(best.Cases, score.Cases));
        Assert.InRange(popularity.RecallAtK, 0.05, 0.15);
        Assert.InRange(markov.RecallAtK, 0.47, 0.57);
        Assert.InRange(combination.RecallAtK, markov.RecallAtK + 0.08, best.RecallAtK - 0.08);
        Assert.InRange(best.RecallAtK, 0.70, 0.78);
        Assert.InRange(markov.MrrAtK, popularity.MrrAtK + 0.10, combination.MrrAtK - 0.02);
        Assert.InRange(combination.MrrAtK, markov.MrrAtK + 0.02, best.MrrAtK - 0.02);
    }

    [Fact]
    public void Generate_OtherSeeds_OtherScores()
    {
        var scores = Enumerable.Range(1, 5).Select(seed => ShopGenerator.Generate(new ShopOptions { Seed = seed }).Oracle.Evaluate(20)).ToList();
        Assert.Equal(5, scores.Select(score => score.RecallAtK).Distinct().Count());
        Assert.Equal(5, scores.Select(score => score.MrrAtK).Distinct().Count());
    }

    [Fact]
    public void Generate_TenTimesTheSessions_MarkovStaysBelowTheMemoryOfOneTenth()
    {
        // What Markov lacks is memory and not data.
        var counts = new TransitionCounts(ShopGenerator.Generate(new ShopOptions { Sessions = 240_000, TestFraction = 0.015 }));
        var (markov, combination) = (counts.Markov(20), counts.Combination(20));
        var memory = new TransitionCounts(ShopGenerator.Generate(new ShopOptions())).Combination(20);
        output.WriteLine($"240,000 sessions, seed 42: Markov {Cells(markov)}, combination {Cells(combination)}");
        Assert.InRange(markov.RecallAtK, 0.5, memory.RecallAtK - 0.02);
    }

    private static string Cells(OracleScore score) => $"{score.RecallAtK:F3} / {score.MrrAtK:F3}";
}
