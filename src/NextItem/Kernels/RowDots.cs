using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NextItem.Kernels;

/// <summary>
/// Products of single rows with one vector, for one session's scores: rows lie along the vector, turned from memory in registers, so
/// that no sum runs across a vector. Each is the sum over k in rising order, one fused multiply-add each: the bits of <see cref="MatMul"/>.
/// </summary>
internal static unsafe class RowDots
{
    /// <summary>Lists of rows are padded to a multiple of it, with rows that may be read.</summary>
    public const int Multiple = SimdWidth.Padding;

    /// <summary>sums[i] = rows[i] . h.</summary>
    /// <param name="rows">[n padded] where the rows start.</param>
    /// <param name="count">n.</param>
    /// <param name="h">[k].</param>
    /// <param name="inner">k: no row is read beyond it.</param>
    /// <param name="sums">[n padded].</param>
    /// <param name="ahead">How many floats behind each row is what will be read next; 0 when that is not known.</param>
    public static void Run(float** rows, int count, float* h, int inner, float* sums, long ahead = 0)
    {
        if (Vector512.IsHardwareAccelerated)
            Run<Simd512, Vector512<float>>(rows, count, h, inner, sums, ahead);
        else if (Vector256.IsHardwareAccelerated)
            Run<Simd256, Vector256<float>>(rows, count, h, inner, sums, ahead);
        else if (Vector128.IsHardwareAccelerated)
            Run<Simd128, Vector128<float>>(rows, count, h, inner, sums, ahead);
        else
            Run<SimdScalar, float>(rows, count, h, inner, sums, ahead);
    }

    internal static void Run<TSimd, TVector>(float** rows, int count, float* h, int inner, float* sums, long ahead)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var row = 0;
        for (; row + (2 * TSimd.Width) <= count; row += 2 * TSimd.Width)
            Two<TSimd, TVector>(rows + row, h, inner, sums + row, ahead);
        for (; row < count; row += TSimd.Width)
            One<TSimd, TVector>(rows + row, h, inner, sums + row);
    }

    /// <summary>Two vectors of rows: while one chain of additions waits for its last, the other goes on.</summary>
    private static void Two<TSimd, TVector>(float** rows, float* h, int inner, float* sums, long ahead)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var a = TSimd.Create(0f);
        var b = TSimd.Create(0f);
        var k = 0;
        for (; k + 4 <= inner; k += 4)
        {
            if (ahead != 0)
                PrefetchQuarter(rows + (k / 4 % 4 * TSimd.Width / 2), TSimd.Width / 2, ahead + (k & ~15));
            TSimd.LoadColumns(rows, k, out var a0, out var a1, out var a2, out var a3);
            TSimd.LoadColumns(rows + TSimd.Width, k, out var b0, out var b1, out var b2, out var b3);
            TVector h0 = TSimd.Create(h[k]), h1 = TSimd.Create(h[k + 1]), h2 = TSimd.Create(h[k + 2]), h3 = TSimd.Create(h[k + 3]);
            a = TSimd.MultiplyAdd(a0, h0, a); b = TSimd.MultiplyAdd(b0, h0, b);
            a = TSimd.MultiplyAdd(a1, h1, a); b = TSimd.MultiplyAdd(b1, h1, b);
            a = TSimd.MultiplyAdd(a2, h2, a); b = TSimd.MultiplyAdd(b2, h2, b);
            a = TSimd.MultiplyAdd(a3, h3, a); b = TSimd.MultiplyAdd(b3, h3, b);
        }

        for (; k < inner; k++)
        {
            a = TSimd.MultiplyAdd(TSimd.LoadColumn(rows, k), TSimd.Create(h[k]), a);
            b = TSimd.MultiplyAdd(TSimd.LoadColumn(rows + TSimd.Width, k), TSimd.Create(h[k]), b);
        }

        TSimd.Store(a, sums);
        TSimd.Store(b, sums + TSimd.Width);
    }

    private static void One<TSimd, TVector>(float** rows, float* h, int inner, float* sums)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var a = TSimd.Create(0f);
        var k = 0;
        for (; k + 4 <= inner; k += 4)
        {
            TSimd.LoadColumns(rows, k, out var a0, out var a1, out var a2, out var a3);
            a = TSimd.MultiplyAdd(a0, TSimd.Create(h[k]), a);
            a = TSimd.MultiplyAdd(a1, TSimd.Create(h[k + 1]), a);
            a = TSimd.MultiplyAdd(a2, TSimd.Create(h[k + 2]), a);
            a = TSimd.MultiplyAdd(a3, TSimd.Create(h[k + 3]), a);
        }

        for (; k < inner; k++)
            a = TSimd.MultiplyAdd(TSimd.LoadColumn(rows, k), TSimd.Create(h[k]), a);
        TSimd.Store(a, sums);
    }

    /// <summary>One cache line of a quarter of the rows: four calls, for four times four columns, make a line of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchQuarter(float** rows, int count, long offset)
    {
        if (!Sse.IsSupported)
            return;
        for (var row = 0; row < count; row++)
            Sse.Prefetch0(rows[row] + offset);
    }
}
