using Xunit;

namespace NextItem.Synthetic.Tests.Shops;

/// <summary>The oracle's probabilities against what the generator did, on 800,000 events: a chi-square test per context.</summary>
public class ShopLawTests(ITestOutputHelper output)
{
    private static readonly ShopOptions s_options = new() { Items = 72, Categories = 6, Sessions = 150_000, TestFraction = 0.01 };
    private static readonly Lazy<(Shop Shop, int[][] Sessions)> s_log = new(Generate);

    [Theory]
    [InlineData("last")]
    [InlineData("before last")]
    [InlineData("first")]
    [InlineData("first category and last")]
    [InlineData("none")]
    public void ScoreNext_ManyEvents_MatchesFrequencies(string context)
    {
        var (mean, limit) = ChiSquare(s_log.Value.Shop.Oracle, context);
        output.WriteLine($"{context}: mean squared deviation {mean:F4} of variance, limit 1 +/- {limit:F4}");
        Assert.InRange(mean, 1 - limit, 1 + limit);
    }

    [Theory]
    [InlineData(27, 37, 8, 2, 26)]
    [InlineData(24, 43, 5, 2, 26)]
    [InlineData(24, 40, 11, 2, 23)]
    [InlineData(24, 40, 8, 5, 23)]
    public void ScoreNext_LawOffByThreePercent_DoesNotMatchFrequencies(int last, int first, int pair, int category, int popularity)
    {
        // The test above has teeth: a law with three percent in the wrong place fails it.
        var wrong = ShopGenerator.Generate(s_options with
        {
            LastItemShare = last,
            FirstItemShare = first,
            PairShare = pair,
            CategoryShare = category,
            PopularityShare = popularity,
            Sessions = 2,
        }).Oracle;
        var (mean, limit) = ChiSquare(wrong, "first category and last");
        output.WriteLine($"mean squared deviation {mean:F4} of variance, limit 1 +/- {limit:F4}");
        Assert.True(mean > 1 + limit);
    }

    [Fact]
    public void ScoreNext_NoHistory_MatchesFirstItems()
    {
        var (shop, sessions) = s_log.Value;
        var expected = new double[72];
        shop.Oracle.ScoreNext([], expected);
        var counts = new int[72];
        foreach (var session in sessions)
            counts[session[0]]++;
        for (var item = 0; item < 72; item++)
        {
            var limit = 5 * Math.Sqrt(sessions.Length * expected[item]);
            Assert.InRange(counts[item], sessions.Length * expected[item] - limit, sessions.Length * expected[item] + limit);
        }
    }

    private static (Shop Shop, int[][] Sessions) Generate()
    {
        var shop = ShopGenerator.Generate(s_options);
        var sessions = shop.Train.Concat(shop.Test).GroupBy(e => e.SessionKey)
            .Select(session => session.Select(e => shop.Oracle.IndexOf(e.ItemKey)).ToArray());
        return (shop, [.. sessions]);
    }

    /// <summary>
    /// Mean of (observed - expected)^2 / variance over all (context, next item) seen often enough, which is 1 for the true
    /// law; and five standard deviations of that mean.
    /// </summary>
    private static (double Mean, double Limit) ChiSquare(ShopOracle oracle, string context)
    {
        const int Items = 72;
        const int ItemsPerCategory = 12;
        var contexts = Items * Items;
        var observed = new double[contexts * Items];
        var expected = new double[contexts * Items];
        var variance = new double[contexts * Items];
        var probabilities = new double[Items];
        foreach (var session in s_log.Value.Sessions)
        {
            for (var i = 1; i < session.Length; i++)
            {
                oracle.ScoreNext(session.AsSpan(0, i), probabilities);
                var at = Items * context switch
                {
                    "last" => session[i - 1],
                    "before last" => i >= 2 ? session[i - 2] : Items,
                    "first" => session[0],
                    "first category and last" => session[0] / ItemsPerCategory * Items + session[i - 1],
                    _ => 0,
                };
                observed[at + session[i]]++;
                for (var item = 0; item < Items; item++)
                {
                    expected[at + item] += probabilities[item];
                    variance[at + item] += probabilities[item] * (1 - probabilities[item]);
                }
            }
        }

        var (sum, cells) = (0.0, 0);
        for (var cell = 0; cell < observed.Length; cell++)
        {
            if (variance[cell] < 5)
                continue;
            sum += (observed[cell] - expected[cell]) * (observed[cell] - expected[cell]) / variance[cell];
            cells++;
        }

        Assert.True(cells >= Items, $"Only {cells} cells were seen often enough.");
        return (sum / cells, 5 * Math.Sqrt(2.0 / cells));
    }
}
