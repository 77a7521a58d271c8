namespace NextItem.Kernels;

/// <summary>
/// What items are scored by, where it lies: a vector and a bias for each, in a table of parameters (the bias behind its vector) or in a
/// mapped model file (two tensors). score[i] = ((v[i][0] h[0] + v[i][1] h[1]) + ...) + bias[i], in this order everywhere.
/// </summary>
internal readonly unsafe struct ItemRows(float* vectors, long stride, float* biases, long biasStride, int count, int length)
{
    /// <summary>A block of rows that leaves room for the others in the first-level cache.</summary>
    private const long SmallBlock = 32 << 10;

    /// <summary>Tables from this size on are fetched ahead where a block of rows is small: a smaller one lies in a near cache, which is fast without.</summary>
    private const long LargeTable = 12 << 20;

    /// <summary>And from this size on where it is not, for there a block pushes out what the product is working with.</summary>
    private const long HugeTable = 48 << 20;

    /// <summary>Number of items, I.</summary>
    public readonly int Count = count;

    /// <summary>Length V of a vector; what lies behind is not to be read.</summary>
    public readonly int Length = length;

    /// <summary>Floats from one vector to the next.</summary>
    public readonly long Stride = stride;

    /// <summary>Floats from one bias to the next.</summary>
    public readonly long BiasStride = biasStride;

    /// <summary>[V]: an item's vector.</summary>
    public float* Vector(int item) => vectors + (item * Stride);

    /// <summary>An item's bias, those of the next items <see cref="BiasStride"/> apart.</summary>
    public float* Bias(int item) => biases + (item * BiasStride);

    /// <summary>[n x V]: the vectors of items [first, first + n).</summary>
    public Matrix Vectors(int first, int n) => new(Vector(first), n, Length, Stride);

    /// <summary>How many rows are worth asking for while a block of so many is multiplied: all of the next block, or none.</summary>
    public int RowsAhead(int block)
    {
        var row = Stride * sizeof(float);
        return Count * row >= (block * row <= SmallBlock ? LargeTable : HugeTable) ? block : 0;
    }

    /// <summary>Asks for the vectors of items [first, first + n), as far as there are such.</summary>
    public void PrefetchBlock(int first, int n)
    {
        for (var item = first; item < Math.Min(first + n, Count); item++)
            Prefetch.Row(Vector(item), Length);
    }
}
