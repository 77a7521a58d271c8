using NextItem.Batches;

namespace NextItem.Tests.Batches;

public class NegativeSamplerTests
{
    private static readonly int[] s_support = [1, 2, 4, 8, 16, 100, 1000, 3];

    [Theory, InlineData(0f), InlineData(0.5f), InlineData(0.75f), InlineData(1f)]
    public void Draw_ManySteps_FollowsSupportToThePowerOfAlpha(float alpha)
    {
        const int Steps = 400, Negatives = 501;
        var sampler = new NegativeSampler(s_support, alpha, seed: 3);
        var counts = new int[s_support.Length];
        var negatives = new int[Negatives];
        for (var step = 0; step < Steps; step++)
        {
            sampler.Draw(step, negatives);
            foreach (var item in negatives)
                counts[item]++;
        }

        var sum = s_support.Sum(support => Math.Pow(support, alpha));
        double chiSquare = 0;
        for (var item = 0; item < counts.Length; item++)
        {
            var expected = Steps * Negatives * Math.Pow(s_support[item], alpha) / sum;
            chiSquare += Math.Pow(counts[item] - expected, 2) / expected;
        }

        Assert.InRange(chiSquare, 0, 7 + (5 * Math.Sqrt(14)));
    }

    /// <summary>Two draws come from one block of random words, the next two from another: neither pair may know of each other.</summary>
    [Theory, InlineData(0), InlineData(1)]
    public void Draw_NeighboursOfAStep_AreIndependent(int first)
    {
        const int Steps = 400, Negatives = 501;
        var items = s_support.Length;
        var sampler = new NegativeSampler(s_support, alpha: 0, seed: 3);
        var counts = new int[items * items];
        var negatives = new int[Negatives];
        for (var step = 0; step < Steps; step++)
        {
            sampler.Draw(step, negatives);
            for (var i = first; i + 1 < Negatives; i += 2)
                counts[(negatives[i] * items) + negatives[i + 1]]++;
        }

        var expected = (double)Steps * (Negatives / 2) / counts.Length;
        var chiSquare = counts.Sum(count => Math.Pow(count - expected, 2) / expected);
        Assert.InRange(chiSquare, 0, 63 + (5 * Math.Sqrt(126)));
    }

    [Fact]
    public void Draw_SameSeedAndStep_GivesTheSameItems()
    {
        int[] a = new int[100], b = new int[100];
        var sampler = new NegativeSampler(s_support, 0.5f, 7);
        sampler.Draw(12, a);
        sampler.Draw(13, b);
        Assert.NotEqual(a, b);
        sampler.Draw(12, b); // no state: an earlier step can be drawn again
        Assert.Equal(a, b);
        new NegativeSampler(s_support, 0.5f, 7).Draw(12, b);
        Assert.Equal(a, b);
        new NegativeSampler(s_support, 0.5f, 8).Draw(12, b);
        Assert.NotEqual(a, b);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(33)]
    public void Draw_AnyCount_FillsEverythingAndIsAPrefixOfMore(int count)
    {
        var sampler = new NegativeSampler(s_support, 0.5f, 7);
        var more = new int[count + 5];
        var some = Enumerable.Repeat(-1, count).ToArray();
        sampler.Draw(2, more);
        sampler.Draw(2, some);
        Assert.Equal(more[..count], some);
    }
}
