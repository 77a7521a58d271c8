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
/// falls into and whatever is done in blocks: the same inputs give the same bits in training, evaluation and recommending.
/// A panel of B, up to three vectors wide and <see cref="InnerBlock"/> deep, stays in the first-level cache while the rows
/// of a chunk of A pass over it.
/// </remarks>
internal static unsafe partial class MatMul
{
    /// <summary>Rows of a full tile; shares of rows are best multiples of it.</summary>
    public const int TileRows = 8;

    /// <summary>Rows of A that pass over a panel of B before the next one is fetched.</summary>
    private const int RowChunk = 64;

    /// <summary>Depth of a panel: 256 rows of two vectors are 32 KB.</summary>
    private const int InnerBlock = 256;

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
        for (var start = 0; start < c.Rows; start += RowChunk)
            Chunk(rows + start, 1, b, c.Slice(start, Math.Min(RowChunk, c.Rows - start)), inner, accumulate);
    }

    /// <summary>
    /// C [m x n] += A^T B where row i of A [k x m] starts at <paramref name="rows"/>[i]. Tiles are eight rows of C: A's rows and C
    /// reach, padded, to the next multiple of 8 of m, and those rows of C are written too.
    /// </summary>
    public static void AddTransposedRows(float** rows, Matrix b, Matrix c, int inner)
    {
        Debug.Assert(b.Rows >= inner && b.Columns >= c.Columns);
        var work = new TransposedRowsWork(rows, b, c, inner);
        SimdDispatch.Run(ref work);
    }

    private static void Strided(float* a, long rowStep, long innerStep, Matrix b, Matrix c, int inner, bool accumulate)
    {
        var pointers = stackalloc float*[RowChunk];
        for (var start = 0; start < c.Rows; start += RowChunk)
        {
            var count = Math.Min(RowChunk, c.Rows - start);
            for (var i = 0; i < count; i++)
                pointers[i] = a + ((start + i) * rowStep);
            Chunk(pointers, innerStep, b, c.Slice(start, count), inner, accumulate);
        }
    }

    private static void Chunk(float** a, long step, Matrix b, Matrix c, int inner, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            Chunk<Simd512, Vector512<float>>(a, step, b, c, inner, accumulate);
        else if (Vector256.IsHardwareAccelerated)
            Chunk<Simd256, Vector256<float>>(a, step, b, c, inner, accumulate);
        else if (Vector128.IsHardwareAccelerated)
            Chunk<Simd128, Vector128<float>>(a, step, b, c, inner, accumulate);
        else
            Chunk<SimdScalar, float>(a, step, b, c, inner, accumulate);
    }

    /// <summary>Some rows of C, given by the pointers to the rows of A, and all columns.</summary>
    internal static void Chunk<TSimd, TVector>(float** a, long step, Matrix b, Matrix c, int inner, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var first = 0;
        do
        {
            // A short rest is not worth a pass of its own.
            var depth = inner - first <= InnerBlock * 3 / 2 ? inner - first : InnerBlock;
            InnerPart<TSimd, TVector>(a, first * step, step, b.Slice(first, depth), c, accumulate || first > 0);
            first += depth;
        }
        while (first < inner);
    }

    private static void InnerPart<TSimd, TVector>(float** a, long offset, long step, Matrix b, Matrix c, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var vectors = SimdWidth.Padded(c.Columns) / TSimd.Width;
        var column = 0;
        while (vectors > 0)
        {
            var panel = vectors == 1 ? 1 : vectors == 3 && TSimd.HasWideTile ? 3 : 2;
            Panel<TSimd, TVector>(a, offset, step, b, c, column, panel, accumulate);
            vectors -= panel;
            column += panel * TSimd.Width;
        }
    }

    private static void Panel<TSimd, TVector>(float** a, long offset, long step, Matrix b, Matrix c, int column, int vectors, bool accumulate)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var panel = b.Data + column;
        var row = 0;
        if (TSimd.HasWideTile)
        {
            for (; row + TileRows <= c.Rows; row += TileRows)
            {
                if (vectors == 3)
                    Tile8X3<TSimd, TVector>(a + row, offset, step, panel, b.Stride, c.Row(row) + column, c.Stride, b.Rows, accumulate);
                else if (vectors == 2)
                    Tile8X2<TSimd, TVector>(a + row, offset, step, panel, b.Stride, c.Row(row) + column, c.Stride, b.Rows, accumulate);
                else
                    Tile8X1<TSimd, TVector>(a + row, offset, step, panel, b.Stride, c.Row(row) + column, c.Stride, b.Rows, accumulate);
            }
        }

        // The rows that are left, two vectors and then one at a time.
        for (; vectors > 0; vectors -= 2, panel += 2 * TSimd.Width, column += 2 * TSimd.Width)
        {
            var rest = row;
            for (; rest + 4 <= c.Rows; rest += 4)
            {
                if (vectors > 1)
                    Tile4X2<TSimd, TVector>(a + rest, offset, step, panel, b.Stride, c.Row(rest) + column, c.Stride, b.Rows, accumulate);
                else
                    Tile4X1<TSimd, TVector>(a + rest, offset, step, panel, b.Stride, c.Row(rest) + column, c.Stride, b.Rows, accumulate);
            }

            for (; rest < c.Rows; rest++)
            {
                if (vectors > 1)
                    Tile1X2<TSimd, TVector>(a[rest] + offset, step, panel, b.Stride, c.Row(rest) + column, b.Rows, accumulate);
                else
                    Tile1X1<TSimd, TVector>(a[rest] + offset, step, panel, b.Stride, c.Row(rest) + column, b.Rows, accumulate);
            }
        }
    }
}
