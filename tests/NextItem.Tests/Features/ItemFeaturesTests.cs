using static NextItem.Tests.Features.SmallFeatures;

namespace NextItem.Tests.Features;

public class ItemFeaturesTests
{
    private static readonly FeatureTable s_table = Table(
        Texts("title", "red shoe", "red hat", null),
        Texts("genre", "a|b", null, null),
        Numbers("price", 1, double.NaN, double.NaN),
        Vectors("image", [1, 0], [0, 2], null));

    [Fact]
    public void Fit_OneBlock_HasTheColumnsSideBySideTextsFirst()
    {
        var options = Block("all", ("price", FeatureKind.Number), ("genre", FeatureKind.Category), ("image", FeatureKind.Vector), ("title", FeatureKind.Text)) with { LeastTermCount = 1, LongestTerm = 1 };
        var block = ItemFeatures.Fit(s_table, [options]).Blocks[0];

        Assert.True(block.IsSparse);
        Assert.Equal(["hat", "red", "shoe", "price", "genre=a", "genre=b", "image[0]", "image[1]"], Names(block));
        Assert.Equal([1, 2, 4, 5, 6], block.FeaturesOf(0).Select(entry => entry.Feature));
        Assert.Equal([0, 1, 7], block.FeaturesOf(1).Select(entry => entry.Feature));
        Assert.Equal(8, block.NonZeroCount);
        Assert.Equal(["title", "price", "genre", "image"], block.Columns.Select(column => column.Name));
    }

    [Fact]
    public void Fit_SeveralBlocks_CountMissingItemsEachForItself()
    {
        var features = ItemFeatures.Fit(s_table, [Block("text", ("title", FeatureKind.Text)), Block("genres", ("genre", FeatureKind.Category)), Block("dense", ("image", FeatureKind.Vector), ("price", FeatureKind.Number))]);

        Assert.Equal([1, 2, 1], features.Blocks.Select(block => block.MissingCount));
        Assert.Equal([true, true, false], features.Blocks.Select(block => block.IsSparse));
        Assert.Equal([3, 3], features.Blocks.Take(1).SelectMany(block => new[] { block.ItemCount, features.Items.Count }));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(features.HasFeatures));
    }

    [Fact]
    public void Fit_SameTextAsTextAndAsCategory_IsBoth()
    {
        var features = ItemFeatures.Fit(Table(Texts("t", "a b", "a b")), [Block("x", ("t", FeatureKind.Text)), Block("y", ("t", FeatureKind.Category))]);
        Assert.Equal(["a", "a b", "b"], Names(features.Blocks[0]));
        Assert.Equal(["t=a b"], Names(features.Blocks[1]));
    }

    [Fact]
    public void Encode_ItsOwnTable_GivesTheSameRows()
    {
        var features = ItemFeatures.Fit(s_table, [Block("all", ("price", FeatureKind.Number), ("genre", FeatureKind.Category), ("image", FeatureKind.Vector), ("title", FeatureKind.Text))]);
        var again = features.Encode(s_table);
        for (var item = 0; item < 3; item++)
            Assert.Equal(features.Blocks[0].FeaturesOf(item), again.Blocks[0].FeaturesOf(item));
    }

    [Fact]
    public void Encode_TableWithoutAColumn_NamesIt()
    {
        var features = ItemFeatures.Fit(s_table, [Block("text", ("title", FeatureKind.Text))]);
        var message = Assert.Throws<ArgumentException>(() => features.Encode(Table(Numbers("title", 1), Texts("name", "x")))).Message;
        Assert.Equal("There is no column 'title' that can be used as Text; the table has 'title', 'name'.", message);
    }

    [Fact]
    public void Fit_OptionsWithFaults_ListsThemAll()
    {
        FeatureBlockOptions[] blocks =
        [
            Block("a") with { LongestTerm = 0, LeastTermCount = 0 },
            Block("a", ("t", FeatureKind.Text), ("t", FeatureKind.Category), ("", (FeatureKind)9)),
            Block(" ", ("t", FeatureKind.Text)) with { LongestTerm = 6 },
        ];
        Assert.Equal(
            [
                "LongestTerm of block 'a' is 0; expected 1 to 5.",
                "LeastTermCount of block 'a' is 0; expected at least 1.",
                "Block 'a' has no column; expected at least one.",
                "A column of block 'a' has no name.",
                "The kind of column '' of block 'a' is 9; expected one of Text, Category, Number, Vector.",
                "Block 'a' has column 't' twice; expected it once.",
                "Name is empty; expected a name for the block.",
                "LongestTerm of block ' ' is 6; expected 1 to 5.",
                "Two blocks are called 'a'; expected different names.",
            ],
            Assert.Throws<OptionsException>(() => ItemFeatures.Fit(s_table, blocks)).Faults);
        Assert.Equal(["There is no block of features; expected at least one."], Assert.Throws<OptionsException>(() => ItemFeatures.Fit(s_table, [])).Faults);
        Block("fine", ("t", FeatureKind.Text)).Validate();
    }

    [Fact]
    public void Table_ThatContradictsItself_IsRefused()
    {
        Refused("The column 't' has 1 values; expected 2, one an item.", () => new FeatureTable(Items(2), [Texts("t", "x")]));
        Refused("There are two columns 't'; expected different names.", () => new FeatureTable(Items(1), [Texts("t", "x"), Texts("t", "y")]));
        Refused("The tables are for different catalogs; expected one.", () => FeatureTable.Join([Table(Texts("t", "x")), Table(Texts("u", "x"))]));
        Refused("There is no table; expected at least one.", () => FeatureTable.Join([]));
        Refused("'values' has length 3; expected 4, 2 vectors of 2.", () => FeatureColumn.Vectors("v", 2, [1, 2, 3], [true, true]));
        Refused("The vector of item 1 in column 'v' has NaN; expected finite numbers.", () => FeatureColumn.Vectors("v", 1, [1, float.NaN], [true, true]));
        Refused("The number of item 0 in column 'n' is -Infinity; expected a finite number", () => FeatureColumn.Numbers("n", [double.NegativeInfinity]));
        Refused("'values' is an array that was never made", () => FeatureColumn.Texts("n", default));
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(item => Fit(FeatureKind.Vector, FeatureColumn.Vectors("v", 1, [1, float.NaN], [true, false])).HasFeatures(item)));

        static void Refused(string message, Func<object> make) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_OutsideTheItems_AreRefused()
    {
        var features = ItemFeatures.Fit(s_table, [Block("text", ("title", FeatureKind.Text))]);
        Assert.Throws<ArgumentOutOfRangeException>(() => features.HasFeatures(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => features.Blocks[0].HasFeatures(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => features.Blocks[0].FeaturesOf(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => features.Blocks[0].NameOf(features.Blocks[0].Width));
    }
}
