using System.Buffers.Binary;
using NextItem.Optimizers;

namespace NextItem.Models.Baselines;

/// <summary>Lanes of a model that takes a session for the mean of its items' vectors, repeats counted; zeros before the first.</summary>
internal sealed unsafe class MeanVectorLanes : VectorLanes
{
    private const int HeaderLength = 8;
    private static readonly uint s_stateMark = BinaryPrimitives.ReadUInt32LittleEndian("NIm1"u8);

    private readonly ParameterTable _items;
    private readonly double[][] _sums; // double: after ten thousand events a float would have lost the small ones
    private readonly int[] _counts;

    public MeanVectorLanes(ItemCatalog catalog, int lanes, ParameterTable items, int length)
        : base(catalog, lanes, items, length)
    {
        _items = items;
        _counts = new int[lanes];
        _sums = new double[lanes][];
        for (var lane = 0; lane < lanes; lane++)
            _sums[lane] = new double[length];
    }

    protected override void VectorOf(int lane, Span<float> vector)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] = (float)(_sums[lane][i] / Math.Max(1, _counts[lane]));
    }

    protected override void ResetCore(int lane)
    {
        _counts[lane] = 0;
        Array.Clear(_sums[lane]);
    }

    protected override void AdvanceCore(ReadOnlySpan<int> itemIndices)
    {
        for (var lane = 0; lane < Count; lane++)
        {
            if (itemIndices[lane] < 0)
                continue;
            _counts[lane]++;
            var row = _items.Row(itemIndices[lane]);
            var sum = _sums[lane];
            for (var i = 0; i < sum.Length; i++)
                sum[i] += row[i];
        }
    }

    protected override byte[] SaveCore(int lane)
    {
        var sum = _sums[lane];
        var state = new byte[HeaderLength + (sizeof(double) * sum.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(state, s_stateMark);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(4), _counts[lane]);
        for (var i = 0; i < sum.Length; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(state.AsSpan(HeaderLength + (sizeof(double) * i)), sum[i]);
        return state;
    }

    protected override void LoadCore(int lane, ReadOnlySpan<byte> state)
    {
        var length = HeaderLength + (sizeof(double) * _sums[lane].Length);
        if (state.Length != length || BinaryPrimitives.ReadUInt32LittleEndian(state) != s_stateMark || BinaryPrimitives.ReadInt32LittleEndian(state[4..]) < 0)
            throw new ArgumentException($"The state has {state.Length} bytes and is not one of this model's; expected {length} bytes written by Save.", nameof(state));
        var sum = new double[_sums[lane].Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = BinaryPrimitives.ReadDoubleLittleEndian(state[(HeaderLength + (sizeof(double) * i))..]);
            if (!float.IsFinite((float)sum[i]))
                throw new ArgumentException($"The state holds {sum[i]} at byte {HeaderLength + (sizeof(double) * i)}; expected finite numbers.", nameof(state));
        }

        _sums[lane] = sum;
        _counts[lane] = BinaryPrimitives.ReadInt32LittleEndian(state[4..]);
    }
}
