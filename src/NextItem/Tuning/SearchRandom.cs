using NextItem.Kernels;

namespace NextItem.Tuning;

/// <summary>A row of random numbers of its own for each trial or tree: what the others draw changes nothing.</summary>
internal sealed class SearchRandom(ulong seed, RandomStream stream, long step)
{
    private readonly CounterRandom _random = new(seed);
    private uint _index;

    /// <summary>A uniform number in [0, 1), with 53 bits.</summary>
    public double Unit()
    {
        var block = _random.At(stream, 0, step, _index++);
        return ((((ulong)block.A << 32) | block.B) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A whole number from 0 to one less than the count.</summary>
    public int Below(int count) => (int)(Unit() * count);

    /// <summary>A standard normal number.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());
}
