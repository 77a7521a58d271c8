using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NextItem.Kernels;

/// <content>Many blocks at once: the same words as one by one, sixteen or eight blocks in vectors where the processor can.</content>
internal readonly unsafe partial struct CounterRandom
{
    /// <summary>Blocks that are made together: <see cref="Fill"/> writes multiples of it.</summary>
    public const int Together = 16;

    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The blocks at <paramref name="first"/>, first + <paramref name="every"/>, ... of a stream, word after word.</summary>
    /// <param name="stream">What the numbers are for.</param>
    /// <param name="part">Sub-stream.</param>
    /// <param name="step">The training step.</param>
    /// <param name="first">Place of the first block.</param>
    /// <param name="every">Distance from one block's place to the next one's.</param>
    /// <param name="words">Four words a block; room for <paramref name="blocks"/>, rounded up to a multiple of <see cref="Together"/>.</param>
    /// <param name="blocks">How many.</param>
    public void Fill(RandomStream stream, int part, long step, uint first, uint every, uint* words, int blocks)
    {
        var (c1, c2, c3) = ((uint)step, (uint)(step >> 32), ((uint)stream << 24) | (uint)part);
        for (var block = 0; block < blocks; block += Together, words += 4 * Together, first += Together * every)
        {
            if (Avx512F.IsSupported)
            {
                Sixteen(first, every, c1, c2, c3, words);
            }
            else if (Avx2.IsSupported)
            {
                Eight(first, every, c1, c2, c3, words);
                Eight(first + (8 * every), every, c1, c2, c3, words + 32);
            }
            else
            {
                for (var i = 0; i < Together; i++)
                    *(Block*)(words + (4 * i)) = Philox(first + ((uint)i * every), c1, c2, c3, _key0, _key1);
            }
        }
    }

    /// <summary>The counters lie in the vector such that the unpacking at the end leaves the blocks in order.</summary>
    private void Sixteen(uint first, uint every, uint step0, uint step1, uint stream, uint* words)
    {
        var c0 = Vector512.Create(first) + (Vector512.Create(0u, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15) * Vector512.Create(every));
        var (c1, c2, c3) = (Vector512.Create(step0), Vector512.Create(step1), Vector512.Create(stream));
        var (k0, k1) = (_key0, _key1);
        for (var round = 0; round < 10; round++)
        {
            var (high0, low0) = Product(c0, Multiplier0);
            var (high1, low1) = Product(c2, Multiplier1);
            c0 = high1 ^ c1 ^ Vector512.Create(k0);
            c1 = low1;
            c2 = high0 ^ c3 ^ Vector512.Create(k1);
            c3 = low0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        var (ab0, ab1) = (Avx512F.UnpackLow(c0, c1).AsUInt64(), Avx512F.UnpackHigh(c0, c1).AsUInt64());
        var (cd0, cd1) = (Avx512F.UnpackLow(c2, c3).AsUInt64(), Avx512F.UnpackHigh(c2, c3).AsUInt64());
        Avx512F.UnpackLow(ab0, cd0).AsUInt32().Store(words);
        Avx512F.UnpackHigh(ab0, cd0).AsUInt32().Store(words + 16);
        Avx512F.UnpackLow(ab1, cd1).AsUInt32().Store(words + 32);
        Avx512F.UnpackHigh(ab1, cd1).AsUInt32().Store(words + 48);
    }

    private void Eight(uint first, uint every, uint step0, uint step1, uint stream, uint* words)
    {
        var c0 = Vector256.Create(first) + (Vector256.Create(0u, 2, 4, 6, 1, 3, 5, 7) * Vector256.Create(every));
        var (c1, c2, c3) = (Vector256.Create(step0), Vector256.Create(step1), Vector256.Create(stream));
        var (k0, k1) = (_key0, _key1);
        for (var round = 0; round < 10; round++)
        {
            var (high0, low0) = Product(c0, Multiplier0);
            var (high1, low1) = Product(c2, Multiplier1);
            c0 = high1 ^ c1 ^ Vector256.Create(k0);
            c1 = low1;
            c2 = high0 ^ c3 ^ Vector256.Create(k1);
            c3 = low0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        var (ab0, ab1) = (Avx2.UnpackLow(c0, c1).AsUInt64(), Avx2.UnpackHigh(c0, c1).AsUInt64());
        var (cd0, cd1) = (Avx2.UnpackLow(c2, c3).AsUInt64(), Avx2.UnpackHigh(c2, c3).AsUInt64());
        Avx2.UnpackLow(ab0, cd0).AsUInt32().Store(words);
        Avx2.UnpackHigh(ab0, cd0).AsUInt32().Store(words + 8);
        Avx2.UnpackLow(ab1, cd1).AsUInt32().Store(words + 16);
        Avx2.UnpackHigh(ab1, cd1).AsUInt32().Store(words + 24);
    }

    /// <summary>Products of 32 by 32 bits: even elements and odd ones apart, since a product takes the room of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<uint> High, Vector512<uint> Low) Product(Vector512<uint> a, uint multiplier)
    {
        var b = Vector512.Create(multiplier);
        var even = Avx512F.Multiply(a, b);
        var odd = Avx512F.Multiply((a.AsUInt64() >> 32).AsUInt32(), b);
        var evens = Vector512.Create(0x00000000FFFFFFFFUL);
        return (Vector512.ConditionalSelect(evens, even >> 32, odd).AsUInt32(), Vector512.ConditionalSelect(evens, even, odd << 32).AsUInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> High, Vector256<uint> Low) Product(Vector256<uint> a, uint multiplier)
    {
        var b = Vector256.Create(multiplier);
        var even = Avx2.Multiply(a, b);
        var odd = Avx2.Multiply((a.AsUInt64() >> 32).AsUInt32(), b);
        var evens = Vector256.Create(0x00000000FFFFFFFFUL);
        return (Vector256.ConditionalSelect(evens, even >> 32, odd).AsUInt32(), Vector256.ConditionalSelect(evens, even, odd << 32).AsUInt32());
    }
}
