using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

/// <summary>Helpers to fill and compare native matrices.</summary>
internal static unsafe class Native
{
    /// <summary>A matrix of random numbers in (-1, 1); the padding stays zero.</summary>
    public static Matrix Random(Arena arena, int rows, int columns, Random random)
    {
        var matrix = arena.Allocate(rows, columns);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                matrix.Row(row)[column] = (float)((random.NextDouble() * 2) - 1);
        }

        return matrix;
    }

    /// <summary>Fills everything, the padding included, with a value that a kernel must overwrite.</summary>
    public static Matrix Poison(this Matrix matrix)
    {
        for (var row = 0; row < matrix.Rows; row++)
            new Span<float>(matrix.Row(row), SimdWidth.Padded(matrix.Columns)).Fill(float.NaN);
        return matrix;
    }

    public static float[] RowOf(Matrix matrix, int row) => new Span<float>(matrix.Row(row), matrix.Columns).ToArray();

    public static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(a).SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b));
}
