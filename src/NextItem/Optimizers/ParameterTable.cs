using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>
/// Rows of parameters, each followed in memory by its optimiser state, so that an update fetches one stretch of memory:
/// [values | state 0 | state 1 ...], every part padded with zeros to a multiple of 16 floats and 64-byte aligned.
/// </summary>
/// <remarks>
/// A row is <see cref="Blocks"/> blocks of <see cref="BlockColumns"/> columns (the gates of a GRU), each padded for itself.
/// The padding is zero and stays zero: its gradient is zero.
/// </remarks>
internal sealed unsafe class ParameterTable : IDisposable
{
    private AlignedBuffer _buffer;

    /// <summary>Allocates a table of zeros.</summary>
    /// <param name="name">The parameter's name, as in the model file.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="blockColumns">Logical columns of a block.</param>
    /// <param name="blocks">Number of blocks side by side.</param>
    /// <param name="states">Floats of optimiser state per parameter.</param>
    /// <param name="cancellationToken">Stops the allocation.</param>
    public ParameterTable(string name, int rows, int blockColumns, int blocks, int states, CancellationToken cancellationToken = default)
        : this(name, rows, blockColumns, blocks, states, new AlignedBuffer(rows * (long)StrideOf(blockColumns, blocks, states), cancellationToken))
    {
    }

    private ParameterTable(string name, int rows, int blockColumns, int blocks, int states, AlignedBuffer buffer)
    {
        Name = name;
        Rows = rows;
        BlockColumns = blockColumns;
        Blocks = blocks;
        States = states;
        Width = SimdWidth.Padded(blockColumns) * blocks;
        Stride = StrideOf(blockColumns, blocks, states);
        _buffer = buffer;
    }

    /// <summary>Floats from one row to the next.</summary>
    public static int StrideOf(int blockColumns, int blocks, int states) =>
        SimdWidth.Stride(checked(SimdWidth.Padded(blockColumns) * blocks * (1 + states)));

    public string Name { get; }

    public int Rows { get; }

    public int BlockColumns { get; }

    public int Blocks { get; }

    public int States { get; }

    /// <summary>Floats of a row's values, padding included.</summary>
    public int Width { get; }

    /// <summary>Floats from one row to the next.</summary>
    public long Stride { get; }

    /// <summary>All rows' values.</summary>
    public Matrix Values => new(_buffer.Data, Rows, Width, Stride);

    /// <summary>All rows of one optimiser state.</summary>
    public Matrix State(int state) => new(_buffer.Data + ((long)Width * (1 + state)), Rows, Width, Stride);

    /// <summary>One row: its values, then its states.</summary>
    public float* Row(int row) => _buffer.Data + (row * Stride);

    /// <summary>A value by logical coordinates; for tests, files and initialisation.</summary>
    public ref float At(int row, int block, int column) => ref Row(row)[(block * (Width / Blocks)) + column];

    /// <summary>A state by logical coordinates.</summary>
    public ref float StateAt(int state, int row, int block, int column) =>
        ref Row(row)[((1 + state) * Width) + (block * (Width / Blocks)) + column];

    /// <summary>Sets the optimiser state to zero.</summary>
    public void ClearStates()
    {
        for (var row = 0; row < Rows; row++)
            new Span<float>(Row(row) + Width, Width * States).Clear();
    }

    /// <summary>A copy of the values in a table without optimiser state.</summary>
    public ParameterTable WithoutStates()
    {
        var copy = new ParameterTable(Name, Rows, BlockColumns, Blocks, 0);
        for (var row = 0; row < Rows; row++)
            new ReadOnlySpan<float>(Row(row), Width).CopyTo(new Span<float>(copy.Row(row), Width));
        return copy;
    }

    /// <summary>
    /// The values as a table without optimiser state, in the same memory: rows are moved together over the states, and the rest is
    /// given back. This table has no memory afterwards.
    /// </summary>
    public ParameterTable IntoValues()
    {
        var values = new ParameterTable(Name, Rows, BlockColumns, Blocks, 0, _buffer);
        if (values.Stride < Stride)
        {
            // A row moves towards the beginning, over rows that have moved before it and over its own old place.
            for (var row = 0; row < Rows; row++)
            {
                new ReadOnlySpan<float>(Row(row), Width).CopyTo(new Span<float>(values.Row(row), Width));
                new Span<float>(values.Row(row) + Width, (int)values.Stride - Width).Clear();
            }

            _buffer.Shrink(Rows * values.Stride);
        }

        _buffer = new AlignedBuffer(0);
        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
