using NextItem.Kernels;

namespace NextItem.Tuning;

/// <summary>
/// Points that are spread evenly over the unit cube, however many are taken: in each dimension the digits of their number behind the point,
/// to a prime base of its own, the digits permuted by chance so that high dimensions are not in step.
/// </summary>
/// <remarks>Halton 1960; permuted digits: Owen, "A randomized Halton algorithm in R", 2017.</remarks>
internal sealed class HaltonSequence
{
    /// <summary>Digits that a number in [0, 1) has: more make no difference in double.</summary>
    private const double Finest = 1e-16;

    private readonly int[] _bases;
    private readonly int[][][] _permutations; // of each dimension and digit

    /// <summary>Draws the permutations.</summary>
    public HaltonSequence(int dimensions, ulong seed)
    {
        _bases = Primes(dimensions);
        _permutations = new int[dimensions][][];
        for (var dimension = 0; dimension < dimensions; dimension++)
        {
            var random = new SearchRandom(seed, RandomStream.SearchStart, dimension);
            var digits = (int)Math.Ceiling(-Math.Log(Finest) / Math.Log(_bases[dimension]));
            _permutations[dimension] = [.. Enumerable.Range(0, digits).Select(_ => Permutation(_bases[dimension], random))];
        }
    }

    /// <summary>The place of a point in one dimension, in [0, 1).</summary>
    /// <param name="point">The point's number, from 0.</param>
    /// <param name="dimension">The dimension, from 0.</param>
    public double At(int point, int dimension)
    {
        var @base = _bases[dimension];
        double place = 0, weight = 1;
        var rest = point;
        foreach (var permutation in _permutations[dimension])
        {
            weight /= @base;
            place += weight * permutation[rest % @base]; // also where the number has no more digits: they are zeros, which are permuted too
            rest /= @base;
        }

        return Math.Min(place, Math.BitDecrement(1.0));
    }

    private static int[] Permutation(int count, SearchRandom random)
    {
        int[] digits = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (digits[i], digits[other]) = (digits[other], digits[i]);
        }

        return digits;
    }

    private static int[] Primes(int count)
    {
        var primes = new List<int>();
        for (var candidate = 2; primes.Count < count; candidate++)
        {
            if (primes.TrueForAll(prime => candidate % prime != 0))
                primes.Add(candidate);
        }

        return [.. primes];
    }
}
