using System.Numerics.Tensors;

namespace NextItem.Kernels;

/// <summary>
/// A row-major view of native floats: [<see cref="Rows"/> x <see cref="Columns"/>], rows <see cref="Stride"/> floats apart.
/// Columns beyond the logical ones, up to the next multiple of 16, belong to the matrix and hold zeros.
/// </summary>
internal readonly unsafe struct Matrix(float* data, int rows, int columns, long stride)
{
    public readonly float* Data = data;
    public readonly int Rows = rows;
    public readonly int Columns = columns;
    public readonly long Stride = stride;

    public float* Row(int row) => Data + (row * Stride);

    /// <summary>The first <paramref name="rows"/> rows.</summary>
    public Matrix Top(int rows) => new(Data, rows, Columns, Stride);

    /// <summary>Rows from <paramref name="start"/>, <paramref name="rows"/> of them.</summary>
    public Matrix Slice(int start, int rows) => new(Row(start), rows, Columns, Stride);

    /// <summary>Columns from <paramref name="start"/>, a multiple of 16, <paramref name="columns"/> of them.</summary>
    public Matrix Block(int start, int columns) => new(Data + start, Rows, columns, Stride);

    /// <summary>Sets all columns, the padding included, to zero.</summary>
    public void Clear()
    {
        for (var row = 0; row < Rows; row++)
            new Span<float>(Row(row), SimdWidth.Padded(Columns)).Clear();
    }

    /// <summary>Adds a matrix of the same shape, the padding included.</summary>
    public void Add(Matrix other)
    {
        for (var row = 0; row < Rows; row++)
        {
            var sum = new Span<float>(Row(row), SimdWidth.Padded(Columns));
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(other.Row(row), sum.Length), sum);
        }
    }
}
