using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>
/// The one matrix product of the engine, C = A B or C += A B. B and C are row-major with their columns along the vector;
/// each element of A is broadcast, so A may be read in any direction: a transposed A costs nothing. Rows of A may also
/// lie anywhere in memory (item rows), given by pointers.
/// </summary>
/// <remarks>
/// Every element of C is the sum over k in rising order, one fused multiply-add each, whatever the shape of the tile it
/// falls into: the same inputs give the same bits in training, evaluation and recommending.
/// </remarks>
internal static unsafe class MatMul
{
    private const int TileRows = 8;

    /// <summary>C [m x n] = A [m x k] B [k x n] for row-major A.</summary>
    /// <param name="a">[m x k].</param>
    /// <param name="b">[k x n], columns padded.</param>
    /// <param name="c">[m x n], columns padded: the padding is written too.</param>
    /// <param name="inner">k, at most the columns of A and the rows of B.</param>
    /// <param name="accumulate">Adds to C instead of overwriting it.</param>
    public static void Multiply(Matrix a, Matrix b, Matrix c, int inner, bool accumulate = false)
    {
        Debug.Assert(a.Columns >= inner && b.Rows >= inner && a.Rows >= c.Rows && b.Columns >= c.Columns);
        Strided(a.Data, a.Stride, 1, b, c, inner, accumulate);
    }

    /// <summary>C [m x n] = A^T B for A [k x m] row-major.</summary>
    public static void MultiplyTransposed(Matrix a, Matrix b, Matrix c, int inner, bool accumulate = false)
    {
        Debug.Assert(a.Columns >= c.Rows && a.Rows >= inner && b.Rows >= inner && b.Columns >= c.Columns);
        Strided(a.Data, 1, a.Stride, b, c, inner, accumulate);
    }

    /// <summary>C [m x n] = A B where row i of A [m x k] starts at <paramref name="rows"/>[i].</summary>
    public static void MultiplyRows(float** rows, Matrix b, Matrix c, int inner, bool accumulate = false)
    {
        Debug.Assert(b.Rows >= inner && b.Columns >= c.Columns);
        for (var start = 0; start < c.Rows; start += TileRows)
            RowBlock(rows + start, 1, b, c.Slice(start, Math.Min(TileRows, c.Rows - start)), inner, accumulate);
    }

    private static void Strided(float* a, long rowStep, long innerStep, Matrix b, Matrix c, int inner, bool accumulate)
    {
        var pointers = stackalloc float*[TileRows];
        for (var start = 0; start < c.Rows; start += TileRows)
        {
            var count = Math.Min(TileRows, c.Rows - start);
            for (var i = 0; i < count; i++)
                pointers[i] = a + ((start + i) * rowStep);
            RowBlock(pointers, innerStep, b, c.Slice(start, count), inner, accumulate);
        }
    }

    private static void RowBlock(float** a, long step, Matrix b, Matrix c, int inner, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            RowBlock<Simd512, Vector512<float>>(a, step, b, c, inner, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            RowBlock<Simd256, Vector256<float>>(a, step, b, c, inner, accumulate);
        else if (Vector128.IsHardwareAccelerated)
            RowBlock<Simd128, Vector128<float>>(a, step, b, c, inner, accumulate);
        else
            RowBlock<SimdScalar, float>(a, step, b, c, inner, accumulate);
    }

    /// <summary>At most eight rows of C, all columns.</summary>
    internal static void RowBlock<TSimd, TVector>(float** a, long step, Matrix b, Matrix c, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var columns = SimdWidth.Padded(c.Columns);
        var column = 0;
        for (; column + (2 * TSimd.Width) <= columns; column += 2 * TSimd.Width)
        {
            var row = 0;
            if (TSimd.HasWideTile && c.Rows == 8)
            {
                Tile8X2<TSimd, TVector>(a, step, b.Data + column, b.Stride, c.Data + column, c.Stride, inner, accumulate);
                row = 8;
            }

            for (; row + 4 <= c.Rows; row += 4)
                Tile4X2<TSimd, TVector>(a + row, step, b.Data + column, b.Stride, c.Row(row) + column, c.Stride, inner, accumulate);
            for (; row < c.Rows; row++)
                Tile1X2<TSimd, TVector>(a[row], step, b.Data + column, b.Stride, c.Row(row) + column, inner, accumulate);
        }

        if (column == columns)
            return;
        var last = 0;
        for (; last + 4 <= c.Rows; last += 4)
            Tile4X1<TSimd, TVector>(a + last, step, b.Data + column, b.Stride, c.Row(last) + column, c.Stride, inner, accumulate);
        for (; last < c.Rows; last++)
            Tile1X1<TSimd, TVector>(a[last], step, b.Data + column, b.Stride, c.Row(last) + column, inner, accumulate);
    }

    private static void Tile8X2<TSimd, TVector>(
        float** a, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        TVector c00, c01, c10, c11, c20, c21, c30, c31, c40, c41, c50, c51, c60, c61, c70, c71;
        var width = TSimd.Width;
        if (accumulate)
        {
            c00 = TSimd.Load(c); c01 = TSimd.Load(c + width);
            c10 = TSimd.Load(c + cStride); c11 = TSimd.Load(c + cStride + width);
            c20 = TSimd.Load(c + (2 * cStride)); c21 = TSimd.Load(c + (2 * cStride) + width);
            c30 = TSimd.Load(c + (3 * cStride)); c31 = TSimd.Load(c + (3 * cStride) + width);
            c40 = TSimd.Load(c + (4 * cStride)); c41 = TSimd.Load(c + (4 * cStride) + width);
            c50 = TSimd.Load(c + (5 * cStride)); c51 = TSimd.Load(c + (5 * cStride) + width);
            c60 = TSimd.Load(c + (6 * cStride)); c61 = TSimd.Load(c + (6 * cStride) + width);
            c70 = TSimd.Load(c + (7 * cStride)); c71 = TSimd.Load(c + (7 * cStride) + width);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = c40 = c41 = c50 = c51 = c60 = c61 = c70 = c71 = TSimd.Create(0f);
        }

        long offset = 0;
        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00); c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10); c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20); c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30); c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Create(a4[offset]);
            c40 = TSimd.MultiplyAdd(x, b0, c40); c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Create(a5[offset]);
            c50 = TSimd.MultiplyAdd(x, b0, c50); c51 = TSimd.MultiplyAdd(x, b1, c51);
            x = TSimd.Create(a6[offset]);
            c60 = TSimd.MultiplyAdd(x, b0, c60); c61 = TSimd.MultiplyAdd(x, b1, c61);
            x = TSimd.Create(a7[offset]);
            c70 = TSimd.MultiplyAdd(x, b0, c70); c71 = TSimd.MultiplyAdd(x, b1, c71);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, c); TSimd.Store(c01, c + width);
        TSimd.Store(c10, c + cStride); TSimd.Store(c11, c + cStride + width);
        TSimd.Store(c20, c + (2 * cStride)); TSimd.Store(c21, c + (2 * cStride) + width);
        TSimd.Store(c30, c + (3 * cStride)); TSimd.Store(c31, c + (3 * cStride) + width);
        TSimd.Store(c40, c + (4 * cStride)); TSimd.Store(c41, c + (4 * cStride) + width);
        TSimd.Store(c50, c + (5 * cStride)); TSimd.Store(c51, c + (5 * cStride) + width);
        TSimd.Store(c60, c + (6 * cStride)); TSimd.Store(c61, c + (6 * cStride) + width);
        TSimd.Store(c70, c + (7 * cStride)); TSimd.Store(c71, c + (7 * cStride) + width);
    }

    private static void Tile4X2<TSimd, TVector>(
        float** a, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
        float* d0 = c, d1 = c + cStride, d2 = c + (2 * cStride), d3 = c + (3 * cStride);
        TVector c00, c01, c10, c11, c20, c21, c30, c31;
        var width = TSimd.Width;
        if (accumulate)
        {
            c00 = TSimd.Load(d0); c01 = TSimd.Load(d0 + width);
            c10 = TSimd.Load(d1); c11 = TSimd.Load(d1 + width);
            c20 = TSimd.Load(d2); c21 = TSimd.Load(d2 + width);
            c30 = TSimd.Load(d3); c31 = TSimd.Load(d3 + width);
        }
        else
        {
            c00 = c01 = c10 = c11 = c20 = c21 = c30 = c31 = TSimd.Create(0f);
        }

        long offset = 0;
        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            var b1 = TSimd.Load(b + width);
            var x = TSimd.Create(a0[offset]);
            c00 = TSimd.MultiplyAdd(x, b0, c00); c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a1[offset]);
            c10 = TSimd.MultiplyAdd(x, b0, c10); c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a2[offset]);
            c20 = TSimd.MultiplyAdd(x, b0, c20); c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a3[offset]);
            c30 = TSimd.MultiplyAdd(x, b0, c30); c31 = TSimd.MultiplyAdd(x, b1, c31);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c00, d0); TSimd.Store(c01, d0 + width);
        TSimd.Store(c10, d1); TSimd.Store(c11, d1 + width);
        TSimd.Store(c20, d2); TSimd.Store(c21, d2 + width);
        TSimd.Store(c30, d3); TSimd.Store(c31, d3 + width);
    }

    private static void Tile4X1<TSimd, TVector>(
        float** a, long step, float* b, long bStride, float* c, long cStride, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
        float* d0 = c, d1 = c + cStride, d2 = c + (2 * cStride), d3 = c + (3 * cStride);
        var zero = TSimd.Create(0f);
        var c0 = accumulate ? TSimd.Load(d0) : zero;
        var c1 = accumulate ? TSimd.Load(d1) : zero;
        var c2 = accumulate ? TSimd.Load(d2) : zero;
        var c3 = accumulate ? TSimd.Load(d3) : zero;
        long offset = 0;
        for (var k = 0; k < inner; k++)
        {
            var b0 = TSimd.Load(b);
            c0 = TSimd.MultiplyAdd(TSimd.Create(a0[offset]), b0, c0);
            c1 = TSimd.MultiplyAdd(TSimd.Create(a1[offset]), b0, c1);
            c2 = TSimd.MultiplyAdd(TSimd.Create(a2[offset]), b0, c2);
            c3 = TSimd.MultiplyAdd(TSimd.Create(a3[offset]), b0, c3);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c0, d0);
        TSimd.Store(c1, d1);
        TSimd.Store(c2, d2);
        TSimd.Store(c3, d3);
    }

    private static void Tile1X2<TSimd, TVector>(float* a, long step, float* b, long bStride, float* c, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var c0 = accumulate ? TSimd.Load(c) : TSimd.Create(0f);
        var c1 = accumulate ? TSimd.Load(c + TSimd.Width) : TSimd.Create(0f);
        long offset = 0;
        for (var k = 0; k < inner; k++)
        {
            var x = TSimd.Create(a[offset]);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + TSimd.Width), c1);
            offset += step;
            b += bStride;
        }

        TSimd.Store(c0, c);
        TSimd.Store(c1, c + TSimd.Width);
    }

    private static void Tile1X1<TSimd, TVector>(float* a, long step, float* b, long bStride, float* c, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var sum = accumulate ? TSimd.Load(c) : TSimd.Create(0f);
        long offset = 0;
        for (var k = 0; k < inner; k++)
        {
            sum = TSimd.MultiplyAdd(TSimd.Create(a[offset]), TSimd.Load(b), sum);
            offset += step;
            b += bStride;
        }

        TSimd.Store(sum, c);
    }
}
