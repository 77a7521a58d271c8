using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>
/// Upper bounds of the scores of a block of <see cref="ItemIndex"/>: (r.q) (a c) + |h| m + b for its 16 items. Sums of products of bytes and
/// 16-bit integers are exact in 32 bits, so all forms have the same; the rest is float and the bound allows for its rounding.
/// </summary>
/// <remarks>
/// A 32-bit element of a vector is four bytes of one item: its even bytes and its odd bytes are each two 16-bit integers, which the
/// instruction for sums of two products takes without saturating (255 x 32,767 x 2 is below 2^31).
/// </remarks>
internal static unsafe class IndexScan
{
    private const int Items = ItemIndex.BlockItems;
    private const ushort LowByte = 0xFF;

    /// <summary>One bit for each item whose bound is not at or below the floor; NaN is not.</summary>
    public static uint Above(float* block, int quads, in IndexQuery query, float floor)
    {
        if (Vector512.IsHardwareAccelerated)
            return NotUpTo(Bounds512(block, quads, query), floor);
        if (Vector256.IsHardwareAccelerated)
            return NotUpTo(Bounds256(block, 0, quads, query), floor) | (NotUpTo(Bounds256(block, 8, quads, query), floor) << 8);
        uint above = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (var first = 0; first < Items; first += 4)
                above |= NotUpTo(Bounds128(block, first, quads, query), floor) << first;
            return above;
        }

        for (var item = 0; item < Items; item++)
            above |= Bound(block, item, quads, query) <= floor ? 0 : 1u << item;
        return above;
    }

    /// <summary>The bounds, at the width of this process.</summary>
    public static void Bounds(float* block, int quads, in IndexQuery query, float* bounds) => Bounds(block, quads, query, bounds, SimdWidth.Floats);

    /// <summary>The bounds, at a width; wide ones in software where the processor has none.</summary>
    internal static void Bounds(float* block, int quads, in IndexQuery query, float* bounds, int width)
    {
        for (var first = 0; first < Items; first += width)
        {
            switch (width)
            {
                case 16: Bounds512(block, quads, query).Store(bounds); break;
                case 8: Bounds256(block, first, quads, query).Store(bounds + first); break;
                case 4: Bounds128(block, first, quads, query).Store(bounds + first); break;
                default: bounds[first] = Bound(block, first, quads, query); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Bounds512(float* block, int quads, in IndexQuery query)
    {
        // All 16 items.
        var even = Vector512.Create(query.Start);
        var odd = Vector512<int>.Zero;
        var pairs = query.Pairs;
        for (var quad = 0; quad < quads; quad++, block += Items, pairs += 2)
        {
            var bytes = Vector512.Load((ushort*)block);
            even += PairProducts.Sum((bytes & Vector512.Create(LowByte)).AsInt16(), Vector512.Create(pairs[0]).AsInt16());
            odd += PairProducts.Sum((bytes >> 8).AsInt16(), Vector512.Create(pairs[1]).AsInt16());
        }

        var scale = Vector512.Load(block) * query.Scale;
        var rest = (Vector512.Load(block + Items) * query.Norm) + Vector512.Load(block + (2 * Items));
        return (Vector512.ConvertToSingle(even + odd) * scale) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Bounds256(float* block, int first, int quads, in IndexQuery query)
    {
        // Eight items from the first one.
        block += first;
        var even = Vector256.Create(query.Start);
        var odd = Vector256<int>.Zero;
        var pairs = query.Pairs;
        for (var quad = 0; quad < quads; quad++, block += Items, pairs += 2)
        {
            var bytes = Vector256.Load((ushort*)block);
            even += PairProducts.Sum((bytes & Vector256.Create(LowByte)).AsInt16(), Vector256.Create(pairs[0]).AsInt16());
            odd += PairProducts.Sum((bytes >> 8).AsInt16(), Vector256.Create(pairs[1]).AsInt16());
        }

        var scale = Vector256.Load(block) * query.Scale;
        var rest = (Vector256.Load(block + Items) * query.Norm) + Vector256.Load(block + (2 * Items));
        return (Vector256.ConvertToSingle(even + odd) * scale) + rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Bounds128(float* block, int first, int quads, in IndexQuery query)
    {
        // Four items from the first one.
        block += first;
        var even = Vector128.Create(query.Start);
        var odd = Vector128<int>.Zero;
        var pairs = query.Pairs;
        for (var quad = 0; quad < quads; quad++, block += Items, pairs += 2)
        {
            var bytes = Vector128.Load((ushort*)block);
            even += PairProducts.Sum((bytes & Vector128.Create(LowByte)).AsInt16(), Vector128.Create(pairs[0]).AsInt16());
            odd += PairProducts.Sum((bytes >> 8).AsInt16(), Vector128.Create(pairs[1]).AsInt16());
        }

        var scale = Vector128.Load(block) * query.Scale;
        var rest = (Vector128.Load(block + Items) * query.Norm) + Vector128.Load(block + (2 * Items));
        return (Vector128.ConvertToSingle(even + odd) * scale) + rest;
    }

    private static float Bound(float* block, int item, int quads, in IndexQuery query)
    {
        block += item;
        var sum = query.Start;
        for (var quad = 0; quad < quads; quad++, block += Items)
        {
            var bytes = (byte*)block;
            int even = query.Pairs[2 * quad], odd = query.Pairs[(2 * quad) + 1];
            sum += (bytes[0] * (short)even) + (bytes[2] * (even >> 16)) + (bytes[1] * (short)odd) + (bytes[3] * (odd >> 16));
        }

        return (sum * (block[0] * query.Scale)) + ((block[Items] * query.Norm) + block[2 * Items]);
    }

    private static uint NotUpTo(Vector512<float> bounds, float floor) =>
        (uint)(~Vector512.LessThanOrEqual(bounds, Vector512.Create(floor))).ExtractMostSignificantBits();

    private static uint NotUpTo(Vector256<float> bounds, float floor) =>
        (~Vector256.LessThanOrEqual(bounds, Vector256.Create(floor))).ExtractMostSignificantBits();

    private static uint NotUpTo(Vector128<float> bounds, float floor) =>
        (~Vector128.LessThanOrEqual(bounds, Vector128.Create(floor))).ExtractMostSignificantBits();
}
