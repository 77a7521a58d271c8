using NextItem.Tests.Reference;
using static NextItem.Tests.Features.SmallFeatures;

namespace NextItem.Tests.Features;

/// <summary>Categories, numbers and vectors.</summary>
public class OtherFeaturesTests
{
    [Fact]
    public void Category_RandomValues_EqualsDoubleReference()
    {
        var random = new Random(4);
        string?[] items = [.. Enumerable.Range(0, 50).Select(_ => random.Next(8) == 0 ? null : string.Join('|', Enumerable.Range(0, random.Next(5)).Select(_ => $" v{random.Next(12)} ")))];

        var block = Fit(FeatureKind.Category, Texts("c", items));

        var expected = DoubleFeatures.Categories(items, '|');
        Assert.Equal(expected.SelectMany(row => row.Keys).Distinct().Order(StringComparer.Ordinal).Select(value => $"c={value}"), Names(block));
        for (var item = 0; item < items.Length; item++)
            AssertRow(expected[item].ToDictionary(pair => $"c={pair.Key}", pair => pair.Value), Named(block, item), item);
        Assert.Equal(expected.Count(row => row.Count == 0), block.MissingCount);
    }

    [Theory]
    [InlineData('|', "c=A,c=B;C")]
    [InlineData(';', "c=A|B,c=C")]
    [InlineData(' ', "c=A|B;C")]
    [InlineData(null, "c=A|B;C")]
    public void Category_Separator_SplitsThereAlone(char? separator, string names)
    {
        var options = new FeatureBlockOptions { Name = "b", Columns = [new("c", FeatureKind.Category) { Separator = separator }] };
        var features = ItemFeatures.Fit(Table(Texts("c", " A|B;C ")), [options]);

        Assert.Equal(names, string.Join(',', Names(features.Blocks[0])));
        Assert.Equal(separator, features.Blocks[0].Columns[0].Separator);
        Assert.Equal(Named(features.Blocks[0], 0), Named(features.Encode(Table(Texts("c", "A|B;C"))).Blocks[0], 0));
    }

    [Fact]
    public void Category_NewItem_HasItsKnownValuesAtLengthOne()
    {
        var features = ItemFeatures.Fit(Table(Texts("c", "a|b", "b|c")), [Block("b", ("c", FeatureKind.Category))]);
        var encoded = features.Encode(Table(Texts("c", "c|new|a", "new", "||", "A"))).Blocks[0];

        AssertRow(new() { ["c=a"] = Math.Sqrt(0.5), ["c=c"] = Math.Sqrt(0.5) }, Named(encoded, 0), 0);
        Assert.Equal((2, 1), (encoded.EmptyCount, encoded.MissingCount));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-300)]
    [InlineData(1e290)]
    public void Number_AnyScale_EqualsDoubleReference(double scale)
    {
        var random = new Random(5);
        double[] numbers = [.. Enumerable.Range(0, 80).Select(i => i % 9 == 0 ? double.NaN : 100 + (random.NextDouble() * 30))];
        var block = Fit(FeatureKind.Number, Numbers("n", [.. numbers.Select(number => number * scale)]));

        var expected = DoubleFeatures.Standardised(numbers);
        for (var item = 0; item < numbers.Length; item++)
            Assert.Equal(expected[item], block.FeaturesOf(item).SingleOrDefault().Value, 1e-5);
        Assert.Equal(9, block.MissingCount);
        Assert.False(block.IsSparse);
    }

    [Theory]
    [InlineData(new[] { 0.1, 0.1, 0.1 })]
    [InlineData(new[] { 0.0, 0.0 })]
    [InlineData(new[] { double.NaN, 1e308, 1e308 })]
    [InlineData(new[] { double.NaN })]
    public void Number_AllEqual_GivesZerosAlsoForNewItems(double[] numbers)
    {
        var features = ItemFeatures.Fit(Table(Numbers("n", numbers)), [Block("b", ("n", FeatureKind.Number))]);

        Assert.Equal(0, features.Blocks[0].NonZeroCount);
        Assert.Equal(0, features.Encode(Table(Numbers("n", 17, -5))).Blocks[0].NonZeroCount);
        Assert.Contains("number n: all equal, so it says nothing", features.Blocks[0].Describe());
    }

    [Fact]
    public void Number_LargestAndLeastOfAll_HaveFiniteFeatures()
    {
        var block = Fit(FeatureKind.Number, Numbers("n", double.MaxValue, -double.MaxValue));
        Assert.Equal([1f, -1f], [block.FeaturesOf(0).Single().Value, block.FeaturesOf(1).Single().Value]);
    }

    [Fact]
    public void Number_NewItemBeyondAllBounds_IsRefused()
    {
        var features = ItemFeatures.Fit(Table(Numbers("price", 1, 1.001)), [Block("b", ("price", FeatureKind.Number))]);
        Assert.StartsWith("'price' is 1E+40; expected a number nearer to those of training", Assert.Throws<ArgumentException>(() => features.Encode(Table(Numbers("price", 1e40)))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0.6f, 0.8f)]
    [InlineData(false, 3f, 4f)]
    public void Vector_Option_ScalesToLengthOneOrNot(bool normalise, float first, float second)
    {
        var block = ItemFeatures.Fit(
            Table(Vectors("v", [3, 4], null, [0, 0])), [Block("b", ("v", FeatureKind.Vector)) with { NormaliseVectors = normalise }]).Blocks[0];

        Assert.Equal([(0, first), (1, second)], block.FeaturesOf(0));
        Assert.Equal([], block.FeaturesOf(1));
        Assert.Equal((1, 1), (block.MissingCount, block.EmptyCount));
    }

    [Fact]
    public void Vector_HugeAndTiny_HaveLengthOne()
    {
        var block = Fit(FeatureKind.Vector, Vectors("v", [3e38f, -3e38f], [1e-44f, 0]));
        Assert.Equal(Math.Sqrt(0.5), block.FeaturesOf(0).First().Value, 1e-6);
        Assert.Equal([(0, 1f)], block.FeaturesOf(1));
    }

    [Fact]
    public void Vector_NewItemOfAnotherLength_IsRefused()
    {
        var features = ItemFeatures.Fit(Table(Vectors("v", [1, 2, 3])), [Block("b", ("v", FeatureKind.Vector))]);
        Assert.StartsWith("The vectors of 'v' have length 2; expected 3, as in training.", Assert.Throws<ArgumentException>(() => features.Encode(Table(Vectors("v", [1, 2])))).Message, StringComparison.Ordinal);
    }
}
