using NextItem.Kernels;

namespace NextItem.Batches;

/// <summary>
/// Draws additional negative samples, with replacement, with probability proportional to support^alpha. The draws of a step
/// are a function of (seed, step) alone and shared by the whole mini-batch.
/// </summary>
/// <remarks>Hidasi and Karatzoglou 2018, section 3.1.</remarks>
internal sealed class NegativeSampler
{
    private readonly AliasTable _table;
    private readonly CounterRandom _random;

    /// <summary>Builds the sampler's table, O(I).</summary>
    public NegativeSampler(ReadOnlySpan<int> support, float alpha, ulong seed)
    {
        var weights = new double[support.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Math.Pow(support[i], alpha);
        _table = new AliasTable(weights);
        _random = new CounterRandom(seed);
    }

    /// <summary>Fills <paramref name="negatives"/> with the item indices of a step.</summary>
    public void Draw(long step, Span<int> negatives) => Draw(step, 0, negatives);

    /// <summary>Fills <paramref name="negatives"/> with those of a step that begin with number <paramref name="from"/>, which is even.</summary>
    public unsafe void Draw(long step, int from, Span<int> negatives)
    {
        const int Blocks = 4 * CounterRandom.Together; // two negatives each
        var words = stackalloc uint[4 * Blocks];
        for (var first = 0; first < negatives.Length; first += 2 * Blocks)
        {
            var some = negatives[first..Math.Min(negatives.Length, first + (2 * Blocks))];
            _random.Fill(RandomStream.NegativeSamples, 0, step, (uint)(from + first), 2, words, (some.Length + 1) / 2);
            for (var i = 0; i < some.Length; i++)
                some[i] = _table.Draw(words[2 * i], words[(2 * i) + 1]);
        }
    }
}
