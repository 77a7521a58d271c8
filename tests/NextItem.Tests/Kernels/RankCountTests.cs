using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class RankCountTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Add_OneTo33Lanes_EqualsTheDefinition(int width)
    {
        for (var lanes = 1; lanes <= 33; lanes++)
            Check(lanes, (scores, threshold, above, level) => AddAt(width, scores, threshold, above, level));
    }

    [Fact]
    public void Add_WidthOfThisProcess_EqualsTheDefinition()
    {
        for (var lanes = 1; lanes <= 33; lanes++)
            Check(lanes, (scores, threshold, above, level) => RankCount.Add(scores, (float*)threshold, (float*)above, (float*)level));
    }

    private static void Check(int lanes, Action<Matrix, nint, nint, nint> add)
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
            for (var row = 0; row < rows; row++)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    scores.Row(row)[lane] = random.Next(-3, 4); // few levels: many ties
                    above[lane] += scores.Row(row)[lane] > counts.Row(0)[lane] ? 1 : 0;
                    level[lane] += scores.Row(row)[lane] == counts.Row(0)[lane] ? 1 : 0;
                }
            }

            add(scores, (nint)counts.Row(0), (nint)counts.Row(1), (nint)counts.Row(2));
        }

        Assert.Equal(above, Array.ConvertAll(Native.RowOf(counts, 1), count => (int)count));
        Assert.Equal(level, Array.ConvertAll(Native.RowOf(counts, 2), count => (int)count));
    }

    private static void AddAt(int width, Matrix scores, nint threshold, nint above, nint level)
    {
        float* t = (float*)threshold, a = (float*)above, l = (float*)level;
        switch (width)
        {
            case 16: RankCount.Add<Simd512, Vector512<float>>(scores, t, a, l); break;
            case 8: RankCount.Add<Simd256, Vector256<float>>(scores, t, a, l); break;
            case 4: RankCount.Add<Simd128, Vector128<float>>(scores, t, a, l); break;
            default: RankCount.Add<SimdScalar, float>(scores, t, a, l); break;
        }
    }
}
