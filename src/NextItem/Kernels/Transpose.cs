namespace NextItem.Kernels;

/// <summary>Turns lane-major matrices into item-major ones and back.</summary>
internal static unsafe class Transpose
{
    private const int Tile = 16;

    /// <summary>destination[c, r] = source[r, c] for rows [rowStart, rowEnd) of the source and its first <paramref name="columns"/> columns.</summary>
    public static void Run(Matrix source, int rowStart, int rowEnd, int columns, Matrix destination)
    {
        // Tiles keep both sides within the first-level cache.
        for (var c0 = 0; c0 < columns; c0 += Tile)
        {
            var c1 = Math.Min(c0 + Tile, columns);
            for (var r = rowStart; r < rowEnd; r++)
            {
                var from = source.Row(r);
                var to = destination.Data + r;
                for (var c = c0; c < c1; c++)
                    to[c * destination.Stride] = from[c];
            }
        }
    }

    /// <summary>destination[r, c] = source[c, r] for rows [rowStart, rowEnd) of the destination and its first <paramref name="columns"/> columns.</summary>
    public static void RunBack(Matrix source, int rowStart, int rowEnd, int columns, Matrix destination)
    {
        for (var c0 = 0; c0 < columns; c0 += Tile)
        {
            var c1 = Math.Min(c0 + Tile, columns);
            for (var r = rowStart; r < rowEnd; r++)
            {
                var from = source.Data + r;
                var to = destination.Row(r);
                for (var c = c0; c < c1; c++)
                    to[c] = from[c * source.Stride];
            }
        }
    }
}
