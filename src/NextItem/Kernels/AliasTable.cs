namespace NextItem.Kernels;

/// <summary>Draws from a fixed discrete distribution in constant time: one table look-up and one comparison a draw.</summary>
/// <remarks>Walker 1977; built by Vose's method in O(n). Probabilities are kept to 2^-32.</remarks>
internal sealed class AliasTable
{
    /// <summary>Side by side, so that a draw touches one cache line.</summary>
    private readonly (uint Threshold, int Alias)[] _columns;

    /// <summary>Builds the table.</summary>
    /// <param name="weights">Non-negative, with a positive sum; need not add up to one.</param>
    public AliasTable(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (var weight in weights)
        {
            if (!(weight >= 0) || double.IsInfinity(weight))
                throw new ArgumentException($"A weight is {weight}; expected finite numbers of at least 0.", nameof(weights));
            sum += weight;
        }

        if (!(sum > 0))
            throw new ArgumentException("All weights are 0; at least one must be positive.", nameof(weights));

        var count = weights.Length;
        _columns = new (uint, int)[count];
        var scaled = new double[count];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < count; i++)
        {
            scaled[i] = weights[i] / sum * count;
            _columns[i].Alias = i;
            (scaled[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var poor = small.Pop();
            var rich = large.Peek();
            _columns[poor].Threshold = (uint)Math.Min(uint.MaxValue, scaled[poor] * 4294967296.0);
            _columns[poor].Alias = rich;
            scaled[rich] -= 1 - scaled[poor];
            if (scaled[rich] < 1)
                small.Push(large.Pop());
        }

        // What is left has probability one up to rounding; its alias is itself, so the threshold does not matter.
        // A left-over of weight zero must never be drawn all the same: it points to the heaviest item.
        var heaviest = 0;
        for (var i = 1; i < count; i++)
            heaviest = weights[i] > weights[heaviest] ? i : heaviest;
        foreach (var rest in small)
            _columns[rest].Alias = weights[rest] > 0 ? rest : heaviest;
    }

    /// <summary>Number of outcomes.</summary>
    public int Count => _columns.Length;

    /// <summary>The outcome for two random words.</summary>
    public int Draw(uint column, uint coin)
    {
        var index = (int)((ulong)column * (uint)_columns.Length >> 32);
        var (threshold, alias) = _columns[index];
        return coin < threshold ? index : alias;
    }
}
