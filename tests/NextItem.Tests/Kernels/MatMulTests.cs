using System.Runtime.Intrinsics;
using NextItem.Kernels;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Kernels;

public unsafe class MatMulTests
{
    /// <summary>Rounding of one addition chain, relative to the sum of magnitudes.</summary>
    private const double Tolerance = 1e-6;

    public static TheoryData<int> Sizes => [.. Enumerable.Range(0, 41), 63, 64, 65, 100, 129];

    [Theory, MemberData(nameof(Sizes))]
    public void Multiply_AnyRowCount_MatchesDoubleReference(int rows)
    {
        foreach (var accumulate in new[] { false, true })
            Check(Form.Plain, rows, inner: 19, columns: 33, accumulate);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Multiply_AnyInnerLength_MatchesDoubleReference(int inner)
    {
        foreach (var accumulate in new[] { false, true })
            Check(Form.Plain, rows: 13, inner, columns: 17, accumulate);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Multiply_AnyColumnCount_MatchesDoubleReference(int columns)
    {
        foreach (var accumulate in new[] { false, true })
            Check(Form.Plain, rows: 13, inner: 7, columns, accumulate);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void MultiplyTransposed_AnySize_MatchesDoubleReference(int size)
    {
        foreach (var accumulate in new[] { false, true })
        {
            Check(Form.Transposed, size, inner: 11, columns: 18, accumulate);
            Check(Form.Transposed, rows: 13, size, columns: 5, accumulate);
            Check(Form.Transposed, rows: 9, inner: 3, size, accumulate);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void MultiplyRows_RowsAnywhere_MatchesDoubleReference(int size)
    {
        foreach (var accumulate in new[] { false, true })
        {
            Check(Form.Rows, size, inner: 11, columns: 18, accumulate);
            Check(Form.Rows, rows: 13, size, columns: 5, accumulate);
            Check(Form.Rows, rows: 9, inner: 3, size, accumulate);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void AddTransposedRows_RowsAnywhere_MatchesDoubleReference(int size)
    {
        Check(Form.TransposedRows, size, inner: 11, columns: 18, accumulate: true);
        Check(Form.TransposedRows, rows: 13, size, columns: 5, accumulate: true);
        Check(Form.TransposedRows, rows: 9, inner: 3, size, accumulate: true);
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void AddTransposedRows_EveryWidth_GivesTheBitsOfTheTransposedProduct(int width)
    {
        using var arena = new Arena();
        var random = new Random(20 + width);
        var rows = stackalloc float*[37];
        foreach (var columns in new[] { 1, 16, 17, 33, 48, 64, 80 })
        {
            var a = Native.Random(arena, 37, 21, random);
            var b = Native.Random(arena, 37, columns, random);
            var start = Native.Random(arena, 24, columns, random);
            var c = arena.Allocate(24, columns);
            c.Add(start);
            for (var i = 0; i < 37; i++)
                rows[i] = a.Row(i);
            var work = new MatMul.TransposedRowsWork(rows, b, c.Top(21), 37);
            switch (width)
            {
                case 16: work.Run<Simd512, Vector512<float>>(); break;
                case 8: work.Run<Simd256, Vector256<float>>(); break;
                case 4: work.Run<Simd128, Vector128<float>>(); break;
                default: work.Run<SimdScalar, float>(); break;
            }

            Chunk(width, new Matrix(a.Data, 21, 37, 1), a.Stride, b, start.Top(21), 37, accumulate: true);
            for (var row = 0; row < 21; row++)
                Assert.True(Native.SameBits(Native.RowOf(start, row), Native.RowOf(c, row)), $"row {row}, {columns} columns");
        }
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(384)]
    [InlineData(385)]
    [InlineData(512)]
    [InlineData(640)]
    [InlineData(641)]
    [InlineData(1000)]
    public void Multiply_DeeperThanAPanel_GivesTheBitsOfOneChain(int inner)
    {
        using var arena = new Arena();
        var random = new Random(inner);
        var a = Native.Random(arena, 9, inner, random);
        var b = Native.Random(arena, inner, 48, random);
        foreach (var accumulate in new[] { false, true })
        {
            var c = Native.Random(arena, 9, 48, random);
            var expected = new float[9, 48];
            for (var i = 0; i < 9; i++)
            {
                for (var j = 0; j < 48; j++)
                {
                    var sum = accumulate ? c.Row(i)[j] : 0f;
                    for (var k = 0; k < inner; k++)
                        sum = MultiplyAdd(a.Row(i)[k], b.Row(k)[j], sum);
                    expected[i, j] = sum;
                }
            }

            MatMul.Multiply(a, b, c, inner, accumulate);
            for (var i = 0; i < 9; i++)
            {
                for (var j = 0; j < 48; j++)
                    Assert.Equal(BitConverter.SingleToInt32Bits(expected[i, j]), BitConverter.SingleToInt32Bits(c.Row(i)[j]));
            }
        }
    }

    [Fact]
    public void Multiply_LargerThanAnyTile_MatchesDoubleReference() => Check(Form.Plain, rows: 70, inner: 130, columns: 96, accumulate: true);

    [Fact]
    public void Multiply_SlicesOfLargerMatrices_ReadsAndWritesNothingElse()
    {
        using var arena = new Arena();
        var random = new Random(3);
        var a = Native.Random(arena, 20, 30, random);
        var b = Native.Random(arena, 12, 80, random);
        var c = arena.Allocate(20, 80).Poison();
        var part = c.Slice(5, 9).Block(16, 20);
        MatMul.Multiply(a.Slice(3, 9), b.Block(32, 20), part, 12);
        var (expected, magnitude) = DoubleMatMul.Multiply(
            (i, k) => a.Row(i + 3)[k], (k, j) => b.Row(k)[32 + j], (_, _) => 0, 9, 12, 20);
        AssertClose(part, expected, magnitude);
        for (var row = 0; row < 20; row++)
        {
            for (var column = 0; column < 80; column++)
            {
                var inside = row is >= 5 and < 14 && column is >= 16 and < 48; // 20 columns padded to 32
                Assert.Equal(!inside, float.IsNaN(c.Row(row)[column]));
            }
        }
    }

    [Fact]
    public void Multiply_PaddingOfB_IsCarriedIntoThePaddingOfC()
    {
        using var arena = new Arena();
        var random = new Random(4);
        var a = Native.Random(arena, 9, 5, random);
        var b = Native.Random(arena, 5, 3, random);
        var c = arena.Allocate(9, 3).Poison();
        MatMul.Multiply(a, b, c, 5);
        for (var row = 0; row < 9; row++)
            Assert.All(new Span<float>(c.Row(row) + 3, 13).ToArray(), value => Assert.Equal(0f, value));
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Chunk_EveryWidth_MatchesDoubleReference(int width)
    {
        using var arena = new Arena();
        var random = new Random(width);
        for (var rows = 1; rows <= 8; rows++)
        {
            foreach (var columns in new[] { 1, 15, 16, 17, 32, 33, 47, 48, 64 })
            {
                var a = Native.Random(arena, rows, 21, random);
                var b = Native.Random(arena, 21, columns, random);
                var start = Native.Random(arena, rows, columns, random);
                foreach (var accumulate in new[] { false, true })
                {
                    var c = arena.Allocate(rows, columns);
                    c.Add(start);
                    Chunk(width, a, b, c, 21, accumulate);
                    var (expected, magnitude) = DoubleMatMul.Multiply(
                        (i, k) => a.Row(i)[k], (k, j) => b.Row(k)[j], (i, j) => accumulate ? start.Row(i)[j] : 0, rows, 21, columns);
                    AssertClose(c, expected, magnitude);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Chunk_SameRowInAnyTile_GivesTheSameBits(int width)
    {
        using var arena = new Arena();
        var random = new Random(10 + width);
        var a = Native.Random(arena, 8, 37, random);
        var wide = Native.Random(arena, 37, 48, random); // three vectors of 16: both the double and the single tile
        var eight = arena.Allocate(8, 48);
        Chunk(width, a, wide, eight, 37, accumulate: false);
        for (var row = 0; row < 8; row++)
        {
            var alone = arena.Allocate(1, 48);
            Chunk(width, a.Slice(row, 1), wide, alone, 37, accumulate: false);
            Assert.True(Native.SameBits(Native.RowOf(eight, row), Native.RowOf(alone, 0)), $"row {row} of 8 and alone");

            var first = Math.Min(row, 4);
            var four = arena.Allocate(4, 48);
            Chunk(width, a.Slice(first, 4), wide, four, 37, accumulate: false);
            Assert.True(Native.SameBits(Native.RowOf(eight, row), Native.RowOf(four, row - first)), $"row {row} of 8 and among 4");
        }

        // The same columns elsewhere: column 32 sits in a single tile above and in a double tile here.
        var shifted = arena.Allocate(8, 16);
        Chunk(width, a, wide.Block(32, 16), shifted, 37, accumulate: false);
        for (var row = 0; row < 8; row++)
            Assert.True(Native.SameBits(new Span<float>(eight.Row(row) + 32, 16), new Span<float>(shifted.Row(row), 16)), $"row {row}, moved columns");
    }

    private enum Form
    {
        Plain,
        Transposed,
        Rows,
        TransposedRows,
    }

    private static void Check(Form form, int rows, int inner, int columns, bool accumulate)
    {
        using var arena = new Arena();
        var random = new Random((rows * 1000) + (inner * 50) + columns);
        var a = form is Form.Transposed or Form.TransposedRows ? Native.Random(arena, inner, rows, random) : Native.Random(arena, rows, inner, random);
        var b = Native.Random(arena, inner, columns, random);
        var start = Native.Random(arena, rows, columns, random);
        var c = arena.Allocate(SimdWidth.Padded(rows), columns).Top(rows); // rows of padding, for the form that writes them
        if (accumulate)
            c.Add(start);
        else
            c.Poison();
        switch (form)
        {
            case Form.Plain:
                MatMul.Multiply(a, b, c, inner, accumulate);
                break;
            case Form.Transposed:
                MatMul.MultiplyTransposed(a, b, c, inner, accumulate);
                break;
            case Form.TransposedRows:
                var items = stackalloc float*[inner + 1];
                for (var i = 0; i < inner; i++)
                    items[i] = a.Row(i);
                MatMul.AddTransposedRows(items, b, c, inner);
                break;
            default:
                var order = Enumerable.Range(0, rows).Reverse().ToArray();
                var pointers = stackalloc float*[rows + 1];
                for (var i = 0; i < rows; i++)
                    pointers[i] = a.Row(order[i]);
                MatMul.MultiplyRows(pointers, b, c, inner, accumulate);
                break;
        }

        var (expected, magnitude) = DoubleMatMul.Multiply(
            (i, k) => form switch { Form.Plain => a.Row(i)[k], Form.Transposed or Form.TransposedRows => a.Row(k)[i], _ => a.Row(rows - 1 - i)[k] },
            (k, j) => b.Row(k)[j], (i, j) => accumulate ? start.Row(i)[j] : 0, rows, inner, columns);
        AssertClose(c, expected, magnitude);
    }

    private static void AssertClose(Matrix c, double[,] expected, double[,] magnitude)
    {
        for (var i = 0; i < c.Rows; i++)
        {
            for (var j = 0; j < c.Columns; j++)
            {
                if (!(Math.Abs(c.Row(i)[j] - expected[i, j]) <= Tolerance * magnitude[i, j]))
                    Assert.Fail($"[{c.Rows} x {c.Columns}] at ({i}, {j}): {c.Row(i)[j]}, expected {expected[i, j]} within {Tolerance * magnitude[i, j]}");
            }
        }
    }

    /// <summary>One element of what the width in use does.</summary>
    private static float MultiplyAdd(float a, float b, float c) => Vector128.IsHardwareAccelerated
        ? Simd128.MultiplyAdd(Vector128.CreateScalar(a), Vector128.CreateScalar(b), Vector128.CreateScalar(c)).ToScalar()
        : SimdScalar.MultiplyAdd(a, b, c);

    private static void Chunk(int width, Matrix a, Matrix b, Matrix c, int inner, bool accumulate) => Chunk(width, a, 1, b, c, inner, accumulate);

    private static void Chunk(int width, Matrix a, long step, Matrix b, Matrix c, int inner, bool accumulate)
    {
        var rows = stackalloc float*[c.Rows];
        for (var i = 0; i < c.Rows; i++)
            rows[i] = a.Row(i);
        switch (width)
        {
            case 16: MatMul.Chunk<Simd512, Vector512<float>>(rows, step, b, c, inner, accumulate); break;
            case 8: MatMul.Chunk<Simd256, Vector256<float>>(rows, step, b, c, inner, accumulate); break;
            case 4: MatMul.Chunk<Simd128, Vector128<float>>(rows, step, b, c, inner, accumulate); break;
            default: MatMul.Chunk<SimdScalar, float>(rows, step, b, c, inner, accumulate); break;
        }
    }
}
