using NextItem.Evaluation;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Evaluation;

public class ListMetricTests
{
    /// <summary>Four items, listed 0, 1, 1 and 2 times, seen 8, 4, 2 and 2 times in training.</summary>
    private static readonly int[] s_listed = [0, 1, 1, 2];

    private static readonly int[] s_support = [8, 4, 2, 2];

    [Fact]
    public void Metrics_CountsByHand_AreTheseNumbers()
    {
        Assert.Equal(3 / 4.0, CoverageAtK.Of(s_listed));
        Assert.Equal(((-3 * 0) - 1 + 1 + (3 * 2)) / (4 * 4.0), GiniAtK.Of(s_listed));
        Assert.Equal((4 + 2 + 2 + 2) / 4.0 / 8, PopularityAtK.Of(s_listed, s_support));
        Assert.Equal((2 + 3 + 3 + 3) / 4.0, NoveltyAtK.Of(s_listed, s_support), 1e-15);
    }

    [Fact]
    public void Gini_EvenAndUneven_IsZeroAndAlmostOne()
    {
        Assert.Equal(0, GiniAtK.Of([7, 7, 7, 7, 7]));
        Assert.Equal(0.8, GiniAtK.Of([0, 0, 9, 0, 0]), 1e-15);
        Assert.Equal(0, GiniAtK.Of([0, 0]));
    }

    [Fact]
    public void PopularityAndNovelty_NothingListedOrNeverSeen_AreFinite()
    {
        Assert.Equal((0, 0), (PopularityAtK.Of([0, 0], [3, 1]), NoveltyAtK.Of([0, 0], [3, 1])));
        Assert.Equal((0, 2), (PopularityAtK.Of([0, 1], [3, 0]), NoveltyAtK.Of([0, 1], [3, 0])));
    }

    [Fact]
    public void Metrics_RandomCounts_EqualTheReferenceInAnyOrderOfItems()
    {
        var random = new Random(4);
        for (var trial = 0; trial < 200; trial++)
        {
            var items = Enumerable.Range(0, random.Next(1, 30)).Select(_ => (Listed: random.Next(6), Support: random.Next(1, 100))).Append((Listed: 1, Support: 5)).ToArray();
            double[]? before = null;
            for (var order = 0; order < 2; order++)
            {
                int[] listed = [.. items.Select(item => item.Listed)], support = [.. items.Select(item => item.Support)];
                double[] found = [CoverageAtK.Of(listed), GiniAtK.Of(listed), PopularityAtK.Of(listed, support), NoveltyAtK.Of(listed, support)];
                double[] expected = [DoubleMetrics.Coverage(listed), DoubleMetrics.Gini(listed), DoubleMetrics.Popularity(listed, support), DoubleMetrics.Novelty(listed, support)];
                foreach (var (value, reference) in found.Zip(expected))
                    Assert.Equal(reference, value, 1e-12);
                before ??= found;
                foreach (var (value, other) in found.Zip(before))
                    Assert.Equal(other, value, 1e-12);
                random.Shuffle(items);
            }
        }
    }
}
