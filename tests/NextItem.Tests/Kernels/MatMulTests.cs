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
    public void RowBlock_EveryWidth_MatchesDoubleReference(int width)
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
                    RowBlock(width, a, b, c, 21, accumulate);
                    var (expected, magnitude) = DoubleMatMul.Multiply(
                        (i, k) => a.Row(i)[k], (k, j) => b.Row(k)[j], (i, j) => accumulate ? start.Row(i)[j] : 0, rows, 21, columns);
                    AssertClose(c, expected, magnitude);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void RowBlock_SameRowInAnyTile_GivesTheSameBits(int width)
    {
        using var arena = new Arena();
        var random = new Random(10 + width);
        var a = Native.Random(arena, 8, 37, random);
        var wide = Native.Random(arena, 37, 48, random); // three vectors of 16: both the double and the single tile
        var eight = arena.Allocate(8, 48);
        RowBlock(width, a, wide, eight, 37, accumulate: false);
        for (var row = 0; row < 8; row++)
        {
            var alone = arena.Allocate(1, 48);
            RowBlock(width, a.Slice(row, 1), wide, alone, 37, accumulate: false);
            Assert.True(Native.SameBits(Native.RowOf(eight, row), Native.RowOf(alone, 0)), $"row {row} of 8 and alone");

            var first = Math.Min(row, 4);
            var four = arena.Allocate(4, 48);
            RowBlock(width, a.Slice(first, 4), wide, four, 37, accumulate: false);
            Assert.True(Native.SameBits(Native.RowOf(eight, row), Native.RowOf(four, row - first)), $"row {row} of 8 and among 4");
        }

        // The same columns elsewhere: column 32 sits in a single tile above and in a double tile here.
        var shifted = arena.Allocate(8, 16);
        RowBlock(width, a, wide.Block(32, 16), shifted, 37, accumulate: false);
        for (var row = 0; row < 8; row++)
            Assert.True(Native.SameBits(new Span<float>(eight.Row(row) + 32, 16), new Span<float>(shifted.Row(row), 16)), $"row {row}, moved columns");
    }

    private enum Form
    {
        Plain,
        Transposed,
        Rows,
    }

    private static void Check(Form form, int rows, int inner, int columns, bool accumulate)
    {
        using var arena = new Arena();
        var random = new Random((rows * 1000) + (inner * 50) + columns);
        var a = form == Form.Transposed ? Native.Random(arena, inner, rows, random) : Native.Random(arena, rows, inner, random);
        var b = Native.Random(arena, inner, columns, random);
        var start = Native.Random(arena, rows, columns, random);
        var c = arena.Allocate(rows, columns);
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
            default:
                var order = Enumerable.Range(0, rows).Reverse().ToArray();
                var pointers = stackalloc float*[rows + 1];
                for (var i = 0; i < rows; i++)
                    pointers[i] = a.Row(order[i]);
                MatMul.MultiplyRows(pointers, b, c, inner, accumulate);
                break;
        }

        var (expected, magnitude) = DoubleMatMul.Multiply(
            (i, k) => form switch { Form.Plain => a.Row(i)[k], Form.Transposed => a.Row(k)[i], _ => a.Row(rows - 1 - i)[k] },
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

    private static void RowBlock(int width, Matrix a, Matrix b, Matrix c, int inner, bool accumulate)
    {
        var rows = stackalloc float*[8];
        for (var i = 0; i < c.Rows; i++)
            rows[i] = a.Row(i);
        switch (width)
        {
            case 16: MatMul.RowBlock<Simd512, Vector512<float>>(rows, 1, b, c, inner, accumulate); break;
            case 8: MatMul.RowBlock<Simd256, Vector256<float>>(rows, 1, b, c, inner, accumulate); break;
            case 4: MatMul.RowBlock<Simd128, Vector128<float>>(rows, 1, b, c, inner, accumulate); break;
            default: MatMul.RowBlock<SimdScalar, float>(rows, 1, b, c, inner, accumulate); break;
        }
    }
}
