namespace NextItem.Data.Tests;

public sealed class ItemNamesFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NamesWithQuotesAndCommas_GivesThemExactly()
    {
        var path = _folder.Write("items.csv", "Name,ItemId,Price\n\"Pipe, 5\"\"\",007,3\nÖl,7,\n,8,1\nÖl,7,2\n");

        var names = ItemNamesFile.Read(path);

        Assert.Equal([("007", "Pipe, 5\""), ("7", "Öl"), ("8", "")], names.Select(pair => (pair.Key, pair.Value)));
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public void Read_GzipAndOtherColumns_UsesThem()
    {
        var path = _folder.Write("items", TempFolder.Gzip("item_id:token\tmovie_title:token_seq\n1\tToy Story\n"));

        Assert.Equal("Toy Story", ItemNamesFile.Read(path, "item_id:token", "movie_title:token_seq")["1"]);
    }

    [Theory]
    [InlineData("ItemId\tName\n", ": there is a header but no item (0 rows); expected at least one item.")]
    [InlineData("ItemId\tName\n1\ta\n\tb\n", ", row 2: 'ItemId' is empty; expected an id.")]
    [InlineData("ItemId\tName\n1\ta\n1\tb\n", ", row 2: item '1' is named 'b', and 'a' before; expected one name an item.")]
    [InlineData(
        "ItemId\tname\n1\ta\n",
        ": there is no column 'Name' among 'ItemId', 'name'; expected the columns 'ItemId', 'Name'. Did you mean 'name'? Then name it in nameColumn.")]
    [InlineData(
        "ItemId\tTitle\n1\ta\n",
        ": there is no column 'Name' among 'ItemId', 'Title'; expected the columns 'ItemId', 'Name'. Name another column in nameColumn.")]
    [InlineData("", ": the file is empty (0 bytes); expected a header and item names.")]
    public void Read_FaultyFile_NamesRowFoundAndExpected(string text, string message)
    {
        var path = _folder.Write("items.tsv", text);

        Assert.Equal(path + message, Assert.Throws<EventsFileException>(() => ItemNamesFile.Read(path)).Message);
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public void Read_OneColumnForBoth_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ItemNamesFile.Read(_folder.At("items.tsv"), "x", "x"));
}
