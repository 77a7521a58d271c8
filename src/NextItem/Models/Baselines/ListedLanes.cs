using System.Buffers.Binary;
using NextItem.Kernels;

namespace NextItem.Models.Baselines;

/// <summary>
/// Lanes of a model that looks at the last item only and scores a list of items; every other item is unscored: never a hit,
/// never recommended.
/// </summary>
internal abstract class ListedLanes : SessionLanes
{
    private const int StateLength = 8;
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIl1"u8);

    private readonly int[] _lastItem;
    private readonly int _itemCount;

    protected ListedLanes(ItemCatalog catalog, int lanes)
        : base(catalog, lanes)
    {
        _itemCount = catalog.Count;
        _lastItem = new int[lanes];
        Array.Fill(_lastItem, ItemCatalog.UnknownItem);
    }

    /// <summary>The items that have a score after <paramref name="lastItem"/> (-1: nothing seen yet), in any order, each once.</summary>
    protected abstract ReadOnlySpan<ScoredItem> ScoresAfter(int lastItem);

    protected override void ResetCore(int lane) => _lastItem[lane] = ItemCatalog.UnknownItem;

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            if (itemIndices[lane] >= 0)
                _lastItem[lane] = itemIndices[lane];
        }
    }

    protected override void RankCore(ReadOnlySpan<int> targets, Span<TargetRank> ranks)
    {
        for (var lane = 0; lane < Count; lane++)
            ranks[lane] = targets[lane] < 0 ? TargetRank.Unscored : RankAmong(ScoresAfter(_lastItem[lane]), targets[lane]);
    }

    protected override int TopKCore(int lane, ItemFilter? filter, ReadOnlySpan<int> exclude, Span<ScoredItem> best)
    {
        var top = new TopK(best);
        foreach (var (item, score) in ScoresAfter(_lastItem[lane]))
        {
            if ((filter is null || filter.Allows(item)) && !exclude.Contains(item))
                top.Add(item, score);
        }

        return top.Sort();
    }

    protected override byte[] SaveCore(int lane)
    {
        var state = new byte[StateLength];
        BinaryPrimitives.WriteUInt32LittleEndian(state, s_stateMark);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(4), _lastItem[lane]);
        return state;
    }

    protected override void LoadCore(int lane, ReadOnlySpan<byte> state)
    {
        if (state.Length != StateLength || BinaryPrimitives.ReadUInt32LittleEndian(state) != s_stateMark
            || BinaryPrimitives.ReadInt32LittleEndian(state[4..]) is var item && (item < ItemCatalog.UnknownItem || item >= _itemCount))
        {
            throw new ArgumentException($"The state has {state.Length} bytes and is not one of this model's; expected {StateLength} bytes written by Save.", nameof(state));
        }

        _lastItem[lane] = BinaryPrimitives.ReadInt32LittleEndian(state[4..]);
    }

    private static TargetRank RankAmong(ReadOnlySpan<ScoredItem> scores, int target)
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
