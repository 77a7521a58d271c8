using System.Numerics;

namespace NextItem.Kernels;

/// <summary>The mask of inverted dropout: 0 with the probability of being dropped, else 1 / (1 - probability).</summary>
internal static class DropoutMask
{
    /// <summary>The mask of one lane in a step: a function of the seed, the stream and these numbers alone.</summary>
    /// <param name="random">The seed's numbers.</param>
    /// <param name="stream">What is dropped.</param>
    /// <param name="part">The layer, or the subnet.</param>
    /// <param name="step">The training step.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="probability">Of being dropped, 0 up to but not 1.</param>
    /// <param name="mask">Gets it.</param>
    public static unsafe void Draw(CounterRandom random, RandomStream stream, int part, long step, int lane, float probability, Span<float> mask)
    {
        const int Blocks = 4 * CounterRandom.Together;
        var words = stackalloc uint[4 * Blocks];
        var all = (mask.Length + 3) / 4;
        for (var block = 0; block < all; block += Blocks)
        {
            var some = mask[(4 * block)..Math.Min(mask.Length, 4 * (block + Blocks))];
            random.Fill(stream, part, step, (uint)((lane * all) + block), 1, words, Math.Min(Blocks, all - block));
            Fill(new ReadOnlySpan<uint>(words, some.Length), probability, some);
        }
    }

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
