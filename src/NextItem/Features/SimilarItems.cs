using System.Numerics.Tensors;

namespace NextItem.Features;

/// <summary>
/// Items whose features are most like a given item's: the sum over the blocks of the cosine of both items' features in the block,
/// divided by the number of blocks that the given item has features in.
/// </summary>
internal sealed class SimilarItems
{
    private readonly ItemFeatures _known;
    private readonly (int[] Starts, int[] Items, float[] Values)[] _byFeature; // sparse blocks, by column
    private readonly float[][] _lengths;
    private readonly double[] _sums;

    /// <summary>Prepares the known items.</summary>
    public SimilarItems(ItemFeatures known)
    {
        _known = known;
        _byFeature = [.. known.Blocks.Select(block => block.Rows is SparseRows rows ? Transposed(rows) : default)];
        _lengths = [.. known.Blocks.Select(block => Enumerable.Range(0, block.ItemCount).Select(item => LengthOf(block.Rows, item)).ToArray())];
        _sums = new double[known.Items.Count];
    }

    /// <summary>The known items most like an item, best first, with their similarity; equal ones in the order of their index. Only those with a similarity above 0.</summary>
    /// <param name="features">Features encoded as those of the known items are.</param>
    /// <param name="item">The item.</param>
    /// <param name="count">How many are wanted.</param>
    public (int Item, float Similarity)[] To(ItemFeatures features, int item, int count)
    {
        Array.Clear(_sums);
        var blocks = 0;
        for (var b = 0; b < _known.Blocks.Length; b++)
        {
            var rows = features.Blocks[b].Rows;
            var length = LengthOf(rows, item);
            if (length == 0)
                continue;
            blocks++;
            if (rows is SparseRows sparse)
                AddSparse(b, sparse, item, length);
            else
                AddDense(b, (DenseRows)rows, item, length);
        }

        var best = new PriorityQueue<int, (double Sum, int Item)>();
        for (var known = 0; known < _sums.Length; known++)
        {
            if (_sums[known] <= 0)
                continue;
            best.Enqueue(known, (_sums[known], -known));
            if (best.Count > count)
                best.Dequeue();
        }

        var found = new (int, float)[best.Count];
        for (var place = found.Length - 1; place >= 0; place--)
        {
            var known = best.Dequeue();
            found[place] = (known, (float)(_sums[known] / blocks));
        }

        return found;
    }

    private void AddSparse(int b, SparseRows rows, int item, float length)
    {
        var (starts, items, values) = _byFeature[b];
        var columns = rows.ColumnsOf(item);
        var own = rows.ValuesOf(item);
        for (var i = 0; i < columns.Length; i++)
        {
            for (var entry = starts[columns[i]]; entry < starts[columns[i] + 1]; entry++)
                _sums[items[entry]] += own[i] * values[entry] / (length * _lengths[b][items[entry]]);
        }
    }

    private void AddDense(int b, DenseRows rows, int item, float length)
    {
        var known = (DenseRows)_known.Blocks[b].Rows;
        for (var other = 0; other < _sums.Length; other++)
        {
            if (_lengths[b][other] > 0)
                _sums[other] += TensorPrimitives.Dot(rows[item], known[other]) / (length * _lengths[b][other]);
        }
    }

    private static (int[] Starts, int[] Items, float[] Values) Transposed(SparseRows rows)
    {
        var starts = new int[rows.Width + 1];
        foreach (var column in rows.Columns)
            starts[column + 1]++;
        for (var column = 0; column < rows.Width; column++)
            starts[column + 1] += starts[column];
        var next = starts.AsSpan(0, rows.Width).ToArray();
        var (items, values) = (new int[rows.Columns.Length], new float[rows.Columns.Length]);
        for (var item = 0; item < rows.Count; item++)
        {
            var columns = rows.ColumnsOf(item);
            var own = rows.ValuesOf(item);
            for (var i = 0; i < columns.Length; i++)
            {
                var entry = next[columns[i]]++;
                (items[entry], values[entry]) = (item, own[i]);
            }
        }

        return (starts, items, values);
    }

    private static float LengthOf(FeatureRows rows, int item) =>
        rows is SparseRows sparse ? TensorPrimitives.Norm(sparse.ValuesOf(item)) : TensorPrimitives.Norm(((DenseRows)rows)[item]);
}
