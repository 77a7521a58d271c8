using NextItem.Evaluation;
using NextItem.Tests.Reference;

namespace NextItem.Tests.Evaluation;

public class RestOfSessionMetricTests
{
    /// <summary>
    /// The list is abcd, the rest of the session b, d, x. Within 2 there is one hit of three items, at place 2: recall 1/3,
    /// precision 1/2, average precision (1/2) / 2. Within 4 two hits: recall 2/3, precision 2/4, average precision (1/2 + 2/4) / 3.
    /// </summary>
    [Theory]
    [InlineData(2, 1 / 3.0, 0.5, 0.25)]
    [InlineData(4, 2 / 3.0, 0.5, 1 / 3.0)]
    [InlineData(10, 2 / 3.0, 0.2, 1 / 3.0)]
    public void Metrics_AListByHand_AreTheseNumbers(int cutoff, double recall, double precision, double map)
    {
        bool[] hits = [false, true, false, true];
        Assert.Equal(recall, RestRecallAtK.Of(hits, 3, cutoff), 1e-15);
        Assert.Equal(precision, RestPrecisionAtK.Of(hits, cutoff), 1e-15);
        Assert.Equal(map, RestMapAtK.Of(hits, 3, cutoff), 1e-15);
    }

    /// <summary>Hits at the places 1 and 3 of three: gains 1 + 1/2; the best list of two has 1 + 1/log2(3).</summary>
    [Fact]
    public void Ndcg_AListByHand_IsTheGainOverTheBest() =>
        Assert.Equal(1.5 / (1 + (1 / Math.Log2(3))), RestNdcgAtK.Of([true, false, true], 2, 3), 1e-15);

    [Fact]
    public void Metrics_RandomLists_EqualTheReference()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 500; trial++)
        {
            var letters = "abcdefghijkl".ToCharArray();
            random.Shuffle(letters);
            var list = new string(letters[..random.Next(0, 9)]);
            var rest = new string([.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => (char)('a' + random.Next(14)))]);
            var cutoff = random.Next(1, 12);
            bool[] hits = [.. list.Select(item => rest.Contains(item, StringComparison.Ordinal))];
            var relevant = rest.Distinct().Count();
            Assert.Equal(DoubleMetrics.RestRecall(list, rest, cutoff), RestRecallAtK.Of(hits, relevant, cutoff), 1e-14);
            Assert.Equal(DoubleMetrics.RestPrecision(list, rest, cutoff), RestPrecisionAtK.Of(hits, cutoff), 1e-14);
            Assert.Equal(DoubleMetrics.RestNdcg(list, rest, cutoff), RestNdcgAtK.Of(hits, relevant, cutoff), 1e-14);
            Assert.Equal(DoubleMetrics.RestMap(list, rest, cutoff), RestMapAtK.Of(hits, relevant, cutoff), 1e-14);
        }
    }
}
