using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class ItemRowsTests
{
    /// <summary>Small tables lie in a near cache; a block of long rows pushes out what is being multiplied, and only pays where rows come from memory.</summary>
    [Theory]
    [InlineData(27_000, 112, 0)]
    [InlineData(30_000, 112, 64)]
    [InlineData(1_000_000, 112, 64)]
    [InlineData(17_376, 528, 0)]
    [InlineData(17_376, 240, 0)]
    [InlineData(100_000, 240, 64)]
    [InlineData(5_000_000, 528, 64)]
    public void RowsAhead_BySizeOfTableAndBlock(int count, int stride, int expected) =>
        Assert.Equal(expected, new ItemRows(null, stride, null, stride, count, stride - 1).RowsAhead(64));

    /// <summary>A hint, also where there are no rows any more, and for an address that is nobody's.</summary>
    [Fact]
    public void PrefetchBlock_AtAndBehindTheEnd_DoesNothing()
    {
        using var arena = new Arena();
        var table = Native.Random(arena, 70, 100, new Random(1));
        var before = Enumerable.Range(0, table.Rows).SelectMany(row => Native.RowOf(table, row)).ToArray();
        var rows = new ItemRows(table.Data, table.Stride, table.Data, table.Stride, table.Rows, 99);

        rows.PrefetchBlock(0, 64);
        rows.PrefetchBlock(64, 64);
        rows.PrefetchBlock(128, 64);
        new ItemRows((float*)64, 112, null, 112, 64, 99).PrefetchBlock(0, 64);

        Assert.Equal(before, Enumerable.Range(0, table.Rows).SelectMany(row => Native.RowOf(table, row)));
    }
}
