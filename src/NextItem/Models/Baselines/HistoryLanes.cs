using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NextItem.Models.Baselines;

/// <summary>Lanes of a model that looks at several items of the session: each remembers its latest items.</summary>
internal abstract class HistoryLanes : ListedLanes
{
    private const int HeaderLength = 8;
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIh1"u8);

    private readonly List<int>[] _items;
    private readonly int _longest;
    private readonly int _itemCount;

    /// <param name="catalog">The model's catalog.</param>
    /// <param name="lanes">Number of lanes, B.</param>
    /// <param name="longest">How many of the latest items are remembered.</param>
    protected HistoryLanes(ItemCatalog catalog, int lanes, int longest)
        : base(catalog, lanes)
    {
        _itemCount = catalog.Count;
        _longest = longest;
        _items = new List<int>[lanes];
        for (var lane = 0; lane < lanes; lane++)
            _items[lane] = [];
    }

    /// <summary>The items that have a score after a session, in any order, each once. Valid until the next call.</summary>
    /// <param name="items">The session's latest items, oldest first; may be empty.</param>
    protected abstract ReadOnlySpan<ScoredItem> ScoresAfter(ReadOnlySpan<int> items);

    protected sealed override ReadOnlySpan<ScoredItem> ScoresOf(int lane) => ScoresAfter(CollectionsMarshal.AsSpan(_items[lane]));

    protected override void ResetCore(int lane) => _items[lane].Clear();

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            if (itemIndices[lane] < 0)
                continue;
            if (_items[lane].Count == _longest)
                _items[lane].RemoveAt(0);
            _items[lane].Add(itemIndices[lane]);
        }
    }

    protected override byte[] SaveCore(int lane)
    {
        var items = CollectionsMarshal.AsSpan(_items[lane]);
        var state = new byte[HeaderLength + (sizeof(int) * items.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(state, s_stateMark);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(4), items.Length);
        for (var i = 0; i < items.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(HeaderLength + (sizeof(int) * i)), items[i]);
        return state;
    }

    protected override void LoadCore(int lane, ReadOnlySpan<byte> state)
    {
        var items = new List<int>();
        for (var at = HeaderLength; at + sizeof(int) <= state.Length; at += sizeof(int))
            items.Add(BinaryPrimitives.ReadInt32LittleEndian(state[at..]));
        if (state.Length != HeaderLength + (sizeof(int) * items.Count) || BinaryPrimitives.ReadUInt32LittleEndian(state) != s_stateMark
            || BinaryPrimitives.ReadInt32LittleEndian(state[4..]) != items.Count || items.Count > _longest || items.Exists(item => (uint)item >= (uint)_itemCount))
        {
            throw new ArgumentException($"The state has {state.Length} bytes and is not one of this model's; expected {HeaderLength} bytes and {sizeof(int)} an item, written by Save.", nameof(state));
        }

        _items[lane].Clear();
        _items[lane].AddRange(items);
    }
}
