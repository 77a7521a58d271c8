using NextItem.Features;

namespace NextItem.Models.Prnn;

/// <summary>
/// The distinct rows of an input's weights that a mini-batch reads, each with the lanes that read it and what they multiply it
/// by: one row a lane for the identity, one for each entry of sparse features.
/// </summary>
internal sealed class TouchedRows
{
    private readonly SparseRows? _features;
    private readonly int[] _slotOf;   // [F] slot of a row, or -1
    private readonly int[] _rows;
    private readonly int[] _starts;   // [slots + 1] first entry of a slot
    private readonly int[] _lanes;    // by slot, then lane
    private readonly float[] _values;

    /// <summary>Allocates for the fullest mini-batch.</summary>
    /// <param name="features">The features; null for the identity.</param>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="lanes">The most lanes, B.</param>
    public TouchedRows(SparseRows? features, int itemCount, int lanes)
    {
        _features = features;
        _slotOf = new int[features?.Width ?? itemCount];
        Array.Fill(_slotOf, -1);
        var fullest = 1;
        for (var item = 0; features is not null && item < features.Count; item++)
            fullest = Math.Max(fullest, features.ColumnsOf(item).Length);
        var most = checked(lanes * fullest);
        _rows = new int[Math.Min(most, _slotOf.Length)];
        _starts = new int[_rows.Length + 1];
        _lanes = new int[most];
        _values = new float[most];
    }

    /// <summary>Number of distinct rows.</summary>
    public int Count { get; private set; }

    /// <summary>The row at a slot.</summary>
    public int RowAt(int slot) => _rows[slot];

    /// <summary>The lanes that read the row at a slot, rising.</summary>
    public ReadOnlySpan<int> LanesOf(int slot) => _lanes.AsSpan(_starts[slot].._starts[slot + 1]);

    /// <summary>What each of them multiplies it by.</summary>
    public ReadOnlySpan<float> ValuesOf(int slot) => _values.AsSpan(_starts[slot].._starts[slot + 1]);

    /// <summary>Collects a mini-batch's.</summary>
    /// <param name="items">[B] the lanes' input items.</param>
    public void Build(ReadOnlySpan<int> items)
    {
        for (var slot = 0; slot < Count; slot++)
            _slotOf[_rows[slot]] = -1;
        Count = 0;
        Array.Clear(_starts);
        foreach (var item in items)
        {
            foreach (var row in RowsOf(item))
            {
                ref var slot = ref _slotOf[row];
                if (slot < 0)
                {
                    slot = Count++;
                    _rows[slot] = row;
                }

                _starts[slot + 1]++;
            }
        }

        for (var slot = 0; slot < Count; slot++)
            _starts[slot + 1] += _starts[slot];

        // Filled from the back, so that the starts are where they belong when all is in place.
        for (var lane = items.Length - 1; lane >= 0; lane--)
        {
            var rows = RowsOf(items[lane]);
            var values = _features is null ? default : _features.ValuesOf(items[lane]);
            for (var i = rows.Length - 1; i >= 0; i--)
            {
                var entry = --_starts[_slotOf[rows[i]] + 1];
                _lanes[entry] = lane;
                _values[entry] = values.IsEmpty ? 1 : values[i];
            }
        }

        // Each end has moved to its slot's start; shifted by one they are the starts again.
        Array.Copy(_starts, 1, _starts, 0, Count);
        _starts[Count] = Count == 0 ? 0 : EntryCount(items);
    }

    private int EntryCount(ReadOnlySpan<int> items)
    {
        var count = 0;
        foreach (var item in items)
            count += RowsOf(item).Length;
        return count;
    }

    private ReadOnlySpan<int> RowsOf(in int item) => _features is null ? new ReadOnlySpan<int>(in item) : _features.ColumnsOf(item);
}
