using System.Runtime.InteropServices;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.ModelFiles;

/// <summary>Items' vectors (alone: the scoring layout, mappable) and biases as two tensors, of a table that has each bias behind its vector.</summary>
internal static class ItemVectorTensors
{
    private const string Vectors = "item.vectors";
    private const string Bias = "item.bias";

    public static void Add(TensorFileWriter file, ParameterTable items, int length)
    {
        file.Add(Vectors, TensorType.F32, [items.Rows, length], stream => WriteRows(stream, items, 0, length));
        file.Add(Bias, TensorType.F32, [items.Rows], stream => WriteRows(stream, items, length, 1));
    }

    public static unsafe void Add(TensorFileWriter file, ItemRows items)
    {
        file.Add(Vectors, TensorType.F32, [items.Count, items.Length], stream =>
        {
            for (var item = 0; item < items.Count; item++)
                stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(items.Vector(item), items.Length)));
        });
        file.Add(Bias, TensorType.F32, [items.Count], stream =>
        {
            for (var item = 0; item < items.Count; item++)
                stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<float>(items.Bias(item), 1)));
        });
    }

    /// <summary>The two, which must be there in these shapes.</summary>
    public static (TensorEntry Vectors, TensorEntry Bias) Expect(TensorFileReader file, int itemCount, int length) =>
        (file.Expect(Vectors, TensorType.F32, itemCount, length), file.Expect(Bias, TensorType.F32, itemCount));

    public static void Read(TensorFileReader file, ParameterTable items, int length)
    {
        var (vectors, bias) = Expect(file, items.Rows, length);
        file.ReadRows(vectors, items.Rows, length, (row, values) => values.Span.CopyTo(TableTensors.Part(items, row, 0, length)));
        file.ReadRows(bias, items.Rows, 1, (row, value) => items.At(row, 0, length) = value.Span[0]);
    }

    private static void WriteRows(Stream stream, ParameterTable table, int start, int count)
    {
        for (var row = 0; row < table.Rows; row++)
            stream.Write(MemoryMarshal.AsBytes(TableTensors.Part(table, row, start, count)));
    }
}
