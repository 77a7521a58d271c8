namespace NextItem.Kernels;

/// <summary>
/// What items are scored by, where it lies: a vector and a bias for each, in a table of parameters (the bias behind its vector) or in a
/// mapped model file (two tensors). score[i] = ((v[i][0] h[0] + v[i][1] h[1]) + ...) + bias[i], in this order everywhere.
/// </summary>
internal readonly unsafe struct ItemRows(float* vectors, long stride, float* biases, long biasStride, int count, int length)
{
    // Long rows that are asked for push out what is being multiplied, which costs less than waiting for memory, but more than waiting for the last-level cache, unless
    // others use it too. Tried on a Zen 5 with 48 KB, 1 MB and 32 MB of cache, idle and busy: docs/performance.md.

    /// <summary>Bytes of a block of rows up to which it is small.</summary>
    private const long SmallBlock = 32 << 10;

    /// <summary>Bytes of a table from which small blocks are asked for ahead.</summary>
    private const long LargeTable = 10 << 20;

    /// <summary>Bytes of a table from which larger blocks are, too.</summary>
    private const long HugeTable = 32 << 20;

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
