using System.Runtime.InteropServices;

namespace NextItem.Kernels;

/// <summary>
/// Keeps the K best (index, score) pairs of a stream in a heap whose root is the worst kept: most candidates are refused by
/// one comparison. Equal scores: the lower index is better. A score that is no number is no score: it is not kept.
/// </summary>
/// <param name="room">Where they are kept; holds the pairs only after <see cref="Sort"/>.</param>
/// <param name="count">How many are there already, as another of these left them.</param>
/// <remarks>
/// Until it is sorted, the room holds each pair as one number, the worse the higher: two pairs are compared at once, and the worse of two
/// children is chosen without a branch, which no processor could predict. The heap begins when the room is full.
/// </remarks>
internal ref struct TopK(Span<ScoredItem> room, int count = 0)
{
    private readonly Span<ScoredItem> _room = room;
    private readonly Span<long> _keys = MemoryMarshal.Cast<ScoredItem, long>(room);

    /// <summary>Number of pairs kept.</summary>
    public int Count { get; private set; } = count;

    /// <summary>Candidates whose score is below this are refused.</summary>
    public readonly float Floor => Count < _keys.Length || Count == 0 ? float.NegativeInfinity : Pair(_keys[0]).Score;

    /// <summary>Offers a candidate.</summary>
    public void Add(int itemIndex, float score)
    {
        if (float.IsNaN(score))
            return;
        var key = Key(itemIndex, score);
        if (Count < _keys.Length)
        {
            _keys[Count++] = key;
            if (Count == _keys.Length)
                MakeHeap();
        }
        else if (!_keys.IsEmpty && key < _keys[0])
        {
            SiftDown(0, key);
        }
    }

    /// <summary>Puts what was kept in order, best first, and returns how many there are.</summary>
    public readonly int Sort()
    {
        var keys = _keys[..Count];
        keys.Sort();
        for (var i = 0; i < keys.Length; i++)
            _room[i] = Pair(keys[i]);
        return Count;
    }

    private readonly void MakeHeap()
    {
        for (var i = (_keys.Length / 2) - 1; i >= 0; i--)
            SiftDown(i, _keys[i]);
    }

    private readonly void SiftDown(int i, long key)
    {
        var keys = _keys;
        int child;
        while ((child = (2 * i) + 1) < keys.Length)
        {
            if (child + 1 < keys.Length)
                child += keys[child + 1] > keys[child] ? 1 : 0;
            if (keys[child] <= key)
                break;
            keys[i] = keys[child];
            i = child;
        }

        keys[i] = key;
    }

    /// <summary>The score's bits in an order of whole numbers, turned around, then the index. Zeros of both signs are level.</summary>
    private static long Key(int itemIndex, float score)
    {
        var bits = BitConverter.SingleToInt32Bits(score + 0f);
        return ((long)~(bits ^ ((bits >> 31) & int.MaxValue)) << 32) | (uint)itemIndex;
    }

    private static ScoredItem Pair(long key)
    {
        var bits = ~(int)(key >> 32);
        return new ScoredItem((int)key, BitConverter.Int32BitsToSingle(bits ^ ((bits >> 31) & int.MaxValue)));
    }
}
