using CsCheck;
using NextItem.Kernels;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Kernels;

public class TopKTests
{
    [Fact]
    public void Sort_RandomScoresWithManyTies_EqualsAFullSort() =>
        Gen.Select(Gen.Int[-4, 4].Array[0, 200], Gen.Int[0, 60], Gen.Bool).Sample((levels, count, reversed) =>
        {
            var candidates = levels.Select((level, index) => new ScoredItem(index, level / 2f)).ToArray();
            if (reversed)
                Array.Reverse(candidates);
            Assert.Equal(ByDefinition.TopK(candidates, count), Best(candidates, count));
        });

    [Fact]
    public void Sort_DistinctScores_EqualsAFullSort() =>
        Gen.Select(Gen.Float[-100, 100].Array[0, 300], Gen.Int[1, 40]).Sample((scores, count) =>
        {
            var candidates = scores.Select((score, index) => new ScoredItem(index, score)).ToArray();
            Assert.Equal(ByDefinition.TopK(candidates, count), Best(candidates, count));
        });

    [Fact]
    public void Floor_NotYetFull_RefusesNothing()
    {
        var top = new TopK(new ScoredItem[2]);
        Assert.Equal(float.NegativeInfinity, top.Floor);
        top.Add(0, 5);
        Assert.Equal(float.NegativeInfinity, top.Floor);
        top.Add(1, 3);
        Assert.Equal(3, top.Floor);
        top.Add(2, 4);
        Assert.Equal(4, top.Floor);
    }

    [Fact]
    public void Add_NoRoomAtAll_KeepsNothing()
    {
        var top = new TopK([]);
        top.Add(1, 1);
        Assert.Equal(0, top.Sort());
    }

    private static ScoredItem[] Best(ScoredItem[] candidates, int count)
    {
        var heap = new ScoredItem[count];
        var top = new TopK(heap);
        foreach (var (item, score) in candidates)
            top.Add(item, score);
        return heap[..top.Sort()];
    }
}
