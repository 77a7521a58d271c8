namespace NextItem.Data.Tests;

public sealed class RealDataTests
{
    private static string Find(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent;
        var path = Path.Combine(folder?.Parent?.FullName ?? "..", "shared", "data", name);
        if (!File.Exists(path))
            Assert.Skip($"the real data is not here: {path}");
        return path;
    }

    [Theory]
    [InlineData("rsc15-100k/train_full.tsv.gz", 70_278, 17_794, 2_933)]
    [InlineData("yoochoose-1-64/train.tsv.gz", 486_026, 116_167, 17_376)]
    [InlineData("diginetica-categories/train.tsv.gz", 417_360, 77_929, 42_213)]
    public void Read_RealFile_HasThePublishedCounts(string name, int events, int sessions, int items)
    {
        var set = EventsFile.Read(Find(name));

        Assert.Equal((events, sessions, items), (set.EventCount, set.Count, set.Catalog.Count));
    }

    [Fact]
    public void Read_RealTestFileWithTrainingCatalog_KnowsMostItems()
    {
        var catalog = EventsFile.Read(Find("rsc15-100k/train_full.tsv.gz")).Catalog;

        var test = EventsFile.Read(Find("rsc15-100k/test.tsv.gz"), catalog: catalog);

        Assert.Equal((13_568, 3_416), (test.EventCount, test.Count));
        Assert.InRange(test.UnknownEventCount, 0, 13_568 / 100);
    }

    [Fact]
    public void Read_RawLogWithoutHeader_SaysSo()
    {
        var path = Find("raw-samples/yoochoose-clicks.dat");

        var refusal = Assert.Throws<EventsFileException>(() => EventsFile.Read(path));

        Assert.EndsWith("looks like data and not like a header", refusal.Found);
    }

    [Fact]
    public void Read_MovieTitles_GivesAll()
    {
        var names = ItemNamesFile.Read(Find("ml-100k/ml-100k.item.gz"), "item_id:token", "movie_title:token_seq");

        Assert.Equal(1_682, names.Count);
        Assert.Equal("Toy Story", names["1"]);
    }

    [Fact]
    public void FeatureFiles_Films_AreGuessedAsAPersonWould()
    {
        var ratings = EventsFile.Read(Find("ml-100k/ml-100k.inter.gz"), new EventColumns { Session = "user_id:token", Item = "item_id:token", Time = "timestamp:float" });
        var content = FeatureFiles.Read([new(Find("ml-100k/ml-100k.item.gz")) { ItemColumn = "item_id:token", MissingTexts = ["unkonwn", "V"] }], ratings.Catalog);
        var features = content.Fit();

        Assert.Equal("text: movie_title:token_seq; category: class:token_seq[ ]; number: release_year:token", FeatureFilesTests.Kinds(content));
        Assert.Equal((1_682, 0), (content.Sources[0].Rows, content.Sources[0].UnknownItems));
        Assert.Equal(19, features.Blocks[1].Width);
        Assert.InRange(features.Blocks[0].Width, 700, 1_500);
        Assert.Equal("class:token_seq=Animation:0.577 class:token_seq=Children's:0.577 class:token_seq=Comedy:0.577", FeatureFilesTests.Row(features.Blocks[1], ratings.Catalog.IndexOf("1")));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', content.Describe()));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', features.Blocks.Select(block => $"{block.Name} {block.Width} {block.NonZeroCount} missing {block.MissingCount} empty {block.EmptyCount} {string.Join("; ", block.Describe())}")));
    }

    [Fact]
    public void FeatureFiles_CategoriesThatAreNumbers_AreCategories()
    {
        var catalog = EventsFile.Read(Find("diginetica-categories/train.tsv.gz")).Catalog;
        var content = FeatureFiles.Read([new(Find("diginetica-categories/item_category.tsv.gz"))], catalog);
        var block = Assert.Single(content.Fit().Blocks);

        Assert.Equal("category: CategoryId[]", FeatureFilesTests.Kinds(content));
        Assert.Equal((43_101, 42_213L), (content.Sources[0].Rows, block.NonZeroCount + block.MissingCount));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', content.Describe()));
        TestContext.Current.TestOutputHelper?.WriteLine($"{block.Width} {block.MissingCount}");
    }
}
