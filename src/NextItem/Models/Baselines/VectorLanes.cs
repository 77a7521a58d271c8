using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Baselines;

/// <summary>Lanes of a model whose sessions are vectors: an item's score is vector . row + bias. Every item is scored.</summary>
internal abstract unsafe class VectorLanes : SessionLanes
{
    /// <summary>Item rows scored at once: their scores stay in the first-level cache while they are counted.</summary>
    private const int ItemBlock = 64;

    private readonly ParameterTable _items;
    private readonly int _length;
    private readonly float[] _vector;
    private readonly Arena _arena = new();
    private readonly Matrix _byUnit;        // [(V + 1) x B]
    private readonly Matrix _one;           // [(V + 1) x 1]
    private readonly Matrix _scores;        // [block x B]
    private readonly Matrix _targetScores;  // [1 x B], of which one is wanted
    private readonly Matrix _ranks;         // threshold, above, level

    /// <param name="catalog">The model's catalog.</param>
    /// <param name="lanes">Number of lanes, B.</param>
    /// <param name="items">[I x (V + 1)] the items' vectors, each with its bias behind it.</param>
    /// <param name="length">V.</param>
    protected VectorLanes(ItemCatalog catalog, int lanes, ParameterTable items, int length)
        : base(catalog, lanes)
    {
        _items = items;
        _length = length;
        _vector = new float[length];
        _byUnit = _arena.Allocate(length + 1, lanes);
        _one = _arena.Allocate(length + 1, 1);
        _scores = _arena.Allocate(ItemBlock, lanes);
        _targetScores = _arena.Allocate(1, lanes);
        _ranks = _arena.Allocate(3, lanes);
    }

    /// <summary>The vector [V] of a lane's session.</summary>
    protected abstract void VectorOf(int lane, Span<float> vector);

    protected sealed override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        for (var lane = 0; lane < Count; lane++)
            Fill(_byUnit, lane, lane);

        // The target's score comes from the same sums in the same order as all others: its own row is exactly level with it.
        float* threshold = _ranks.Row(0), above = _ranks.Row(1), level = _ranks.Row(2);
        _ranks.Clear();
        var nothing = 0f; // the bias is part of the product here
        for (var lane = 0; lane < Count; lane++)
        {
            var first = lane / SimdWidth.Padding * SimdWidth.Padding;
            var row = _items.Row(Math.Max(0, targets[lane]));
            MatMul.MultiplyRows(&row, _byUnit.Block(first, Math.Min(SimdWidth.Padding, Count - first)), _targetScores.Block(first, Math.Min(SimdWidth.Padding, Count - first)), _length + 1);
            threshold[lane] = _targetScores.Row(0)[lane];
        }

        for (var first = 0; first < _items.Rows; first += ItemBlock)
        {
            var block = _scores.Top(Math.Min(ItemBlock, _items.Rows - first));
            MatMul.Multiply(_items.Values.Slice(first, block.Rows), _byUnit, block, _length + 1);
            RankCount.Add(block, &nothing, 0, threshold, above, level);
        }

        for (var lane = 0; lane < Count; lane++)
        {
            // A score that is no number is level with nothing, not even itself: no rank.
            ranks[lane] = targets[lane] < 0 || level[lane] < 1 ? TargetRank.Unscored : new TargetRank((int)above[lane], (int)level[lane] - 1);
        }
    }

    protected sealed override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        Fill(_one, 0, lane);
        var top = new TopK(best);
        for (var first = 0; first < _items.Rows; first += ItemBlock)
        {
            var block = _scores.Top(Math.Min(ItemBlock, _items.Rows - first)).Block(0, 1);
            MatMul.Multiply(_items.Values.Slice(first, block.Rows), _one, block, _length + 1);
            for (var i = 0; i < block.Rows; i++)
            {
                var score = block.Row(i)[0];
                if (score >= top.Floor && (filter is null || filter.Allows(first + i)) && !exclude.Contains(first + i))
                    top.Add(first + i, score);
            }
        }

        return top.Sort();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _arena.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Writes a lane's vector, and the 1 that the bias is multiplied by, down a column.</summary>
    private void Fill(Matrix matrix, int column, int lane)
    {
        VectorOf(lane, _vector);
        for (var i = 0; i < _length; i++)
            matrix.Row(i)[column] = _vector[i];
        matrix.Row(_length)[column] = 1;
    }
}
