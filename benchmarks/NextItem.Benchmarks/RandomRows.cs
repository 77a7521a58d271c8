using NextItem.Kernels;

namespace NextItem.Benchmarks;

/// <summary>Fills matrices with numbers that are cheap to draw, even by the hundred million.</summary>
internal static unsafe class RandomRows
{
    /// <summary>Sums of two uniform numbers, so in (-scale, scale) and densest at 0; the padding stays zero.</summary>
    public static void Fill(Matrix matrix, int seed, float scale = 1)
    {
        var state = ((ulong)seed * 0x9E3779B97F4A7C15) | 1;
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
            {
                state = (state * 6364136223846793005) + 1442695040888963407;
                var sum = (int)((state >> 16) & 0xFFFF) + (int)((state >> 40) & 0xFFFF) - 0xFFFF;
                matrix.Row(row)[column] = sum * scale / 0x10000;
            }
        }
    }
}
