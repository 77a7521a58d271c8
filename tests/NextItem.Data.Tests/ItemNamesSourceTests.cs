namespace NextItem.Data.Tests;

public sealed class ItemNamesSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("items.tsv", "items.tsv", "ItemId", "Name")]
    [InlineData("artikel.csv:item=Artikel;name=Titel", "artikel.csv", "Artikel", "Titel")]
    [InlineData("a.csv: Name = title ;", "a.csv", "ItemId", "title")]
    [InlineData("a.csv:item=Name;name=ItemId", "a.csv", "Name", "ItemId")]
    [InlineData("C:\\shop\\a.csv:item=\"a;b=c\"", "C:\\shop\\a.csv", "a;b=c", "Name")]
    [InlineData("/data/10:30.csv", "/data/10:30.csv", "ItemId", "Name")]
    public void Parse_FileAndColumns_AreRead(string text, string path, string item, string name) =>
        Assert.Equal(new ItemNamesSource(path) { ItemColumn = item, NameColumn = name }, ItemNamesSource.Parse(text));

    [Theory]
    [InlineData("", "there is no file.")]
    [InlineData(":name=x", "there is no file.")]
    [InlineData("a:title=x", "'title' is neither 'item' nor 'name'.")]
    [InlineData("a:name=x;Titel", "'Titel' is neither 'item' nor 'name'.")]
    [InlineData("a:name=", "'name' names no column.")]
    [InlineData("a:name=x;name=y", "'name' is there twice.")]
    [InlineData("a:item=x;name=x", "'x' is the column of both.")]
    [InlineData("a:item=Name", "'Name' is the column of both.")]
    public void Parse_AnythingElse_IsRefused(string text, string found) =>
        Assert.Equal($"a file, and where its columns are not ItemId and Name their names, as in artikel.csv:item=Artikel;name=Titel; {found}", Assert.Throws<FormatException>(() => ItemNamesSource.Parse(text)).Message);

    [Fact]
    public void Read_OtherColumns_GivesTheNames()
    {
        var path = _folder.Write("artikel.csv", "Artikel;Preis;Titel\n7;1;Öl\n");

        Assert.Equal("Öl", ItemNamesFile.Read(ItemNamesSource.Parse($"{path}:item=Artikel;name=Titel"))["7"]);
    }

    [Theory]
    [InlineData("", "Artikel,Titel", "there are no columns 'ItemId', 'Name' among 'Artikel', 'Titel'; expected the columns 'ItemId', 'Name'. Name the columns behind the file: \"{0}:item=COLUMN;name=COLUMN\".")]
    [InlineData("", "ItemId,Titel", "there is no column 'Name' among 'ItemId', 'Titel'; expected the columns 'ItemId', 'Name'. Name the columns behind the file: \"{0}:item=ItemId;name=COLUMN\".")]
    [InlineData(":item=Artikel", "Artikel,name", "there is no column 'Name' among 'Artikel', 'name'; expected the columns 'Artikel', 'Name'. Did you mean 'name'? Name the columns behind the file: \"{0}:item=Artikel;name=name\".")]
    public void Read_ColumnNotThere_SaysHowToNameAnother(string columns, string header, string message)
    {
        var path = _folder.Write("artikel.csv", header + "\n7,x\n");

        var refusal = Assert.Throws<EventsFileException>(() => ItemNamesFile.Read(ItemNamesSource.Parse(path + columns)));

        Assert.Equal($"{path}: {string.Format(System.Globalization.CultureInfo.InvariantCulture, message, path)}", refusal.Message);
    }

    [Fact]
    public void Read_ColumnsSetToOne_IsRefused() =>
        Assert.Throws<ArgumentException>(() => ItemNamesFile.Read(new ItemNamesSource("a") { ItemColumn = "x", NameColumn = "x" }));
}
