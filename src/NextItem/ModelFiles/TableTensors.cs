using System.Runtime.InteropServices;
using NextItem.Optimizers;

namespace NextItem.ModelFiles;

/// <summary>Parameter tables as tensors without padding: values, or values and optimiser states.</summary>
internal static class TableTensors
{
    /// <summary>Writes the values, [rows x columns].</summary>
    public static void AddValues(TensorFileWriter file, string name, ParameterTable table) => Add(file, name, table, parts: 1);

    /// <summary>Writes the values and all states, [rows x (1 + states) * columns].</summary>
    public static void AddAll(TensorFileWriter file, string name, ParameterTable table) => Add(file, name, table, 1 + table.States);

    /// <summary>Reads what <see cref="AddValues"/> wrote.</summary>
    public static void ReadValues(TensorFileReader file, string name, ParameterTable table) => Read(file, name, table, parts: 1);

    /// <summary>Reads what <see cref="AddAll"/> wrote.</summary>
    public static void ReadAll(TensorFileReader file, string name, ParameterTable table) => Read(file, name, table, 1 + table.States);

    /// <summary>Some columns of a row's values.</summary>
    public static unsafe Span<float> Part(ParameterTable table, int row, int start, int count) => new(table.Row(row) + start, count);

    private static void Add(TensorFileWriter file, string name, ParameterTable table, int parts)
    {
        file.Add(name, TensorType.F32, [table.Rows, (long)parts * table.Blocks * table.BlockColumns], stream =>
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < parts * table.Blocks; block++)
                    stream.Write(MemoryMarshal.AsBytes(Block(table, row, block)));
            }
        });
    }

    private static void Read(TensorFileReader file, string name, ParameterTable table, int parts)
    {
        var columns = parts * table.Blocks * table.BlockColumns;
        file.ReadRows(file.Expect(name, TensorType.F32, table.Rows, columns), table.Rows, columns, (row, values) =>
        {
            for (var block = 0; block < parts * table.Blocks; block++)
                values.Span.Slice(block * table.BlockColumns, table.BlockColumns).CopyTo(Block(table, row, block));
        });
    }

    /// <summary>Blocks of the values, then of each state, lie one after the other.</summary>
    private static Span<float> Block(ParameterTable table, int row, int block) =>
        Part(table, row, block * (table.Width / table.Blocks), table.BlockColumns);
}
