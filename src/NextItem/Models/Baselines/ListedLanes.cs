using NextItem.Kernels;

namespace NextItem.Models.Baselines;

/// <summary>Lanes of a model that scores a list of items; every other item is unscored: never a hit, never recommended.</summary>
internal abstract class ListedLanes(ItemCatalog catalog, int lanes) : SessionLanes(catalog, lanes)
{
    /// <summary>The items that have a score on a lane now, in any order, each once. Valid until the next call.</summary>
    protected abstract ReadOnlySpan<ScoredItem> ScoresOf(int lane);

    protected override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        for (var lane = 0; lane < Count; lane++)
            ranks[lane] = targets[lane] < 0 ? TargetRank.Unscored : RankAmong(ScoresOf(lane), targets[lane]);
    }

    protected override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best) =>
        BestOf(ScoresOf(lane), filter, exclude, best);

    /// <summary>The best of the items that have a score.</summary>
    protected static int BestOf(ReadOnlySpan<ScoredItem> scores, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        var top = new TopK(best);
        foreach (var (item, score) in scores)
        {
            if ((filter is null || filter.Allows(item)) && !exclude.Contains(item))
                top.Add(item, score);
        }

        return top.Sort();
    }

    /// <summary>Where a target stands among the items that have a score.</summary>
    protected static TargetRank RankAmong(ReadOnlySpan<ScoredItem> scores, int target)
    {
        var own = float.NaN;
        foreach (var (item, score) in scores)
        {
            if (item == target)
                own = score;
        }

        if (float.IsNaN(own))
            return TargetRank.Unscored;
        var above = 0;
        var level = 0;
        foreach (var (_, score) in scores)
        {
            above += score > own ? 1 : 0;
            level += score == own ? 1 : 0;
        }

        return new TargetRank(above, level - 1);
    }
}
