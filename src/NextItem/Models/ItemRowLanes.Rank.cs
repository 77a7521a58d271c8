using NextItem.Kernels;

namespace NextItem.Models;

/// <content>Full ranking: the product of all items with the lanes that have a target, counted block by block.</content>
internal abstract unsafe partial class ItemRowLanes
{
    /// <summary>Item rows scored at once: their scores stay in the first-level cache while they are counted.</summary>
    private const int ItemBlock = 64;

    /// <summary>Blocks between two flushes of the counts: far fewer rows than <see cref="RankCount.MostRows"/>, far too many to cost time.</summary>
    private const int FlushBlocks = 64;

    /// <summary>Lanes whose targets are scored at once: as many as lie along the widest vector.</summary>
    private const int TargetBlock = SimdWidth.Padding;

    protected sealed override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        // Lanes without a target, as most are when the last long sessions end, cost nothing: the others move together.
        var live = 0;
        for (var lane = 0; lane < Count; lane++)
        {
            if (targets[lane] >= 0)
                _live[live++] = lane;
        }

        ranks.Fill(TargetRank.Unscored);
        if (live == 0)
            return;
        var items = _items.Rows;
        GatherStates(_live.AsSpan(0, live), items.Length);
        _ranks.Clear();
        ScoreTargets(items, targets, live);
        CountRanks(items, live);
        for (var i = 0; i < live; i++)
        {
            // A score that is no number is level with nothing, not even itself: no rank.
            if (_level[i] >= 1)
                ranks[_live[i]] = new TargetRank(_above[i], _level[i] - 1);
        }
    }

    /// <summary>
    /// The target's score comes from the same sums in the same order as all others, so its own row is exactly level with it. Sixteen
    /// lanes at a time: of each small square only the diagonal is wanted.
    /// </summary>
    private void ScoreTargets(ItemRows items, ReadOnlySpan<int> targets, int live)
    {
        var threshold = _ranks.Row(0);
        var rows = stackalloc float*[TargetBlock];
        for (var start = 0; start < live; start += TargetBlock)
        {
            var lanes = Math.Min(TargetBlock, live - start);
            for (var i = 0; i < lanes; i++)
                rows[i] = items.Vector(targets[_live[start + i]]);
            MatMul.MultiplyRows(rows, _outputByUnit.Block(start, lanes), _targetScores.Top(lanes).Block(0, lanes), items.Length);
            for (var i = 0; i < lanes; i++)
                threshold[start + i] = _targetScores.Row(i)[i] + *items.Bias(targets[_live[start + i]]);
        }
    }

    private void CountRanks(ItemRows items, int live)
    {
        float* threshold = _ranks.Row(0), above = _ranks.Row(1), level = _ranks.Row(2);
        Array.Clear(_above);
        Array.Clear(_level);
        var states = _outputByUnit.Block(0, live);
        var (blocks, ahead) = (0, items.RowsAhead(ItemBlock));
        for (var first = 0; first < items.Count; first += ItemBlock)
        {
            var block = _scores.Top(Math.Min(ItemBlock, items.Count - first)).Block(0, live);
            items.PrefetchBlock(first + ItemBlock, ahead);
            MatMul.Multiply(items.Vectors(first, block.Rows), states, block, items.Length);
            RankCount.Add(block, items.Bias(first), items.BiasStride, threshold, above, level);
            if (++blocks % FlushBlocks == 0)
                FlushRanks(live);
        }

        FlushRanks(live);
    }

    private void FlushRanks(int live)
    {
        RankCount.Flush(new Span<float>(_ranks.Row(1), live), _above.AsSpan(0, live));
        RankCount.Flush(new Span<float>(_ranks.Row(2), live), _level.AsSpan(0, live));
    }

    /// <summary>What some lanes are scored with, one a column.</summary>
    private void GatherStates(ReadOnlySpan<int> lanes, int units)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            var state = OutputOf(lanes[i]);
            var column = _outputByUnit.Data + i;
            for (var k = 0; k < units; k++)
                column[k * _outputByUnit.Stride] = state[k];
        }
    }
}
