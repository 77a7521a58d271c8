using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class RankCountTests
{
    private const int BiasStride = 3;

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Add_OneTo33Lanes_EqualsTheDefinition(int width)
    {
        for (var lanes = 1; lanes <= 33; lanes++)
            Check(lanes, (scores, bias, threshold, above, level) => AddAt(width, scores, bias, threshold, above, level));
    }

    [Fact]
    public void Add_WidthOfThisProcess_EqualsTheDefinition()
    {
        for (var lanes = 1; lanes <= 33; lanes++)
            Check(lanes, (scores, bias, threshold, above, level) => RankCount.Add(scores, (float*)bias, BiasStride, (float*)threshold, (float*)above, (float*)level));
    }

    private static void Check(int lanes, Action<Matrix, nint, nint, nint, nint> add)
    {
        using var arena = new Arena();
        var random = new Random(lanes);
        var counts = arena.Allocate(3, lanes);
        for (var lane = 0; lane < lanes; lane++)
            counts.Row(0)[lane] = random.Next(-3, 4);
        var above = new int[lanes];
        var level = new int[lanes];
        foreach (var rows in new[] { 1, 7, 64 }) // in blocks: the counts grow
        {
            var scores = arena.Allocate(rows, lanes);
            var biases = arena.Allocate(1, rows * BiasStride).Poison();
            for (var row = 0; row < rows; row++)
            {
                var bias = biases.Row(0)[row * BiasStride] = random.Next(-1, 2);
                for (var lane = 0; lane < lanes; lane++)
                {
                    scores.Row(row)[lane] = random.Next(-3, 4); // few levels: many ties
                    above[lane] += scores.Row(row)[lane] + bias > counts.Row(0)[lane] ? 1 : 0;
                    level[lane] += scores.Row(row)[lane] + bias == counts.Row(0)[lane] ? 1 : 0;
                }
            }

            add(scores, (nint)biases.Row(0), (nint)counts.Row(0), (nint)counts.Row(1), (nint)counts.Row(2));
        }

        Assert.Equal(above, Flushed(counts, 1));
        Assert.Equal(level, Flushed(counts, 2));
    }

    /// <summary>Twice: the sums grow by the counts, which start anew.</summary>
    private static int[] Flushed(Matrix counts, int row)
    {
        var sums = new int[counts.Columns];
        Array.Fill(sums, 1_000_000_000);
        RankCount.Flush(new Span<float>(counts.Row(row), sums.Length), sums);
        RankCount.Flush(new Span<float>(counts.Row(row), sums.Length), sums);
        return Array.ConvertAll(sums, sum => sum - 1_000_000_000);
    }

    private static void AddAt(int width, Matrix scores, nint bias, nint threshold, nint above, nint level)
    {
        float* b = (float*)bias, t = (float*)threshold, a = (float*)above, l = (float*)level;
        switch (width)
        {
            case 16: RankCount.Add<Simd512, Vector512<float>>(scores, b, BiasStride, t, a, l); break;
            case 8: RankCount.Add<Simd256, Vector256<float>>(scores, b, BiasStride, t, a, l); break;
            case 4: RankCount.Add<Simd128, Vector128<float>>(scores, b, BiasStride, t, a, l); break;
            default: RankCount.Add<SimdScalar, float>(scores, b, BiasStride, t, a, l); break;
        }
    }
}
