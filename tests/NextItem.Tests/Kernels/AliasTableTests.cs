using CsCheck;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public class AliasTableTests
{
    [Theory]
    [InlineData(new double[] { 1, 1, 1, 1 })]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [InlineData(new double[] { 0, 5, 0, 0.5, 0, 3 })]
    [InlineData(new double[] { 1000, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new double[] { 0.1, 0.2, 0.3, 0.4 })]
    public void Draw_ManyTimes_FollowsTheWeights(double[] weights)
    {
        const int Draws = 400_000;
        var counts = new int[weights.Length];
        var table = new AliasTable(weights);
        var random = new Random(7);
        for (var i = 0; i < Draws; i++)
            counts[table.Draw((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32))]++;
        double chiSquare = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var expected = Draws * weights[i] / weights.Sum();
            if (weights[i] == 0)
                Assert.Equal(0, counts[i]);
            else
                chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
        }

        // Five standard deviations above the mean of chi-square with n - 1 degrees of freedom.
        var freedom = weights.Count(weight => weight > 0) - 1;
        Assert.True(chiSquare < freedom + (5 * Math.Sqrt(2 * freedom)), $"chi-square {chiSquare} at {freedom} degrees of freedom; counts {string.Join(' ', counts)}");
    }

    [Fact]
    public void Draw_EveryColumnAndCoin_HasExactlyItsProbability() =>
        Gen.Double[0, 10].Array[1, 30].Where(weights => weights.Sum() > 0.01).Sample(weights =>
        {
            // The mass of an outcome, by 4,096 coins of each column: exact to a coin a column.
            const int Coins = 4096;
            var table = new AliasTable(weights);
            var mass = new double[weights.Length];
            for (var column = 0; column < weights.Length; column++)
            {
                var word = (uint)((((ulong)column << 32) + (ulong)weights.Length - 1) / (ulong)weights.Length);
                for (var coin = 0; coin < Coins; coin++)
                    mass[table.Draw(word, (uint)coin * (uint)(0x1_0000_0000L / Coins))] += 1.0 / Coins / weights.Length;
            }

            for (var i = 0; i < weights.Length; i++)
                Assert.Equal(weights[i] / weights.Sum(), mass[i], 1.0 / Coins);
        });

    [Fact]
    public void Draw_ZeroWeights_AreNeverDrawnEvenByExtremeWords()
    {
        var weights = new double[37];
        weights[5] = 0.1;
        weights[20] = 1e-9;
        weights[36] = 3;
        var table = new AliasTable(weights);
        foreach (var coin in new[] { 0u, 1u, uint.MaxValue - 1, uint.MaxValue })
        {
            for (ulong column = 0; column <= uint.MaxValue; column += 0xFFFFFF)
                Assert.True(weights[table.Draw((uint)column, coin)] > 0, $"column {column:x}, coin {coin:x}");
        }

        Assert.True(weights[table.Draw(uint.MaxValue, uint.MaxValue)] > 0);
    }

    [Fact]
    public void Draw_OneItem_IsAlwaysIt()
    {
        var table = new AliasTable([0.3]);
        Assert.Equal(1, table.Count);
        Assert.Equal(0, table.Draw(0, 0));
        Assert.Equal(0, table.Draw(uint.MaxValue, uint.MaxValue));
    }

    [Fact]
    public void Draw_HugeRatio_KeepsTheHeavyItem()
    {
        var table = new AliasTable([1e-300, 1e300, 1]);
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
            Assert.Equal(1, table.Draw((uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1, 1L << 32)));
    }

    [Theory]
    [InlineData(new[] { 1, -0.5 }, "-0.5")]
    [InlineData(new[] { 1, double.NaN }, "NaN")]
    [InlineData(new[] { 1, double.PositiveInfinity }, "Infinity")]
    [InlineData(new double[] { 0, 0 }, "All weights are 0")]
    [InlineData(new double[0], "All weights are 0")]
    public void Constructor_ImpossibleWeights_NamesTheFault(double[] weights, string named) =>
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => new AliasTable(weights)).Message, StringComparison.Ordinal);
}
