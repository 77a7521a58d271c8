using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class RowDotsTests
{
    private const int Rows = 45; // two vectors of rows, one, and a part of one, at every width

    /// <summary>Rows lie one after the other without padding, and behind the last one is what must not be read.</summary>
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Run_AnyLength_HasTheBitsOfTheMatrixProduct(int width)
    {
        var random = new Random(3);
        var rows = stackalloc float*[48];
        for (var inner = 0; inner <= 257; inner++)
        {
            using var arena = new Arena();
            var vectors = Native.Random(arena, 1, (Rows * inner) + 16, random);
            new Span<float>(vectors.Row(0) + (Rows * inner), 16).Fill(float.NaN);
            var h = arena.Allocate(inner + 1, 1);
            var flat = Native.Random(arena, 1, inner + 1, random);
            for (var k = 0; k < inner; k++)
                h.Row(k)[0] = flat.Row(0)[k];
            var product = arena.Allocate(64, 1).Poison();
            var sums = arena.Allocate(1, 64).Poison();
            for (var row = 0; row < 48; row++)
                rows[row] = vectors.Row(0) + (Math.Min(row, Rows - 1) * inner);
            RunAt(width, rows, flat.Row(0), inner, sums.Row(0), ahead: inner % 3 * 100);
            MultiplyAt(width, rows, h, product.Top(Rows), inner);
            for (var row = 0; row < Rows; row++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(product.Row(row)[0]), BitConverter.SingleToInt32Bits(sums.Row(0)[row]));
                double expected = 0, magnitudes = 0;
                for (var k = 0; k < inner; k++)
                {
                    expected += (double)rows[row][k] * flat.Row(0)[k];
                    magnitudes += Math.Abs((double)rows[row][k] * flat.Row(0)[k]);
                }

                Assert.True(Math.Abs(expected - sums.Row(0)[row]) <= 2e-6 * magnitudes, $"length {inner}, row {row}: {sums.Row(0)[row]}; expected {expected}");
            }
        }
    }

    [Fact]
    public void Run_WidthOfThisProcess_IsTheWidthsForm()
    {
        var random = new Random(4);
        using var arena = new Arena();
        var vectors = Native.Random(arena, Rows, 37, random);
        var h = Native.Random(arena, 1, 37, random);
        var rows = stackalloc float*[48];
        for (var row = 0; row < 48; row++)
            rows[row] = vectors.Row(Math.Min(row, Rows - 1));
        var sums = arena.Allocate(2, 48);
        RowDots.Run(rows, Rows, h.Row(0), 37, sums.Row(0));
        RunAt(SimdWidth.Floats, rows, h.Row(0), 37, sums.Row(1), ahead: 0);
        Assert.Equal(Native.RowOf(sums, 1)[..Rows], Native.RowOf(sums, 0)[..Rows]);
    }

    private static void RunAt(int width, float** rows, float* h, int inner, float* sums, long ahead)
    {
        switch (width)
        {
            case 16: RowDots.Run<Simd512, Vector512<float>>(rows, Rows, h, inner, sums, ahead); break;
            case 8: RowDots.Run<Simd256, Vector256<float>>(rows, Rows, h, inner, sums, ahead); break;
            case 4: RowDots.Run<Simd128, Vector128<float>>(rows, Rows, h, inner, sums, ahead); break;
            default: RowDots.Run<SimdScalar, float>(rows, Rows, h, inner, sums, ahead); break;
        }
    }

    private static void MultiplyAt(int width, float** rows, Matrix h, Matrix product, int inner)
    {
        switch (width)
        {
            case 16: MatMul.Chunk<Simd512, Vector512<float>>(rows, 1, h, product, inner, accumulate: false); break;
            case 8: MatMul.Chunk<Simd256, Vector256<float>>(rows, 1, h, product, inner, accumulate: false); break;
            case 4: MatMul.Chunk<Simd128, Vector128<float>>(rows, 1, h, product, inner, accumulate: false); break;
            default: MatMul.Chunk<SimdScalar, float>(rows, 1, h, product, inner, accumulate: false); break;
        }
    }
}
