namespace NextItem.Synthetic.Drawing;

/// <summary>
/// The SplitMix64 generator (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014): 64-bit
/// integer arithmetic alone, so that a seed gives the same numbers on every machine.
/// </summary>
internal struct SplitMix64
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>A stream of its own for every (seed, stream, number): what one part draws never shifts what another part gets.</summary>
    public SplitMix64(int seed, int stream, int number) =>
        _state = Mix(Mix(Mix((uint)seed) + (uint)stream + GoldenGamma) + (uint)number + GoldenGamma);

    /// <summary>The generator of the paper, from a state.</summary>
    public SplitMix64(ulong state) => _state = state;

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += GoldenGamma);

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, each equally likely.</summary>
    public long Below(long bound)
    {
        // Values beyond the last full multiple of the bound would favour small numbers; they are drawn again.
        var limit = (ulong)bound;
        var surplus = (ulong.MaxValue % limit + 1) % limit;
        ulong bits;
        do
        {
            bits = Next();
        }
        while (bits > ulong.MaxValue - surplus);
        return (long)(bits % limit);
    }

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1, each equally likely.</summary>
    public int Below(int bound) => (int)Below((long)bound);

    /// <summary>True with the given probability, to 2^-53.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1L << 53)) < probability;

    /// <summary>Puts the values in an order of which each is equally likely.</summary>
    public void Shuffle(Span<int> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = Below(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
