using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class ItemRowsTests
{
    /// <summary>Around 10 MB where 64 rows are at most 32 KB, around 32 MB where they are more; 5,000,000 rows are more bytes than an int holds.</summary>
    [Theory]
    [InlineData(23_405, 112, 0)]
    [InlineData(23_406, 112, 64)]
    [InlineData(20_479, 128, 0)]
    [InlineData(20_480, 128, 64)]
    [InlineData(20_480, 144, 0)]
    [InlineData(34_952, 240, 0)]
    [InlineData(34_953, 240, 64)]
    [InlineData(15_887, 528, 0)]
    [InlineData(15_888, 528, 64)]
    [InlineData(5_000_000, 528, 64)]
    public void RowsAhead_BySizeOfTableAndBlock(int count, int stride, int expected) =>
        Assert.Equal(expected, new ItemRows(null, stride, null, stride, count, stride - 1).RowsAhead(64));

    /// <summary>It is a hint and no reading: the process lives on, whosever the address.</summary>
    [Fact]
    public void PrefetchBlock_OfMemoryThatIsNobodys_ReadsNothing() => new ItemRows((float*)64, 112, null, 112, 64, 99).PrefetchBlock(0, 128);
}
