using System.Collections.Immutable;

namespace NextItem.Data.Tests;

public sealed class FeatureFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    internal static ItemCatalog Catalog(params string[] keys) => ItemCatalog.From(keys, keys.Select(_ => 1));

    internal static FeatureBlockOptions Block(string name, params FeatureColumnOptions[] columns) => new() { Name = name, Columns = [.. columns] };

    /// <summary>The features of an item by name, rounded to be read.</summary>
    internal static string Row(FeatureBlock block, int item) =>
        string.Join(' ', block.FeaturesOf(item).Select(entry => FormattableString.Invariant($"{block.NameOf(entry.Feature)}:{entry.Value:0.###}")));

    internal static string Kinds(FeatureFilesContent content) =>
        string.Join("; ", content.Blocks.Select(block => $"{block.Name}: {string.Join(", ", block.Columns.Select(column => column.Name + (column.Kind == FeatureKind.Category ? $"[{column.Separator}]" : "")))}"));

    private const string Films =
        "ItemId\ttitle\tgenres\tyear\n"
        + "1\tToy Story\tAnimation|Comedy\t1995\n"
        + "2\tToy Shop\tComedy\t1990\n"
        + "3\t\t\t\n"
        + "9\tUnknown Story\tDrama\t2000\n";

    [Fact]
    public void Read_NothingSaid_GuessesAndFitsOneBlockAKind()
    {
        var path = _folder.Write("films.tsv", Films);

        var content = FeatureFiles.Read([new(path)], Catalog("3", "1", "2"));
        var features = content.Fit();

        Assert.Equal("text: title; category: genres[|]; number: year", Kinds(content));
        Assert.Equal(["", "toy:1", "toy:1"], Enumerable.Range(0, 3).Select(item => Row(features.Blocks[0], item)));
        Assert.Equal(["", "genres=Animation:0.707 genres=Comedy:0.707", "genres=Comedy:1"], Enumerable.Range(0, 3).Select(item => Row(features.Blocks[1], item)));
        Assert.Equal(["", "year:1", "year:-1"], Enumerable.Range(0, 3).Select(item => Row(features.Blocks[2], item)));
        Assert.Equal([1, 1, 1], features.Blocks.Select(block => block.MissingCount));
        Assert.Equal((4, 1), (content.Sources[0].Rows, content.Sources[0].UnknownItems));
        Assert.Equal(
            [
                $"{path}: 3 of 3 items; 1 rows of items without an event in training were passed over",
                "  title: text (2.0 words an item, 2 different values in 2 rows)",
                "  genres: category, several separated by '|' (1 of 2 values have a '|' in them)",
                "  year: number (every value is a number)",
            ],
            content.Describe());
        TempFolder.AssertClosed(path);
    }

    [Fact]
    public void Read_BlocksGiven_UsesTheirColumnsAlone()
    {
        var path = _folder.Write("films.csv.gz", TempFolder.Gzip(Films.Replace('\t', ',').Replace("ItemId", "film")));
        var source = new FeatureSource(path)
        {
            ItemColumn = "film",
            Blocks = [Block("words", new("title", FeatureKind.Text), new("genres", FeatureKind.Text)) with { LeastTermCount = 1, LongestTerm = 1 }, Block("years", new FeatureColumnOptions("year", FeatureKind.Category))],
        };

        var content = FeatureFiles.Read([source], Catalog("1", "2"));
        var features = content.Fit();

        Assert.Equal("words: title, genres; years: year[|]", Kinds(content));
        Assert.Equal(4, Row(features.Blocks[0], 0).Split(' ').Length);
        Assert.Equal("year=1990:1", Row(features.Blocks[1], 1));
        Assert.Equal(["given"], content.Sources[0].Columns.Select(column => column.Why).Distinct());
    }

    [Fact]
    public void Read_SettingsForGuessedColumns_Arrive()
    {
        var path = _folder.Write("f.csv", "ItemId,note,v0,v1,v2,v3\na,one two three,3,0,0,4\nb,four five six,0,0,0,1\n");
        var content = FeatureFiles.Read([new(path) { LongestTerm = 1, LeastTermCount = 1, NormaliseVectors = false }], Catalog("a", "b"));
        var features = content.Fit();

        Assert.Equal(6, features.Blocks[0].Width);
        Assert.Equal("v*[0]:3 v*[3]:4", Row(features.Blocks[1], 0));
        Assert.Equal("v*[0]:0.6 v*[3]:0.8", Row(FeatureFiles.Read([new(path) { LeastTermCount = 1 }], Catalog("a", "b")).Fit().Blocks[1], 0));
    }

    [Fact]
    public void Read_ColumnByItselfAndAsNumberToo_IsBoth()
    {
        var path = _folder.Write("f.csv", "ItemId,year\na,1990\nb,2000\n");
        var source = new FeatureSource(path) { Blocks = [Block("number", new FeatureColumnOptions("year", FeatureKind.Number)), Block("category", new FeatureColumnOptions("year", FeatureKind.Category))] };
        var features = FeatureFiles.Read([source], Catalog("a", "b")).Fit();
        Assert.Equal(("year:-1", "year=1990:1"), (Row(features.Blocks[0], 0), Row(features.Blocks[1], 0)));
    }

    [Theory]
    [InlineData("ItemId,v0,v1,v2\na,3,,\n", "v*", false)]
    [InlineData("ItemId,v10,x,v9,v2\na,2,9,1,0.5\nb,,,,\n", "v*", true)]
    [InlineData("ItemId,image\na,\"[0.5, 1,2]\"\nb,\n", "image", true)]
    [InlineData("ItemId;image\na;0.5 1  2\nb;\n", "image", true)]
    public void Read_VectorsInText_OrderedByNumber(string text, string name, bool isRight)
    {
        var path = _folder.Write("v.csv", text);
        var source = new FeatureSource(path) { Blocks = [Block("image", new FeatureColumnOptions(name, FeatureKind.Vector)) with { NormaliseVectors = false }] };
        if (!isRight)
        {
            Assert.Equal(
                $"{path}, row 1: 'v2' is empty; expected a finite number, or all of 'v*' empty where the vector is missing.",
                Assert.Throws<EventsFileException>(() => FeatureFiles.Read([source], Catalog("a", "b"))).Message);
            return;
        }

        var block = FeatureFiles.Read([source], Catalog("a", "b")).Fit().Blocks[0];
        Assert.Equal([0.5f, 1, 2], block.FeaturesOf(0).Select(entry => entry.Value));
        Assert.Equal((1, false), (block.MissingCount, block.IsSparse));
    }

    [Fact]
    public void Read_ManyNumericColumns_AreOneVector()
    {
        var path = _folder.Write("v.tsv", $"ItemId\t{string.Join('\t', Enumerable.Range(0, 1024).Select(i => $"v{i}"))}\tprice1\tprice2\na\t{string.Join('\t', Enumerable.Range(0, 1024))}\t5\t6\n");
        var content = FeatureFiles.Read([new(path)], Catalog("a"));

        Assert.Equal("number: price1, price2; vector: v*", Kinds(content));
        Assert.Equal(1024, content.Fit().Blocks[1].Width);
        Assert.Equal("1,024 columns that count up", content.Sources[0].Columns.Single(column => column.Kind == FeatureKind.Vector).Why);
    }

    [Fact]
    public void Read_TextsThatStandForNothing_AreMissingInEveryColumn()
    {
        var path = _folder.Write("f.csv", "ItemId,note,price,kind,v0,v1\na,unknown,N/A,N/A,1,1\nunknown,x x,5, N/A ,N/A,unknown\n");
        FeatureBlockOptions[] blocks =
        [
            Block("t", new FeatureColumnOptions("note", FeatureKind.Text)), Block("n", new FeatureColumnOptions("price", FeatureKind.Number)),
            Block("c", new FeatureColumnOptions("kind", FeatureKind.Category), new("price", FeatureKind.Category)), Block("v", new FeatureColumnOptions("v*", FeatureKind.Vector)),
        ];
        var features = FeatureFiles.Read([new(path) { Blocks = [.. blocks], MissingTexts = ["unknown", "N/A"] }], Catalog("a", "unknown")).Fit();

        Assert.Equal([false, false, false, true], features.Blocks.Select(block => block.HasFeatures(0)));
        Assert.Equal([true, true, true, false], features.Blocks.Select(block => block.HasFeatures(1)));
        Assert.Equal("price=5:1", Row(features.Blocks[2], 1));
    }

    [Fact]
    public void Read_SeveralFiles_AreBlocksOfTheirOwnOrJoined()
    {
        var films = _folder.Write("films.tsv", Films);
        var more = _folder.Write("more.csv", "ItemId,plot\n2,a long story of a shop\n1,toys on their own\n");
        var catalog = Catalog("1", "2");

        Assert.Equal("text: title; category: genres[|]; number: year; text-2: plot", Kinds(FeatureFiles.Read([new(films), new(more)], catalog)));
        Assert.Equal("all: title, genres[|], year, plot", Kinds(FeatureFiles.Read([new(films) { Block = "all" }, new(more) { Block = "all" }], catalog)));
        var joined = FeatureFiles.Read([new(films) { Block = "all" }, new(more) { Block = "all" }], catalog).Fit();
        Assert.Contains("story", Row(joined.Blocks[0], 0), StringComparison.Ordinal); // of a title and of a plot: twice in all

        Assert.Equal("text: title; category: genres[|]; number: year; category-2: plot", Kinds(FeatureFiles.Read([new(films), new(more) { Block = "category-2", LeastTermCount = 1 }], catalog)));
    }

    [Fact]
    public void Read_SameColumnInTwoFiles_IsRefused()
    {
        var films = _folder.Write("films.tsv", Films);
        var more = _folder.Write("more.csv", "ItemId,title\n2,a b c\n1,a b d\n");
        Assert.Equal(
            $"{more}: the column 'title' is in {films} too; expected every column that is used in one file. Rename it in one of them, or name the columns to use.",
            Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(films), new(more)], Catalog("1", "2"))).Message);
    }

    [Fact]
    public void ReadNewItems_FilesOfNewItems_AreEncodedAsInTraining()
    {
        var films = _folder.Write("films.tsv", Films);
        var vectors = _folder.Write("v.csv", "ItemId,v0,v1\n1,3,4\n2,0,1\n");
        var features = FeatureFiles.Read(
            [new(films), new(vectors) { Blocks = [Block("image", new FeatureColumnOptions("v*", FeatureKind.Vector))] }], Catalog("1", "2")).Fit();
        var newFilms = _folder.Write("new.csv", "year,genres,ItemId,title,else\n1995,Comedy|New,n1,Toy Story,x\n,,n2,,\n");
        var newVectors = _folder.Write("new-v.csv", "ItemId,v1,v0\nn3,0,2\nn1,8,6\n");

        var table = FeatureFiles.ReadNewItems([new(newFilms), new(newVectors)], features);
        var encoded = features.Encode(table);

        Assert.Equal(["n1", "n2", "n3"], Enumerable.Range(0, 3).Select(table.Items.KeyOf));
        Assert.Equal(["toy:1", "genres=Comedy:1", "year:1", "v*[0]:0.6 v*[1]:0.8"], encoded.Blocks.Select(block => Row(block, 0)));
        Assert.Equal(["", "", "", "v*[0]:1"], encoded.Blocks.Select(block => Row(block, 2)));
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(encoded.HasFeatures));
        Assert.Equal(
            $"{newFilms}: there is no column 'v*' here; expected the columns 'title', 'genres', 'year', 'v*', which the model was trained with.",
            Assert.Throws<EventsFileException>(() => FeatureFiles.ReadNewItems([new(newFilms)], features)).Message);
    }

    [Fact]
    public void Read_GuessedNumbersThatAreNone_NamesThemAndTheirRows()
    {
        var path = _folder.Write("f.csv", "ItemId,price\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"i{i},{(i == 17 ? "n/a" : i == 19 ? "V" : $"{i}")}\n")));
        Assert.Equal(
            $"{path}, row 18: 'price' is 'n/a', 'V' in row 20, where nearly all other rows have numbers; expected a finite number, or nothing where it is missing. "
            + "If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts). Or say what the column is in --features (FeatureSource.Blocks).",
            Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(path)], Catalog([.. Enumerable.Range(0, 20).Select(i => $"i{i}")]))).Message);
    }

    [Fact]
    public void Read_NumbersAsSaidThatAreNone_NamesThemAndTheirRowsAtOnce()
    {
        var path = _folder.Write("f.csv", "ItemId,price\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"i{i},{(i % 5 == 2 ? "n/a" : i > 12 ? $"V{i}" : $"{i}")}\n")));
        var source = new FeatureSource(path) { Blocks = [Block("b", new FeatureColumnOptions("price", FeatureKind.Number))] };
        Assert.Equal(
            $"{path}, row 3: 'price' is 'n/a', 'V13' in row 14, 'V14' in row 15, 'V15' in row 16, 'V16' in row 17, and 2 other texts; expected a finite number, or nothing where it is missing. "
            + "If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts).",
            Assert.Throws<EventsFileException>(() => FeatureFiles.Read([source], Catalog([.. Enumerable.Range(0, 20).Select(i => $"i{i}")]))).Message);
        TempFolder.AssertClosed(path);
    }

    [Theory]
    [InlineData("red;blue", "red;green", "category[|] (given, but no value has a '|': with ';' between them there would be 12 combinations of 4 values)")]
    [InlineData("red|blue", "red|green", "category[|] (given)")]
    [InlineData("red", "blue", "category[|] (given)")]
    public void Read_CategoryAsSaid_TellsOfASeparatorThatNoValueHas(string first, string second, string told)
    {
        string[] others = [.. new[] { "red", "green", "blue", "grey" }.SelectMany(a => new[] { "red", "green", "blue", "grey" }.Where(b => b != a).Select(b => $"{a};{b}"))];
        var values = first.Contains(';') ? others : [first, second];
        var path = _folder.Write("f.csv", "ItemId,colours\n" + string.Concat(values.Select((value, i) => $"i{i},{value}\n")));
        var source = new FeatureSource(path) { Blocks = [Block("b", new FeatureColumnOptions("colours", FeatureKind.Category))] };

        var column = Assert.Single(FeatureFiles.Read([source], Catalog([.. values.Select((_, i) => $"i{i}")])).Sources[0].Columns);

        Assert.Equal(told, $"category[{column.Separator}] ({column.Why})");
    }

    [Theory]
    [InlineData("ItemId,price\na,1\nb,2\na,3\n", FeatureKind.Number, ", row 3: item 'a' is there again, after row 1; expected one row an item.")]
    [InlineData("ItemId,price\na,1\nb,x\n", FeatureKind.Number, ", row 2: 'price' is 'x'; expected a finite number, or nothing where it is missing. If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts).")]
    [InlineData("ItemId,price\na,NaN\n", FeatureKind.Number, ", row 1: 'price' is 'NaN'; expected a finite number, or nothing where it is missing. If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts).")]
    [InlineData("ItemId,price\na,1e999\n", FeatureKind.Number, ", row 1: 'price' is '1e999'; expected a finite number, or nothing where it is missing. If it stands for nothing, name it in missing= of --features (FeatureSource.MissingTexts).")]
    [InlineData("ItemId,price\na,1 2\nb,1 2 3\n", FeatureKind.Vector, ", row 2: 'price' has 3 numbers; expected 2, as in row 1.")]
    [InlineData("ItemId,price\na,1 inf\n", FeatureKind.Vector, ", row 1: number 2 of 'price' is 'inf'; expected a finite number.")]
    [InlineData("ItemId,price\na,1 1e39\n", FeatureKind.Vector, ", row 1: number 2 of 'price' is '1E+39'; expected a finite number.")]
    [InlineData("ItemId,price\na,1 x 2\n", FeatureKind.Vector, ", row 1: number 2 of 'price' is 'x'; expected a finite number.")]
    [InlineData("ItemId,price\na\n", FeatureKind.Text, ", row 1: there is 1 field; expected 2, as in the header.")]
    [InlineData("ItemId,price\n,1\n", FeatureKind.Text, ", row 1: 'ItemId' is empty; expected an id.")]
    [InlineData("ItemId,price\n", FeatureKind.Text, ": there is a header but no item (0 rows); expected at least one item.")]
    [InlineData("", FeatureKind.Text, ": the file is empty (0 bytes); expected a header and item features.")]
    [InlineData("ItemId,price\nx,1\ny,2\n", FeatureKind.Text, ": none of its 2 items is in the training data, whose first item is 'a' while the file's is 'x'; expected the same item keys in both.")]
    [InlineData("ItemId,Price\na,1\n", FeatureKind.Text, ": there is no column 'price' among 'ItemId', 'Price'; expected the columns 'ItemId', 'price'. Did you mean 'Price'? Then name it in --features (FeatureSource.Blocks).")]
    [InlineData("Artikel,cost\na,1\n", FeatureKind.Text, ": there are no columns 'ItemId', 'price' among 'Artikel', 'cost'; expected the columns 'ItemId', 'price'. Name other columns in item= of --features (FeatureSource.ItemColumn) and --features (FeatureSource.Blocks).")]
    [InlineData("item,price\na,1\n", FeatureKind.Text, ": there is no column 'ItemId' among 'item', 'price'; expected the column 'ItemId'. Did you mean 'item'? Then name it in item= of --features (FeatureSource.ItemColumn).")]
    public void Read_FaultyFile_NamesRowFoundAndExpected(string text, FeatureKind kind, string message)
    {
        var path = _folder.Write("f.csv", text);
        var source = new FeatureSource(path) { Blocks = [Block("b", new FeatureColumnOptions("price", kind))] };
        Assert.Equal(path + message, Assert.Throws<EventsFileException>(() => FeatureFiles.Read([source], Catalog("a", "b"))).Message);
        TempFolder.AssertClosed(path);
    }

    [Theory]
    [InlineData("ItemId,sku\n", "sku: nearly every item has a value of its own, of one word: a name and not a feature")]
    [InlineData("ItemId,\n", ": it has no name")]
    public void Read_NoColumnOfUse_SaysWhy(string header, string why)
    {
        var path = _folder.Write("f.csv", header + string.Concat(Enumerable.Range(0, 12).Select(i => $"i{i},x{i}\n")));
        Assert.Equal(
            $"{path}: no column beside the item key can be a feature ({why}); expected at least one. Name columns and their kinds in --features (FeatureSource.Blocks).",
            Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(path)], Catalog([.. Enumerable.Range(0, 12).Select(i => $"i{i}")]))).Message);
    }

    /// <summary>The columns are full, so it would be false to say that they are empty in every row.</summary>
    [Fact]
    public void Read_NoKnownItemAndNoColumnNamed_SaysThatTheKeysDiffer()
    {
        var path = _folder.Write("f.csv", "ItemId,category\nx,shoes\ny,hats\n");
        Assert.Equal(
            $"{path}: none of its 2 items is in the training data, whose first item is 'a' while the file's is 'x'; expected the same item keys in both.",
            Assert.Throws<EventsFileException>(() => FeatureFiles.Read([new(path)], Catalog("a", "b"))).Message);
    }

    [Fact]
    public void Read_SourcesWithFaults_ListsThemAll()
    {
        FeatureSource[] sources =
        [
            new("f") { ItemColumn = "", KeysPath = "", Block = " ", LongestTerm = 9 },
            new("f") { Blocks = [Block("b"), Block("c", new FeatureColumnOptions("x", FeatureKind.Text)) with { LeastTermCount = 0 }] },
            new("") { Blocks = default, MissingTexts = default },
        ];
        Assert.Equal(
            [
                "ItemColumn of 'f' is empty; expected the name of a column, or null.",
                "KeysPath of 'f' is empty; expected a file, or null.",
                "Block of 'f' is empty; expected a name, or null.",
                "f: LongestTerm of block 'guessed' is 9; expected 1 to 5.",
                "f: Block 'b' has no column; expected at least one.",
                "f: LeastTermCount of block 'c' is 0; expected at least 1.",
                "Path is empty; expected a file of features.",
                "MissingTexts of '' is an array that was never made; expected one, even if empty.",
                "Blocks of '' is an array that was never made; expected one, even if empty.",
                "The file 'f' is given twice; expected it once, with all its blocks.",
            ],
            Assert.Throws<OptionsException>(() => FeatureFiles.Read(sources, Catalog("a"))).Faults);
        Assert.Equal(["There is no file of features; expected at least one."], Assert.Throws<OptionsException>(() => FeatureFiles.Read(ImmutableArray<FeatureSource>.Empty, Catalog("a"))).Faults);
    }

    [Fact]
    public void Read_Cancelled_Stops()
    {
        var path = _folder.Write("films.tsv", Films);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => FeatureFiles.Read([new(path)], Catalog("1"), source.Token));
    }
}
