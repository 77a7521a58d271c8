using NextItem.Tests.Reference;
using static NextItem.Tests.Features.SmallFeatures;

namespace NextItem.Tests.Features;

public class TextFeaturesTests
{
    /// <summary>The worked example of docs/features.md.</summary>
    [Fact]
    public void Fit_WorkedExample_IsThatOfThePage()
    {
        var block = Fit(FeatureKind.Text, Texts("title", "Red shoe, red sole", "Blue shoe", "Blue hat"));

        Assert.Equal(["blue", "red", "shoe"], Names(block));
        AssertRow(new() { ["red"] = 0.93470196, ["shoe"] = 0.35543247 }, Named(block, 0), 0);
        AssertRow(new() { ["blue"] = 0.70710678, ["shoe"] = 0.70710678 }, Named(block, 1), 1);
        AssertRow(new() { ["blue"] = 1 }, Named(block, 2), 2);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(5, 2)]
    public void Fit_RandomTexts_EqualsDoubleReference(int longestTerm, int leastCount)
    {
        var random = new Random(longestTerm + (10 * leastCount));
        var titles = RandomTexts(random, 60, longest: 6);
        var descriptions = RandomTexts(random, 60, longest: 25);
        var options = Block("text", ("title", FeatureKind.Text), ("description", FeatureKind.Text)) with { LongestTerm = longestTerm, LeastTermCount = leastCount };

        var block = ItemFeatures.Fit(Table(Texts("title", titles), Texts("description", descriptions)), [options]).Blocks[0];

        var expected = DoubleFeatures.TfIdf([.. titles.Zip(descriptions, (title, description) => (string?[])[title, description])], longestTerm, leastCount);
        Assert.Equal(expected.SelectMany(row => row.Keys).Distinct().Order(StringComparer.Ordinal), Names(block));
        Assert.InRange(block.Width, 10, 3000);
        for (var item = 0; item < 60; item++)
            AssertRow(expected[item], Named(block, item), item);
    }

    [Fact]
    public void Fit_SeveralColumns_MakeOneDocumentButNoPairAcrossThem()
    {
        var block = Fit(FeatureKind.Text, Texts("title", "red shoe", "red shoe"), Texts("note", "sale now", "sale now"));
        Assert.Equal(["now", "red", "red shoe", "sale", "sale now", "shoe"], Names(block));
    }

    [Fact]
    public void Fit_AnyOrderOfItems_GivesTheSameVocabulary()
    {
        var texts = RandomTexts(new Random(3), 40, longest: 8);
        var forward = Fit(FeatureKind.Text, Texts("t", texts));
        var backward = Fit(FeatureKind.Text, Texts("t", [.. texts.Reverse()]));

        Assert.Equal(Names(forward), Names(backward));
        for (var item = 0; item < 40; item++)
            Assert.Equal(Named(forward, item), Named(backward, 39 - item));
    }

    [Fact]
    public void Fit_SupplementaryLetters_AreOrderedByCodePoint()
    {
        // U+FF41 before U+10428, although its UTF-16 unit comes after the other's.
        var block = Fit(FeatureKind.Text, Texts("t", "\U00010428 \uFF41", "\uFF41", "\U00010428"));
        Assert.Equal(["\uFF41", "\U00010428"], Names(block));
    }

    [Fact]
    public void Fit_TermThatOccursTwiceInOneItem_IsKept() =>
        Assert.Equal(["a"], Names(Fit(FeatureKind.Text, Texts("t", "a b a", "c"))));

    [Fact]
    public void Fit_ItemsWithoutTextOrKnownTerm_AreCountedApart()
    {
        var block = Fit(FeatureKind.Text, Texts("t", "a b", null, "a", "", " \t", "c", "--"));

        Assert.Equal(3, block.MissingCount); // null, empty, blank
        Assert.Equal(2, block.EmptyCount);   // c occurs once, -- has no word
        Assert.Equal([true, false, true, false, false, true, true], Enumerable.Range(0, 7).Select(block.HasFeatures));
    }

    [Fact]
    public void Fit_ItemsWithoutText_DoNotCountInTheIdf()
    {
        var without = Fit(FeatureKind.Text, Texts("t", "a b b", "a", "a c c"));
        var with = Fit(FeatureKind.Text, Texts("t", "a b b", "a", "a c c", null, "", " "));
        Assert.Equal(Named(without, 0), Named(with, 0));
        Assert.NotEqual(Named(without, 0), Named(Fit(FeatureKind.Text, Texts("t", "a b b", "a", "a c c", "-", "-")), 0));
    }

    [Fact]
    public void Fit_NoTermOftenEnough_IsRefusedByTheBlocksName()
    {
        var fault = Assert.Single(Assert.Throws<OptionsException>(() => Fit(FeatureKind.Text, Texts("t", "a", "b"))).Faults);
        Assert.Equal("Block 'block' has no feature: its columns (t) have no value, or no term that occurs often enough; expected at least one.", fault);
    }

    [Fact]
    public void Encode_NewItem_HasTheValuesOfTheSameTextInTraining()
    {
        var features = ItemFeatures.Fit(Table(Texts("t", "red shoe", "red hat", "blue shoe")), [Block("text", ("t", FeatureKind.Text))]);

        var encoded = features.Encode(Table(Texts("t", "Blue SHOE", "red unseen shoe", "unseen", null))).Blocks[0];

        Assert.Equal(Named(features.Blocks[0], 2), Named(encoded, 0));
        Assert.Equal(["red", "shoe"], Named(encoded, 1).Keys);
        Assert.Equal((1, 1), (encoded.EmptyCount, encoded.MissingCount));
    }

    private static string?[] RandomTexts(Random random, int count, int longest)
    {
        string[] words = ["Red", "blue", "BLUE", "shoe", "hat", "ä", "Äpfel", "日本", "x1", "1", "a-b", "don't", "the", "of", "été", "Ⅷ"];
        string[] between = [" ", "  ", ", ", " - ", ".\n", "/"];
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(10) == 0
            ? random.Next(2) == 0 ? null : " "
            : string.Concat(Enumerable.Range(0, random.Next(longest + 1)).Select(_ => words[(int)(words.Length * random.NextDouble() * random.NextDouble())] + between[random.Next(between.Length)])))];
    }
}
