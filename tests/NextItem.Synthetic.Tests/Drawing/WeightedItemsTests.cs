using NextItem.Synthetic.Drawing;
using Xunit;

namespace NextItem.Synthetic.Tests.Drawing;

public class WeightedItemsTests
{
    private const int Draws = 200_000;

    private static readonly WeightedItems s_items = WeightedItems.From([7, 2, 5], [1, 4, 3]);

    [Fact]
    public void Draw_ManyDraws_FollowsWeights()
    {
        var random = new SplitMix64(1, 0, 0);
        var counts = new int[8];
        for (var i = 0; i < Draws; i++)
            counts[s_items.Draw(ref random)]++;
        AssertNear([0, 0, 4 / 8.0, 0, 0, 3 / 8.0, 0, 1 / 8.0], counts);
    }

    [Theory]
    [InlineData(2, new[] { 0, 0, 0, 0, 0, 3 / 4.0, 0, 1 / 4.0 })]
    [InlineData(5, new[] { 0, 0, 4 / 5.0, 0, 0, 0, 0, 1 / 5.0 })]
    [InlineData(7, new[] { 0, 0, 4 / 7.0, 0, 0, 3 / 7.0, 0, 0 })]
    [InlineData(3, new[] { 0, 0, 4 / 8.0, 0, 0, 3 / 8.0, 0, 1 / 8.0 })]
    public void DrawExcept_AnyItem_AgreesWithAddTo(int excluded, double[] expected)
    {
        var probabilities = new double[8];
        s_items.AddTo(excluded, 1, probabilities);
        for (var item = 0; item < 8; item++)
            Assert.Equal(expected[item], probabilities[item], 1e-15);

        var random = new SplitMix64(1, 0, 0);
        var counts = new int[8];
        for (var i = 0; i < Draws; i++)
            counts[s_items.DrawExcept(excluded, ref random)]++;
        AssertNear(expected, counts);
    }

    [Fact]
    public void AddTo_Share_AddsToWhatIsThere()
    {
        double[] probabilities = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
        s_items.AddTo(-1, 0.25, probabilities);
        Assert.Equal([0.5, 0.5, 0.625, 0.5, 0.5, 0.59375, 0.5, 0.53125], probabilities);
    }

    [Fact]
    public void Zipf_Exponent1_FallsAsOneOverRank() =>
        Assert.Equal([1 << 30, 1 << 29, 357_913_941, 1 << 28], WeightedItems.Zipf(4, 1));

    [Fact]
    public void Decaying_FourItems_FallsByAQuarter() =>
        Assert.Equal([1 << 30, 805_306_368, 603_979_776, 452_984_832], WeightedItems.Decaying(4));

    private static void AssertNear(double[] expected, int[] counts)
    {
        for (var item = 0; item < counts.Length; item++)
        {
            var limit = 5 * Math.Sqrt(Draws * expected[item] * (1 - expected[item]));
            Assert.InRange(counts[item], Draws * expected[item] - limit, Draws * expected[item] + limit);
        }
    }
}
