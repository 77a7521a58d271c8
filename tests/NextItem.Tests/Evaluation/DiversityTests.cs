using NextItem.Evaluation;
using NextItem.Tests.Features;
using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Evaluation;

public class DiversityTests
{
    /// <summary>Vectors, side by side, of four items: (3, 0), (0, 1), (2, 2), and none.</summary>
    private static readonly float[]?[] s_vectors = [[3, 0], [0, 1], [2, 2], null];

    /// <summary>Features of two blocks, words and unscaled vectors, that are made up; every ninth item has none.</summary>
    internal static ItemFeatures Made(ItemCatalog catalog, int seed)
    {
        var random = new Random(seed);
        string[] words = ["red", "blue", "green", "wool", "silk"];
        var texts = new string?[catalog.Count];
        var vectors = new float[]?[catalog.Count];
        for (var item = 0; item < catalog.Count; item++)
        {
            texts[item] = item % 9 == 0 || item % 3 == 1 ? null : $"{words[random.Next(5)]} {words[random.Next(5)]}";
            vectors[item] = item % 9 == 0 || item % 3 == 2 ? null : [random.NextSingle() - 0.5f, random.NextSingle(), random.NextSingle()];
        }

        return ItemFeatures.Fit(
            new FeatureTable(catalog, [SmallFeatures.Texts("words", texts), SmallFeatures.Vectors("image", vectors)]),
            [SmallFeatures.Block("text", ("words", FeatureKind.Text)), SmallFeatures.Block("vector", ("image", FeatureKind.Vector)) with { NormaliseVectors = false }]);
    }

    /// <summary>An item's features, all blocks side by side.</summary>
    internal static Dictionary<int, double> Row(ItemFeatures features, int item)
    {
        var row = new Dictionary<int, double>();
        var first = 0;
        foreach (var block in features.Blocks)
        {
            foreach (var (feature, value) in block.FeaturesOf(item))
                row.Add(first + feature, value);
            first += block.Width;
        }

        return row;
    }

    [Fact]
    public void Evaluate_VectorsByHand_IsTheMeanOverPairs()
    {
        var half = Math.Sqrt(0.5); // the cosine of (2, 2) with either other
        Assert.Equal((1 + (1 - half) + (1 - half)) / 3, Diversity([0, 1, 2], 20), 1e-7);
        Assert.Equal(1, Diversity([0, 1, 2], 2), 1e-7);
        Assert.Equal(0, Diversity([0, 1, 2], 1));
        Assert.Equal(1 - half, Diversity([0, 3, 2, 1], 3), 1e-7); // item 3 has nothing and is in no pair
        Assert.Equal(0, Diversity([3, 0], 20));
    }

    [Fact]
    public void Record_ItemsWithoutFeatures_AreCounted()
    {
        var recorder = Recorded(Features(s_vectors), [20], [[0, 3, 2], [3, 1], [3], [0, 1, 2]], out _);

        Assert.Equal(new ListedFeatures(9, 3, 2), recorder.Counted);
    }

    [Fact]
    public void Record_IdenticalItems_IsZeroAndOppositeOnesAreTwo()
    {
        _ = Recorded(Features([[0.1f, 0.7f], [0.1f, 0.7f], [0.2f, 1.4f]]), [3], [[0, 1, 2]], out var same);
        _ = Recorded(Features([[0.1f, 0.7f], [-0.1f, -0.7f]]), [3], [[0, 1]], out var opposite);

        Assert.Equal(0, same.MeanOf(0), 1e-7);
        Assert.True(same.MeanOf(0) >= 0);
        Assert.Equal(2, opposite.MeanOf(0), 1e-7);
    }

    /// <summary>Items numbered in another way, in the same places of the lists.</summary>
    [Fact]
    public void Record_ItemsRenumbered_StaysTheSame()
    {
        const int Count = 60;
        var catalog = SmallFeatures.Items(Count);
        var features = Made(catalog, seed: 3);
        var random = new Random(9);
        int[] numbers = [.. Enumerable.Range(0, Count)];
        random.Shuffle(numbers);
        var oldOf = new int[Count];
        for (var item = 0; item < Count; item++)
            oldOf[numbers[item]] = item;
        var table = new FeatureTable(
            ItemCatalog.From(oldOf.Select(item => $"i{item}"), new int[Count]),
            [SmallFeatures.Vectors("v", [.. oldOf.Select(item => Dense(features, item))])]);
        var renumbered = ItemFeatures.Fit(table, [SmallFeatures.Block("v", ("v", FeatureKind.Vector))]); // scaled to length 1, and dense: a cosine minds neither
        var lists = Enumerable.Range(0, 50).Select(_ => Enumerable.Range(0, Count).OrderBy(_ => random.Next()).Take(random.Next(1, 20)).ToArray()).ToArray();

        var before = Recorded(features, [2, 10], lists, out var sums);
        var after = Recorded(renumbered, [2, 10], [.. lists.Select(list => list.Select(item => numbers[item]).ToArray())], out var otherSums);

        Assert.InRange(sums.MeanOf(1), 0.1, 1.9);
        Assert.Equal(sums.MeanOf(0), otherSums.MeanOf(0), 1e-6); // vectors are floats
        Assert.Equal(sums.MeanOf(1), otherSums.MeanOf(1), 1e-6);
        Assert.Equal(before.Counted, after.Counted);
    }

    [Fact]
    public void Evaluate_FeaturesOfAnotherCatalog_IsRefused()
    {
        var train = Generated.Sessions(20, 10, seed: 1);
        var options = new EvaluationOptions { Features = Made(Generated.Sessions(20, 10, seed: 1).Catalog, seed: 1) };

        Assert.Contains(
            "The item features are for another catalog than the model's",
            Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(MarkovModel.Fit(train), train, options)).Message, StringComparison.Ordinal);
    }

    private static float[]? Dense(ItemFeatures features, int item)
    {
        var row = Row(features, item);
        return row.Count == 0 ? null : [.. Enumerable.Range(0, features.Blocks.Sum(block => block.Width)).Select(feature => (float)row.GetValueOrDefault(feature))];
    }

    private static double Diversity(int[] list, int cutoff)
    {
        _ = Recorded(Features(s_vectors), [cutoff], [list], out var sums);
        return sums.MeanOf(0);
    }

    private static ItemFeatures Features(float[]?[] vectors) =>
        ItemFeatures.Fit(SmallFeatures.Table(SmallFeatures.Vectors("v", vectors)), [SmallFeatures.Block("v", ("v", FeatureKind.Vector))]);

    private static DiversityRecorder Recorded(ItemFeatures features, int[] cutoffs, int[][] lists, out DiversitySums sums)
    {
        sums = new DiversitySums(cutoffs.Length, lists.Length);
        var recorder = new DiversityRecorder(new FeatureDirections(features), cutoffs, sums);
        for (var session = 0; session < lists.Length; session++)
            recorder.Record(new EvaluatedCase(session, [0, 0], 1, default, [.. lists[session].Select((item, place) => new ScoredItem(item, -place))]));
        return recorder;
    }
}
