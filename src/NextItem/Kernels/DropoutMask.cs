using System.Numerics;

namespace NextItem.Kernels;

/// <summary>The mask of inverted dropout: 0 with the probability of being dropped, else 1 / (1 - probability).</summary>
internal static class DropoutMask
{
    /// <summary>Element i is dropped where the unit number of word i, <see cref="CounterRandom.ToUnit"/>, is below the probability.</summary>
    /// <param name="words">Random words.</param>
    /// <param name="probability">Of being dropped, 0 up to but not 1.</param>
    /// <param name="mask">As many as words.</param>
    public static void Fill(ReadOnlySpan<uint> words, float probability, Span<float> mask)
    {
        // word >> 8 as a fraction of 2^24 is at least p exactly where the word is at least ceil(p 2^24) 2^8.
        var least = (uint)Math.Ceiling(probability * (double)(1 << 24)) << 8;
        var keep = 1 / (1 - probability);
        var (leasts, keeps) = (new Vector<uint>(least), new Vector<float>(keep));
        var i = 0;
        for (; i + Vector<uint>.Count <= words.Length; i += Vector<uint>.Count)
        {
            var kept = Vector.GreaterThanOrEqual(new Vector<uint>(words[i..]), leasts);
            (Vector.AsVectorSingle(kept) & keeps).CopyTo(mask[i..]);
        }

        for (; i < words.Length; i++)
            mask[i] = words[i] >= least ? keep : 0;
    }
}
