using System.Buffers.Binary;

namespace NextItem.Models.Baselines;

/// <summary>Lanes of a model that looks at the last item only.</summary>
internal abstract class LastItemLanes : ListedLanes
{
    private const int StateLength = 8;
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIl1"u8);

    private readonly int[] _lastItem;
    private readonly int _itemCount;

    protected LastItemLanes(ItemCatalog catalog, int lanes)
        : base(catalog, lanes)
    {
        _itemCount = catalog.Count;
        _lastItem = new int[lanes];
        Array.Fill(_lastItem, ItemCatalog.UnknownItem);
    }

    /// <summary>The items that have a score after <paramref name="lastItem"/> (-1: nothing seen yet), in any order, each once.</summary>
    protected abstract ReadOnlySpan<ScoredItem> ScoresAfter(int lastItem);

    protected sealed override ReadOnlySpan<ScoredItem> ScoresOf(int lane) => ScoresAfter(_lastItem[lane]);

    protected override void ResetCore(int lane) => _lastItem[lane] = ItemCatalog.UnknownItem;

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            if (itemIndices[lane] >= 0)
                _lastItem[lane] = itemIndices[lane];
        }
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
}
