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

    [Fact]
    public void Sort_ExtremeScores_AreInTheOrderOfFloats()
    {
        float[] scores = [0, float.MaxValue, -float.Epsilon, float.NegativeInfinity, -1, float.Epsilon, float.PositiveInfinity, -float.MaxValue, 1];
        var candidates = scores.Select((score, index) => new ScoredItem(index, score)).ToArray();
        for (var count = 1; count <= scores.Length + 1; count++)
            Assert.Equal(ByDefinition.TopK(candidates, count), Best(candidates, count));
    }

    [Fact]
    public void Sort_ZerosOfBothSigns_AreLevel() => Assert.Equal([3, 5, 7], Best([new(7, 0f), new(3, -0f), new(9, -1), new(5, 0f)], 3).Select(scored => scored.ItemIndex));

    [Fact]
    public void Add_NoNumber_IsNotKept() => Assert.Equal([new(1, 2), new(3, 1)], Best([new(0, float.NaN), new(1, 2), new(2, -float.NaN), new(3, 1)], 4));

    [Fact]
    public void Add_InParts_GoesOnWhereTheLastEnded()
    {
        var scores = Enumerable.Range(0, 50).Select(index => new ScoredItem(index, index * 7 % 50)).ToArray();
        var room = new ScoredItem[8];
        var kept = 0;
        foreach (var part in scores.Chunk(6))
        {
            var top = new TopK(room, kept);
            foreach (var (item, score) in part)
                top.Add(item, score);
            kept = top.Count;
        }

        Assert.Equal(8, new TopK(room, kept).Sort());
        Assert.Equal(ByDefinition.TopK(scores, 8), room);
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
