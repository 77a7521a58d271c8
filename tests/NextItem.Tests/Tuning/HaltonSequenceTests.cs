using NextItem.Tuning;

namespace NextItem.Tests.Tuning;

public class HaltonSequenceTests
{
    private static readonly int[] s_primes = [2, 3, 5, 7, 11];

    /// <summary>Of base b, b·b points in a row are one in each b·b-th of the range, whatever the seed.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    public void At_InEachDimension_IsOnePointInEachStretch(ulong seed)
    {
        var sequence = new HaltonSequence(s_primes.Length, seed);
        for (var dimension = 0; dimension < s_primes.Length; dimension++)
        {
            var count = s_primes[dimension] * s_primes[dimension];
            var stretches = Enumerable.Range(0, count).Select(point => (int)(count * sequence.At(point, dimension))).Order();
            Assert.Equal(Enumerable.Range(0, count), stretches);
        }
    }

    [Fact]
    public void At_AnotherSeed_IsAnotherPlaceWithinTheCube()
    {
        var places = Enumerable.Range(1, 3).Select(seed => new HaltonSequence(20, (ulong)seed)).Select(sequence => string.Join(' ', Enumerable.Range(0, 50).SelectMany(point => Enumerable.Range(0, 20).Select(dimension => InCube(sequence.At(point, dimension))))));
        Assert.Equal(3, places.Distinct().Count());

        static double InCube(double place) => place is >= 0 and < 1 ? place : throw new ArgumentException($"{place} is outside");
    }

    /// <summary>High dimensions are not in step, as they are without permutations: their correlation over 40 points is small.</summary>
    [Fact]
    public void At_HighDimensions_AreNotInStep()
    {
        var sequence = new HaltonSequence(12, 4);
        for (var dimension = 6; dimension < 11; dimension++)
        {
            var x = Enumerable.Range(0, 40).Select(point => sequence.At(point, dimension) - 0.5).ToArray();
            var y = Enumerable.Range(0, 40).Select(point => sequence.At(point, dimension + 1) - 0.5).ToArray();
            var correlation = x.Zip(y, (a, b) => a * b).Sum() / Math.Sqrt(x.Sum(a => a * a) * y.Sum(b => b * b));
            Assert.True(Math.Abs(correlation) < 0.5, $"dimensions {dimension} and {dimension + 1}: {correlation}");
        }
    }
}
