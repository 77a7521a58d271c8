using System.Buffers.Binary;
using System.Text;
using NextItem.Data.Features;

namespace NextItem.Interchange.Arrays;

/// <summary>Writes a matrix of floats in NumPy's format, version 1.0, row by row, so that it need not be in memory.</summary>
internal static class NpyWriter
{
    /// <summary>Numbers begin at a multiple of this, so that they can be mapped.</summary>
    private const int Alignment = 64;

    /// <summary>Writes a matrix.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="fill">Writes one row, [columns].</param>
    public static void Write(Stream stream, int rows, int columns, Action<int, Span<float>> fill)
    {
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        var before = NpyHeader.Magic.Length + 4;
        var length = (((before + text.Length + 1 + Alignment - 1) / Alignment) * Alignment) - before;
        stream.Write(NpyHeader.Magic);
        stream.Write([1, 0, (byte)length, (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"));
        var row = new float[columns];
        var bytes = new byte[columns * sizeof(float)];
        for (var r = 0; r < rows; r++)
        {
            fill(r, row);
            for (var c = 0; c < columns; c++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(c * sizeof(float)), row[c]);
            stream.Write(bytes);
        }
    }
}
