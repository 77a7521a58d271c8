using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace NextItem.Kernels;

/// <summary>
/// The vectors of all items in one byte an element, with what is needed to bound every item's score from above: a scan of it finds the
/// few items whose scores have to be computed. Never below the score that <see cref="RowDots"/> plus the bias gives, rounding included.
/// </summary>
/// <remarks>
/// A block is 16 items: for every four elements one cache line, 4 bytes an item, then 16 scales, 16 margins and 16 raised biases. With
/// v = a r + e (r bytes) and h = c q + g (q 16-bit integers), v.h = a c (r.q) + e.h + a r.g, and by Cauchy-Schwarz the last two are at most
/// |e| |h| + |a r| |g|. Derivation with all roundings: docs/scoring.md.
/// </remarks>
internal sealed unsafe class ItemIndex : IDisposable
{
    /// <summary>Items of a block.</summary>
    public const int BlockItems = 16;

    /// <summary>Number of items from which an index pays for one session.</summary>
    public const int LeastItems = 10_000;

    /// <summary>So many times more items are needed for it to be faster than the matrix product for several sessions together.</summary>
    public const int TogetherFactor = 5;

    /// <summary>The longest vector, so that the sums of r.q fit into 32 bits with a query of at least 11 bits.</summary>
    private const int LongestVector = 8192;

    private const int LargestByte = 127;
    private const int BytesInQuad = 4;
    private const int Middle = 128; // what a byte of 0 stands as

    private const double Unit = 1.0 / (1 << 24); // of rounding to float
    private const double SmallestScale = 1.0 / (1L << 40);
    private const double SmallestQuery = 1.0 / (1L << 40);
    private const double LargestQuery = 1e6;
    private const double LargestRow = 1e15;
    private const double Tiny = 1e-30; // more than what is lost to numbers below the smallest float

    private readonly AlignedBuffer _blocks;
    private readonly ItemRows _items;
    private readonly int _quads;
    private readonly int _blockFloats;

    /// <summary>Builds the index.</summary>
    /// <param name="items">The items, which stay where they are.</param>
    public ItemIndex(ItemRows items)
    {
        Debug.Assert(Fits(items.Length));
        _items = items;
        _quads = (items.Length + BytesInQuad - 1) / BytesInQuad;
        _blockFloats = (_quads + 3) * BlockItems;
        Blocks = (items.Count + BlockItems - 1) / BlockItems;
        _blocks = new AlignedBuffer((long)Blocks * _blockFloats);
        var numbers = new float[_quads * BytesInQuad];
        var residual = new float[items.Length];
        for (var item = 0; item < items.Count; item++)
            Quantize(item, numbers, residual);
    }

    /// <summary>Whether several sessions together are to use it too.</summary>
    public bool ServesTogether { get; init; }

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Bytes in memory.</summary>
    public long Bytes => _blocks.Length * sizeof(float);

    /// <summary>Integers of a query.</summary>
    public int QueryLength => 2 * _quads;

    private int LargestQueryNumber => (int)Math.Min(short.MaxValue, int.MaxValue / ((long)LargestByte * _items.Length));

    /// <summary>Whether vectors of a length can be indexed.</summary>
    public static bool Fits(int length) => length <= LongestVector;

    /// <summary>Makes a query of a hidden state.</summary>
    /// <param name="h">[V].</param>
    /// <param name="pairs">Receives <see cref="QueryLength"/> integers, each two of 16 bits: of every four elements (0, 2) and (1, 3).</param>
    /// <param name="query">The query.</param>
    /// <returns>False for numbers so large or small that the bound does not hold: score everything.</returns>
    public bool TryPrepare(ReadOnlySpan<float> h, int* pairs, out IndexQuery query)
    {
        query = default;
        double largest = MathF.Abs(TensorPrimitives.MaxMagnitude(h));
        if (!(largest <= LargestQuery) || (largest < SmallestQuery && largest > 0))
            return false;
        var scale = (float)(largest / LargestQueryNumber);
        double squares = 0;
        long sum = 0;
        for (var quad = 0; quad < _quads; quad++)
        {
            var (q0, q1, q2, q3) = (Number(h, 4 * quad), Number(h, (4 * quad) + 1), Number(h, (4 * quad) + 2), Number(h, (4 * quad) + 3));
            pairs[2 * quad] = (q0 & 0xFFFF) | (q2 << 16);
            pairs[(2 * quad) + 1] = (q1 & 0xFFFF) | (q3 << 16);
            sum += q0 + q1 + q2 + q3;
        }

        foreach (var value in h)
            squares += (double)value * value;
        query = new IndexQuery(pairs, unchecked((int)(-Middle * sum)), scale, MathF.BitIncrement((float)(Math.Sqrt(squares) * (1 + 1e-6))));
        return true;

        int Number(ReadOnlySpan<float> h, int i) =>
            i >= h.Length || scale == 0 ? 0 : (int)Math.Clamp(Math.Round(h[i] / (double)scale), -LargestQueryNumber, LargestQueryNumber);
    }

    /// <summary>The items of a block that may have a score above a floor, one bit each, the lowest bit the first item.</summary>
    public uint Candidates(in IndexQuery query, int block, float floor)
    {
        var candidates = IndexScan.Above(Block(block), _quads, query, floor);
        return block < Blocks - 1 ? candidates : candidates & (uint.MaxValue >> (32 - (_items.Count - (block * BlockItems))));
    }

    /// <summary>What <see cref="Candidates"/> compares with the floor, for one item; for tests.</summary>
    public float UpperBound(in IndexQuery query, int item)
    {
        var bounds = stackalloc float[BlockItems];
        IndexScan.Bounds(Block(item / BlockItems), _quads, query, bounds);
        return bounds[item % BlockItems];
    }

    /// <summary>Where a block starts.</summary>
    internal float* Block(int block) => _blocks.Data + ((long)block * _blockFloats);

    /// <inheritdoc/>
    public void Dispose() => _blocks.Dispose();

    private void Quantize(int item, Span<float> numbers, Span<float> residual)
    {
        var vector = new ReadOnlySpan<float>(_items.Vector(item), _items.Length);
        var bias = *_items.Bias(item);
        double largest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        var bounded = largest * Math.Sqrt(vector.Length) + Math.Abs(bias) <= LargestRow; // false for NaN
        var scale = bounded && largest / LargestByte >= SmallestScale ? (float)(largest / LargestByte) : 0f;
        numbers.Clear();
        double error = Math.Sqrt(vector.Length) * largest, length = error;
        if (scale > 0)
        {
            var rounded = numbers[..vector.Length];
            TensorPrimitives.Multiply(vector, 1 / scale, rounded);
            TensorPrimitives.Round(rounded, rounded);
            TensorPrimitives.MultiplyAdd(rounded, -scale, vector, residual);
            var sums = 1 + ((vector.Length + 8) * 2 * Unit); // what float sums of squares may be short of
            length = Math.Sqrt(TensorPrimitives.SumOfSquares(vector)) * sums;
            error = (Math.Sqrt(TensorPrimitives.SumOfSquares<float>(residual)) * sums) + (4 * Unit * length);
        }

        var block = Block(item / BlockItems) + (item % BlockItems);
        fixed (float* number = numbers)
        {
            for (var quad = 0; quad < _quads; quad++)
            {
                var quadruple = Vector128.ConvertToInt32(Vector128.Load(number + (BytesInQuad * quad)) + Vector128.Create((float)Middle));
                ((uint*)block)[quad * BlockItems] = Vector128.Shuffle(quadruple.AsByte(), Vector128.Create((byte)0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)).AsUInt32().ToScalar();
            }
        }

        var rounding = ((1.1 * vector.Length) + 64) * Unit;
        var ofQuery = 2 * 0.51 * Math.Sqrt(vector.Length) / LargestQueryNumber;
        var end = block + (_quads * BlockItems);
        end[0] = scale;
        end[BlockItems] = bounded ? MathF.BitIncrement((float)(error + ((ofQuery + rounding) * length))) : float.PositiveInfinity;
        end[2 * BlockItems] = bounded ? MathF.BitIncrement((float)(bias + (rounding * Math.Abs(bias)) + Tiny)) : 0;
    }
}
