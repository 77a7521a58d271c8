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
    public void Draw(long step, Span<int> negatives)
    {
        for (var i = 0; i < negatives.Length; i += 2)
        {
            var words = _random.At(RandomStream.NegativeSamples, 0, step, (uint)i);
            negatives[i] = _table.Draw(words.A, words.B);
            if (i + 1 < negatives.Length)
                negatives[i + 1] = _table.Draw(words.C, words.D);
        }
    }
}
