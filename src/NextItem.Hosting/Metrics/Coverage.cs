using System.Numerics;

namespace NextItem.Hosting.Metrics;

/// <summary>
/// Which share of a catalog's items was recommended to anybody: in the last whole hour, or, before there is one, so far. Safe for many
/// threads; an item that is marked already costs one read.
/// </summary>
internal sealed class Coverage(int items, TimeProvider time)
{
    private static readonly TimeSpan s_window = TimeSpan.FromHours(1);

    private readonly Lock _turning = new();
    private uint[] _marks = new uint[(items + 31) / 32];
    private long _start = time.GetTimestamp();
    private double? _last;

    /// <summary>Marks an item of the catalog.</summary>
    public void Mark(int item)
    {
        ref var word = ref _marks[item >> 5];
        var bit = 1u << (item & 31);
        if ((Volatile.Read(ref word) & bit) == 0)
            Interlocked.Or(ref word, bit);
    }

    /// <summary>0 to 1.</summary>
    public double Share()
    {
        lock (_turning)
        {
            var marks = _marks;
            var share = marks.Sum(word => (long)BitOperations.PopCount(word)) / (double)Math.Max(items, 1);
            if (time.GetElapsedTime(_start) < s_window)
                return _last ?? share;
            _marks = new uint[marks.Length];
            _start = time.GetTimestamp();
            _last = share;
            return share;
        }
    }
}
