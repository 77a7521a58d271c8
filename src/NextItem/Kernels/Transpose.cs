using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NextItem.Kernels;

/// <summary>Turns lane-major matrices into item-major ones and back.</summary>
internal static unsafe class Transpose
{
    private const int Tile = 16;

    /// <summary>destination[c, r] = source[r, c] for rows [rowStart, rowEnd) of the source and its first <paramref name="columns"/> columns.</summary>
    public static void Run(Matrix source, int rowStart, int rowEnd, int columns, Matrix destination)
    {
        var (fullRows, fullColumns) = (Squares(rowEnd - rowStart), Squares(columns));
        for (var c = 0; c < fullColumns; c += 4)
        {
            for (var r = rowStart; r < rowStart + fullRows; r += 4)
                Square(source.Row(r) + c, source.Stride, destination.Row(c) + r, destination.Stride);
        }

        One(source, rowStart, rowStart + fullRows, fullColumns, columns, destination);
        One(source, rowStart + fullRows, rowEnd, 0, columns, destination);
    }

    /// <summary>What fits into squares of four by four, where the processor has instructions for these.</summary>
    private static int Squares(int length) => Sse.IsSupported ? length & ~3 : 0;

    private static void Square(float* source, long sourceStride, float* destination, long destinationStride)
    {
        var (a, b) = (Vector128.Load(source), Vector128.Load(source + sourceStride));
        var (c, d) = (Vector128.Load(source + (2 * sourceStride)), Vector128.Load(source + (3 * sourceStride)));
        var (ab0, ab1) = (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b));
        var (cd0, cd1) = (Sse.UnpackLow(c, d), Sse.UnpackHigh(c, d));
        Sse.MoveLowToHigh(ab0, cd0).Store(destination);
        Sse.MoveHighToLow(cd0, ab0).Store(destination + destinationStride);
        Sse.MoveLowToHigh(ab1, cd1).Store(destination + (2 * destinationStride));
        Sse.MoveHighToLow(cd1, ab1).Store(destination + (3 * destinationStride));
    }

    private static void One(Matrix source, int rowStart, int rowEnd, int columnStart, int columns, Matrix destination)
    {
        // Tiles keep both sides within the first-level cache.
        for (var c0 = columnStart; c0 < columns; c0 += Tile)
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
        // The same with the part of the source seen as a matrix of its own.
        var part = new Matrix(source.Data + rowStart, columns, rowEnd - rowStart, source.Stride);
        Run(part, 0, columns, rowEnd - rowStart, destination.Slice(rowStart, rowEnd - rowStart));
    }
}
