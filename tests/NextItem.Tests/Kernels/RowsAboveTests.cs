using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class RowsAboveTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Find_OneTo33Lanes_EqualsTheDefinition(int width)
    {
        for (var lanes = 1; lanes <= 33; lanes++)
        {
            foreach (var rows in new[] { 1, 7, 64 })
                Check(width, rows, lanes);
        }
    }

    private static void Check(int width, int rows, int lanes)
    {
        using var arena = new Arena();
        var random = new Random(lanes);
        var scores = arena.Allocate(rows, lanes);
        var floors = arena.Allocate(1, lanes);
        new Span<float>(floors.Row(0), SimdWidth.Padded(lanes)).Fill(float.PositiveInfinity);
        var biases = arena.Allocate(1, 2 * rows).Poison();
        for (var lane = 0; lane < lanes; lane++)
            floors.Row(0)[lane] = lane == 5 && rows == 7 ? float.NaN : 3;
        ulong expected = 0;
        for (var row = 0; row < rows; row++)
        {
            biases.Row(0)[2 * row] = random.Next(-1, 2);
            for (var lane = 0; lane < lanes; lane++)
            {
                scores.Row(row)[lane] = random.Next(200) == 0 ? float.NaN : random.Next(-3, 3);
                if (!(scores.Row(row)[lane] + biases.Row(0)[2 * row] <= floors.Row(0)[lane]))
                    expected |= 1UL << row;
            }
        }

        Assert.Equal(expected, RowsAbove.Find(scores, biases.Row(0), 2, floors.Row(0)));
        Assert.Equal(expected, width switch
        {
            16 => RowsAbove.Find<Simd512, Vector512<float>>(scores, biases.Row(0), 2, floors.Row(0)),
            8 => RowsAbove.Find<Simd256, Vector256<float>>(scores, biases.Row(0), 2, floors.Row(0)),
            4 => RowsAbove.Find<Simd128, Vector128<float>>(scores, biases.Row(0), 2, floors.Row(0)),
            _ => RowsAbove.Find<SimdScalar, float>(scores, biases.Row(0), 2, floors.Row(0)),
        });
    }
}
