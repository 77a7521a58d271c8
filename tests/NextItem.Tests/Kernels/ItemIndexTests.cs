using System.Numerics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public unsafe class ItemIndexTests
{
    public static TheoryData<string> Kinds => [.. HardRows.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void UpperBound_AnyLength_IsNeverBelowTheScore(string kind)
    {
        for (var length = 1; length <= 257; length++)
        {
            Check(kind, count: 50, length, (index, query, scores) =>
            {
                for (var item = 0; item < scores.Length; item++)
                {
                    var bound = index.UpperBound(query, item);
                    Assert.False(bound < scores[item], $"length {length}, item {item}: bound {bound:R}, score {scores[item]:R}");
                }
            });
        }
    }

    [Fact]
    public void UpperBound_RandomRows_IsNearTheScore()
    {
        Check("random", count: 200, length: 100, (index, query, scores) =>
        {
            // Lengths of a row and a state of 100 numbers in (-1, 1) are about 6; 1 in 254 and half of it make 0.07.
            for (var item = 0; item < scores.Length; item++)
                Assert.InRange(index.UpperBound(query, item) - scores[item], 0f, 0.15f);
        });
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Bounds_EveryWidth_AreTheSame(string kind)
    {
        foreach (var length in Enumerable.Range(1, 40).Append(100).Append(257))
        {
            Check(kind, count: 16, length, (index, query, _) =>
            {
                var bounds = new float[4][];
                foreach (var (i, width) in new[] { 16, 8, 4, 1 }.Index())
                {
                    bounds[i] = new float[16];
                    fixed (float* start = bounds[i])
                        IndexScan.Bounds(index.Block(0), (length + 3) / 4, query, start, width);
                    Assert.Equal(bounds[0], bounds[i]);
                }

                for (var item = 0; item < 16; item++)
                    Assert.Equal(bounds[0][item], index.UpperBound(query, item));
            });
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Candidates_AnyFloor_AreTheItemsWhoseBoundIsNotUpToIt(string kind)
    {
        foreach (var count in new[] { 1, 15, 16, 17, 50 })
        {
            Check(kind, count, length: 10, (index, query, scores) =>
            {
                foreach (var floor in scores.Append(float.NaN).Append(float.NegativeInfinity).Append(float.PositiveInfinity))
                {
                    for (var block = 0; block < index.Blocks; block++)
                    {
                        uint expected = 0;
                        for (var i = 0; i < 16 && (block * 16) + i < count; i++)
                            expected |= index.UpperBound(query, (block * 16) + i) <= floor ? 0 : 1u << i;
                        Assert.Equal(expected, index.Candidates(query, block, floor));
                    }
                }
            });
        }
    }

    [Fact]
    public void Candidates_FloorOfTheTwentiethBest_AreFew()
    {
        Check("random", count: 20_000, length: 64, (index, query, scores) =>
        {
            var floor = scores.OrderDescending().ElementAt(19);
            var candidates = Enumerable.Range(0, index.Blocks).Sum(block => BitOperations.PopCount(index.Candidates(query, block, floor)));
            Assert.InRange(candidates, 19, 60); // the twentieth itself may be left out: another of its score would come later
        });
    }

    /// <summary>One byte an element, twelve more an item.</summary>
    [Fact]
    public void Bytes_AnyShape_AreThoseOfTheDocumentation() =>
        Check("random", count: 160, length: 100, (index, _, _) => Assert.Equal(160 * (100 + 12), index.Bytes));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e7f)]
    [InlineData(1e-20f)]
    public void TryPrepare_StateBeyondTheBound_IsRefused(float value)
    {
        Check("random", count: 16, length: 5, (index, _, _) =>
        {
            var pairs = stackalloc int[index.QueryLength];
            Assert.False(index.TryPrepare([value, value, value, value, value], pairs, out _));
            Assert.True(index.TryPrepare([0, 0, 0, 0, 0], pairs, out _));
        });
    }

    private delegate void Test(ItemIndex index, IndexQuery query, float[] scores);

    private static void Check(string kind, int count, int length, Test test)
    {
        var (vectors, biases) = HardRows.Make(kind, count, length, seed: length);
        var state = HardRows.State(length, seed: length + 1);
        fixed (float* vector = vectors, bias = biases, h = state)
        {
            var items = HardRows.View(vector, bias, count, length);
            using var index = new ItemIndex(items);
            var pairs = new int[index.QueryLength];
            var scores = new float[count + RowDots.Multiple];
            var rows = stackalloc float*[RowDots.Multiple];
            fixed (int* pair = pairs)
            fixed (float* score = scores)
            {
                Assert.True(index.TryPrepare(state, pair, out var query));
                for (var first = 0; first < count; first += RowDots.Multiple)
                {
                    for (var i = 0; i < RowDots.Multiple; i++)
                        rows[i] = items.Vector(Math.Min(first + i, count - 1));
                    RowDots.Run(rows, Math.Min(RowDots.Multiple, count - first), h, length, score + first);
                }

                for (var item = 0; item < count; item++)
                    score[item] += biases[item];
                test(index, query, scores[..count]);
            }
        }
    }
}
