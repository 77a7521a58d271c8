using NextItem.Evaluation;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Evaluation;

public class RankMetricTests
{
    /// <summary>By hand: 1 / log2(1 + rank) is 1 at rank 1, 1/2 at 3, 1/3 at 7; nothing beyond K.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 0.5)]
    [InlineData(7, 7, 1 / 3.0)]
    [InlineData(7, 6, 0)]
    public void Ndcg_RanksByHand_AreTheseNumbers(double rank, int cutoff, double expected) => Assert.Equal(expected, NdcgAtK.Of(rank, cutoff), 1e-15);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 5, 0.25)]
    [InlineData(2.5, 5, 0.4)]
    [InlineData(6, 5, 0)]
    public void Map_RanksByHand_AreTheseNumbers(double rank, int cutoff, double expected) => Assert.Equal(expected, MapAtK.Of(rank, cutoff), 1e-15);

    [Fact]
    public void NdcgAndMap_AnyRank_EqualTheReferenceAndKeepTheirOrder()
    {
        for (var rank = 1.0; rank <= 30; rank += 0.5)
        {
            double before = 0;
            for (var cutoff = 1; cutoff <= 30; cutoff++)
            {
                Assert.Equal(DoubleMetrics.NextNdcg(rank, cutoff), NdcgAtK.Of(rank, cutoff), 1e-14);
                Assert.Equal(DoubleMetrics.NextMap(rank, cutoff), MapAtK.Of(rank, cutoff), 1e-14);
                Assert.Equal(MrrAtK.Of(rank, cutoff), MapAtK.Of(rank, cutoff)); // one target: the same metric
                Assert.InRange(NdcgAtK.Of(rank, cutoff), MrrAtK.Of(rank, cutoff), RecallAtK.Of(rank, cutoff));
                Assert.True(NdcgAtK.Of(rank, cutoff) >= before);
                before = NdcgAtK.Of(rank, cutoff);
            }
        }
    }
}
