using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public class CounterRandomTests
{
    /// <summary>The known-answer vectors that accompany the paper (Random123, kat_vectors, philox4x32 10).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_KnownAnswers_AreTheirs(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint a, uint b, uint c, uint d) =>
        Assert.Equal(new CounterRandom.Block(a, b, c, d), CounterRandom.Philox(c0, c1, c2, c3, k0, k1));

    [Fact]
    public void At_AnyPartOfTheAddressChanged_GivesOtherNumbers()
    {
        CounterRandom random = new(5), other = new(6), highBits = new(5 + (1UL << 40));
        CounterRandom.Block[] blocks =
        [
            random.At(RandomStream.HiddenDropout, 0, 0, 0),
            random.At(RandomStream.EmbeddingDropout, 0, 0, 0),
            random.At(RandomStream.HiddenDropout, 1, 0, 0),
            random.At(RandomStream.HiddenDropout, 0, 1, 0),
            random.At(RandomStream.HiddenDropout, 0, 1L << 32, 0),
            random.At(RandomStream.HiddenDropout, 0, 0, 1),
            other.At(RandomStream.HiddenDropout, 0, 0, 0),
            highBits.At(RandomStream.HiddenDropout, 0, 0, 0),
        ];
        Assert.Equal(blocks.Length, blocks.Distinct().Count());
        Assert.Equal(blocks[0], random.At(RandomStream.HiddenDropout, 0, 0, 0));
    }

    [Fact]
    public void ToUnit_ExtremeWords_StaysInHalfOpenUnit()
    {
        Assert.Equal(0f, CounterRandom.ToUnit(0));
        Assert.True(CounterRandom.ToUnit(uint.MaxValue) < 1f);
        Assert.Equal(0.5f, CounterRandom.ToUnit(0x80000000));
    }

    [Fact]
    public void ToNormal_ExtremeWords_IsFinite()
    {
        foreach (var a in new[] { 0u, uint.MaxValue })
            Assert.All(new[] { 0u, 0x80000000, uint.MaxValue }, b => Assert.InRange(CounterRandom.ToNormal(a, b), -5.8f, 5.8f));
    }

    [Fact]
    public void ToNormal_ManyWords_HasTheMomentsOfTheStandardNormal()
    {
        const int Draws = 100_000;
        var random = new CounterRandom(11);
        var numbers = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            var words = random.At(RandomStream.Initialisation, 0, i, 0);
            numbers[i] = CounterRandom.ToNormal(words.A, words.B);
        }

        // Five standard deviations of each mean: the variances of x, x^2, x^3, x^4 are 1, 2, 15, 96.
        AssertMean(0, 1, x => x);
        AssertMean(1, 2, x => x * x);
        AssertMean(0, 15, x => x * x * x);
        AssertMean(3, 96, x => x * x * x * x);

        void AssertMean(double expected, double variance, Func<double, double> power) =>
            Assert.Equal(expected, numbers.Average(power), 5 * Math.Sqrt(variance / Draws));
    }

    [Fact]
    public void At_ManySteps_IsUniformAndUncorrelatedBetweenStreams()
    {
        const int Draws = 100_000, Bins = 64;
        var random = new CounterRandom(11);
        var bins = new int[4, Bins];
        double product = 0, along = 0, before = 0;
        for (var step = 0; step < Draws; step++)
        {
            var x = random.At(RandomStream.NegativeSamples, 0, step, 3);
            var y = random.At(RandomStream.HiddenDropout, 0, step, 3);
            uint[] words = [x.A, x.B, x.C, x.D];
            for (var word = 0; word < 4; word++)
                bins[word, (int)(CounterRandom.ToUnit(words[word]) * Bins)]++;
            var unit = CounterRandom.ToUnit(x.A) - 0.5;
            product += unit * (CounterRandom.ToUnit(y.A) - 0.5) * 12;
            along += unit * before * 12;
            before = unit;
        }

        for (var word = 0; word < 4; word++)
        {
            double chiSquare = 0;
            for (var bin = 0; bin < Bins; bin++)
                chiSquare += Math.Pow(bins[word, bin] - (Draws / (double)Bins), 2) / (Draws / (double)Bins);
            Assert.InRange(chiSquare, 63 - (5 * Math.Sqrt(126)), 63 + (5 * Math.Sqrt(126)));
        }

        // Correlations of independent numbers: 1 / sqrt(draws) is their standard deviation.
        Assert.InRange(product / Draws, -5 / Math.Sqrt(Draws), 5 / Math.Sqrt(Draws));
        Assert.InRange(along / Draws, -5 / Math.Sqrt(Draws), 5 / Math.Sqrt(Draws));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    public unsafe void Fill_AnyCount_GivesTheWordsOfOneByOne(int blocks)
    {
        var random = new CounterRandom(0xFEDCBA9876543210);
        foreach (var (first, every) in new[] { (0u, 1u), (5u, 2u), (uint.MaxValue - 20, 1u) })
        {
            var words = new uint[4 * 64];
            fixed (uint* data = words)
                random.Fill(RandomStream.HiddenDropout, 3, (1L << 33) + 7, first, every, data, blocks);
            for (var i = 0; i < blocks; i++)
            {
                var expected = random.At(RandomStream.HiddenDropout, 3, (1L << 33) + 7, first + ((uint)i * every));
                Assert.Equal(expected, new CounterRandom.Block(words[4 * i], words[(4 * i) + 1], words[(4 * i) + 2], words[(4 * i) + 3]));
            }

            var written = (blocks + CounterRandom.Together - 1) / CounterRandom.Together * CounterRandom.Together * 4;
            Assert.All(words[written..], word => Assert.Equal(0u, word));
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(0.4f)]
    [InlineData(0.5f)]
    [InlineData(0.99999994f)]
    public void DropoutMask_AnyProbability_DropsWhereTheUnitNumberIsBelowIt(float probability)
    {
        var draws = new Random(3);
        var least = (uint)Math.Ceiling(probability * (double)(1 << 24)) << 8;
        foreach (var length in new[] { 0, 1, 7, 8, 16, 33, 257 })
        {
            var words = new uint[length];
            for (var i = 0; i < length; i++)
                words[i] = i % 3 == 0 ? least - 1 + (uint)(i % 2) : (uint)draws.NextInt64(1L << 32);
            var mask = new float[length];
            DropoutMask.Fill(words, probability, mask);
            for (var i = 0; i < length; i++)
                Assert.Equal(CounterRandom.ToUnit(words[i]) >= probability ? 1 / (1 - probability) : 0, mask[i]);
        }
    }
}
