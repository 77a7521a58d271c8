using NextItem.Features;
using NextItem.Tests.Models;
using static NextItem.Tests.Features.SmallFeatures;

namespace NextItem.Tests.Features;

/// <summary>Memory goes by what is not zero.</summary>
[Collection(nameof(AllocationTests))]
public class FeatureMemoryTests
{
    private const int Width = 1_000_000, PerItem = 6, Count = Width / 3;

    [Fact]
    public void Fit_AMillionTermsAndSixAnItem_TakesMemoryForTheNonZeros()
    {
        // Every word twice, in two items.
        var texts = new string[Count];
        for (var item = 0; item < Count; item++)
            texts[item] = string.Join(' ', Enumerable.Range(0, PerItem).Select(i => $"w{((item * PerItem) + i) % Width}"));
        var table = Table(Texts("t", texts));
        FeatureBlockOptions[] options = [Block("text", ("t", FeatureKind.Text)) with { LongestTerm = 1 }];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var block = ItemFeatures.Fit(table, options).Blocks[0];
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var rows = Assert.IsType<SparseRows>(block.Rows);
        Assert.InRange(block.Width, Width - 2, Width);
        Assert.InRange(block.NonZeroCount, (PerItem * Count) - PerItem, PerItem * Count);
        Assert.Equal((block.NonZeroCount, block.NonZeroCount, Count + 1), (rows.Columns.LongLength, rows.Values.LongLength, rows.Offsets.Length));

        // All that fitting ever takes, arrays that it grows out of too: some 100 bytes a non-zero and 200 a term, where one
        // dense row of each item would be 1.3 TB.
        Assert.InRange(allocated, 8 * block.NonZeroCount, (100 * block.NonZeroCount) + (200L * Width));
    }
}
