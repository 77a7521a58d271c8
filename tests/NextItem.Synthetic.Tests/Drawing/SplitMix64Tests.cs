using NextItem.Synthetic.Drawing;
using Xunit;

namespace NextItem.Synthetic.Tests.Drawing;

public class SplitMix64Tests
{
    [Fact]
    public void Next_KnownState_GivesPublishedNumbers()
    {
        // The reference values in circulation for the state 1234567.
        var random = new SplitMix64(1234567UL);
        ulong[] numbers = [random.Next(), random.Next(), random.Next(), random.Next(), random.Next()];
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], numbers);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    public void Next_OtherSeedStreamOrNumber_GivesOtherNumbers(int seed, int stream, int number)
    {
        var random = new SplitMix64(1, 1, 1);
        var other = new SplitMix64(seed, stream, number);
        Assert.NotEqual(random.Next(), other.Next());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void Below_ManyDraws_EachNumberEquallyOften(int bound)
    {
        const int Draws = 200_000;
        var random = new SplitMix64(5, 0, 0);
        var counts = new int[bound];
        for (var i = 0; i < Draws; i++)
            counts[random.Below(bound)]++;
        var expected = (double)Draws / bound;
        var limit = 5 * Math.Sqrt(expected);
        Assert.All(counts, count => Assert.InRange(count, expected - limit, expected + limit));
    }

    [Fact]
    public void Below_BoundBeyondHalfTheRange_StaysBelowIt()
    {
        var random = new SplitMix64(5, 0, 0);
        var bound = long.MaxValue / 4 * 3;
        var upperHalf = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var drawn = random.Below(bound);
            Assert.InRange(drawn, 0, bound - 1);
            upperHalf += drawn >= bound / 2 ? 1 : 0;
        }

        Assert.InRange(upperHalf, 420, 580);
    }

    [Fact]
    public void Chance_ManyDraws_AsOftenAsAsked()
    {
        var random = new SplitMix64(5, 0, 0);
        var hits = 0;
        for (var i = 0; i < 100_000; i++)
            hits += random.Chance(0.3) ? 1 : 0;
        Assert.InRange(hits, 29_275, 30_725);    // five standard deviations
    }

    [Fact]
    public void Shuffle_ManyTimes_EveryValueAtEveryPlaceEquallyOften()
    {
        var random = new SplitMix64(5, 0, 0);
        var counts = new int[4, 4];
        for (var i = 0; i < 40_000; i++)
        {
            int[] values = [0, 1, 2, 3];
            random.Shuffle(values);
            for (var place = 0; place < 4; place++)
                counts[place, values[place]]++;
        }

        Assert.All(counts.Cast<int>(), count => Assert.InRange(count, 9_560, 10_440));    // five standard deviations
    }
}
