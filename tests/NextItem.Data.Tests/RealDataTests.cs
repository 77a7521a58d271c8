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
}
