using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class TransposeTests
{
    public static TheoryData<int, int> Sizes
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var rows in new[] { 0, 1, 2, 15, 16, 17, 33 })
            {
                foreach (var columns in new[] { 0, 1, 7, 16, 17, 40 })
                    data.Add(rows, columns);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Run_AnySize_SwapsRowsAndColumns(int rows, int columns)
    {
        using var arena = new Arena();
        var source = Native.Random(arena, rows, columns, new Random(1));
        var destination = arena.Allocate(columns, rows).Poison();
        Transpose.Run(source, 0, rows, columns, destination);
        for (var r = 0; r < rows; r++)
        {
            for (var c = 0; c < columns; c++)
                Assert.Equal(source.Row(r)[c], destination.Row(c)[r]);
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void RunBack_AfterRun_RestoresTheMatrix(int rows, int columns)
    {
        using var arena = new Arena();
        var source = Native.Random(arena, rows, columns, new Random(2));
        var across = arena.Allocate(columns, rows);
        Transpose.Run(source, 0, rows, columns, across);
        var back = arena.Allocate(rows, columns).Poison();
        Transpose.RunBack(across, 0, rows, columns, back);
        for (var r = 0; r < rows; r++)
            Assert.Equal(Native.RowOf(source, r), Native.RowOf(back, r));
    }

    [Fact]
    public void Run_RangeOfRows_LeavesTheOthersAlone()
    {
        using var arena = new Arena();
        var source = Native.Random(arena, 20, 9, new Random(3));
        var destination = arena.Allocate(9, 20).Poison();
        Transpose.Run(source, 4, 11, 9, destination);
        for (var r = 0; r < 20; r++)
        {
            for (var c = 0; c < 9; c++)
                Assert.Equal(r is >= 4 and < 11 ? source.Row(r)[c] : float.NaN, destination.Row(c)[r]);
        }
    }
}
