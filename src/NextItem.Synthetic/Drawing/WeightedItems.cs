namespace NextItem.Synthetic.Drawing;

/// <summary>
/// A distribution over some items: P(item) = weight / sum of weights. Weights are whole numbers, so that drawing is exact
/// and alike on every machine, and the probability of a draw is known exactly.
/// </summary>
internal sealed class WeightedItems
{
    private readonly int[] _items;    // rising
    private readonly long[] _ends;    // running sum of the weights

    private WeightedItems(int[] items, long[] weights)
    {
        Array.Sort(items, weights);
        _items = items;
        _ends = weights;
        for (var i = 1; i < _ends.Length; i++)
            _ends[i] += _ends[i - 1];
    }

    /// <summary>Creates the distribution; the items are distinct, in any order.</summary>
    public static WeightedItems From(ReadOnlySpan<int> items, ReadOnlySpan<long> weights) => new([.. items], [.. weights]);

    /// <summary>Weights that fall by rank r = 1, 2, ... as r^-exponent, from 2^30 down to at least 1.</summary>
    public static long[] Zipf(int count, double exponent)
    {
        var weights = new long[count];
        for (var rank = 0; rank < count; rank++)
        {
            // Rounding to whole numbers hides the last bits of Pow, which may differ between machines.
            weights[rank] = Math.Max(1, (long)Math.Round((1 << 30) * Math.Pow(rank + 1, -exponent)));
        }

        return weights;
    }

    /// <summary>Weights that fall by a quarter from one item to the next: 2^30, 3/4 of that, 9/16, ...</summary>
    public static long[] Decaying(int count)
    {
        var weights = new long[count];
        var weight = 1L << 30;
        for (var i = 0; i < count; i++, weight = Math.Max(1, weight * 3 / 4))
            weights[i] = weight;
        return weights;
    }

    /// <summary>Whether there is an item other than one.</summary>
    public bool HasOtherThan(int item) => _items.Length > 1 || _items[0] != item;

    /// <summary>Draws an item.</summary>
    public int Draw(ref SplitMix64 random) => At(random.Below(_ends[^1]));

    /// <summary>Draws an item other than <paramref name="excluded"/>: P = weight / (sum of weights - its weight).</summary>
    public int DrawExcept(int excluded, ref SplitMix64 random)
    {
        var (start, end) = RangeOf(excluded);
        var point = random.Below(_ends[^1] - (end - start));
        return At(point < start ? point : point + (end - start));
    }

    /// <summary>Adds <paramref name="share"/> times the probability that <see cref="DrawExcept"/> gives each item.</summary>
    /// <param name="excluded">An item that is never drawn.</param>
    /// <param name="share">Part of the whole that this distribution has.</param>
    /// <param name="probabilities">[I]: added to.</param>
    public void AddTo(int excluded, double share, Span<double> probabilities)
    {
        var (start, end) = RangeOf(excluded);
        var scale = share / (_ends[^1] - (end - start));
        var before = 0L;
        for (var i = 0; i < _items.Length; i++)
        {
            if (_items[i] != excluded)
                probabilities[_items[i]] += scale * (_ends[i] - before);
            before = _ends[i];
        }
    }

    private (long Start, long End) RangeOf(int item)
    {
        var i = Array.BinarySearch(_items, item);
        return i < 0 ? (0, 0) : (i == 0 ? 0 : _ends[i - 1], _ends[i]);
    }

    private int At(long point)
    {
        var i = Array.BinarySearch(_ends, point);
        return _items[i < 0 ? ~i : i + 1];    // the first whose end is beyond the point
    }
}
