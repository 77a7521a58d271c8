using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Tests;

public class FeatureSettingsTests
{
    [Theory]
    [InlineData("items.tsv", "items.tsv")]
    [InlineData(@"C:\data\items.tsv", @"C:\data\items.tsv")]
    [InlineData("items.tsv:text=title,description;category=genres", "items.tsv {text: Text title, Text description} {category: Category genres[|]}")]
    [InlineData("items.tsv:text=title;text=description", "items.tsv {text: Text title} {text: Text description}")]
    [InlineData("items.tsv:text=title+category=genres+number=year", "items.tsv {text+category+number: Text title, Category genres[|], Number year}")]
    [InlineData("items.tsv:category=a[,],b[none],c[space],d[;],e[|],f[semicolon],g[ ]", "items.tsv {category: Category a[,], Category b[], Category c[ ], Category d[;], Category e[|], Category f[;], Category g[ ]}")]
    [InlineData(@"C:\x\items.tsv: Texts = title ; item = MovieId", @"C:\x\items.tsv item=MovieId {text: Text title}")]
    [InlineData("ml.item.gz:item=item_id:token;text=movie_title:token_seq;category=class:token_seq[space]", "ml.item.gz item=item_id:token {text: Text movie_title:token_seq} {category: Category class:token_seq[ ]}")]
    [InlineData("i.csv:text=\"a,b;c+d=e\",\"x[y]\";item=\"my;id\"", "i.csv item=my;id {text: Text a,b;c+d=e, Text x[y]}")]
    [InlineData("i.csv:vector=v*", "i.csv {vector: Vector v*}")]
    [InlineData("images.npy:keys=images.txt;subnet=image", "images.npy keys=images.txt subnet=image")]
    [InlineData("i.csv:missing=unknown, N/A;text=t", "i.csv missing=unknown/N/A {text: Text t}")]
    [InlineData("i.csv:longest-term=1;LeastCount=3;normalise=false", "i.csv longest=1 least=3 normalise=False")]
    [InlineData("i.csv:text=t;longest_term=3;vector=v;", "i.csv longest=3 {text: Text t longest=3} {vector: Vector v longest=3}")]
    public void Parse_Value_IsTheSource(string value, string expected) =>
        Assert.Equal(expected, Shown(FeatureSettings.Parse([value]).Sources));

    [Fact]
    public void Parse_SeveralValues_AreSeveralSources() =>
        Assert.Equal("a.tsv; b.npy keys=b.txt", Shown(FeatureSettings.Parse(["a.tsv", "b.npy:keys=b.txt"]).Sources));

    [Theory]
    [InlineData("\"items.tsv\"", "items.tsv")]
    [InlineData("""["a.tsv", {"file": "b.csv"}]""", "a.tsv; b.csv")]
    [InlineData("""{"file": "i.tsv", "item": "MovieId", "text": ["title", "description"], "category": "genres"}""", "i.tsv item=MovieId {text: Text title, Text description} {category: Category genres[|]}")]
    [InlineData("""{"category": [{"column": "a", "separator": " "}, {"column": "b", "separator": null}, {"separator": "comma", "column": "c"}], "file": "i.tsv"}""", "i.tsv {category: Category a[ ], Category b[], Category c[,]}")]
    [InlineData("""{"file": "i.tsv", "least_count": 3, "subnets": [{"name": "words", "text": ["t"], "number": "y", "longest_term": 1}, {"vector": "v*", "normalise": false}]}""", "i.tsv least=3 {words: Text t, Number y longest=1 least=3} {vector: Vector v* least=3 normalise=False}")]
    [InlineData("""{"file": "x.npy", "keys": "x.txt", "subnet": "all"}""", "x.npy keys=x.txt subnet=all")]
    [InlineData("""{"file": "i.tsv", "text": "a,b;c=[d]"}""", "i.tsv {text: Text a,b;c=[d]}")]
    public void FromJson_Value_IsTheSource(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, Shown(FeatureSettings.FromJson(document.RootElement, "features").Sources));
    }

    [Theory]
    [InlineData("i.tsv:txt=title", "--features i.tsv: there is no 'txt'. Did you mean 'text'?")]
    [InlineData("i.tsv:xyzzy=title", "--features i.tsv: there is no 'xyzzy'. All: text, category, number, vector, item, keys, missing, subnet, longest_term, least_count, normalise.")]
    [InlineData("i.tsv:text=title;genres", "--features i.tsv: 'genres' says nothing; expected kind=column or setting=value, as in text=title,description.")]
    [InlineData("i.tsv:text=", "--features i.tsv: a column of kind text has no name; expected names separated by commas.")]
    [InlineData("i.tsv:text=a,,b", "--features i.tsv: a column of kind text has no name; expected names separated by commas.")]
    [InlineData("i.tsv:text=a[,]", "--features i.tsv: 'a[,]' has a separator, which categories alone have; put the name in quote marks if the brackets are its own.")]
    [InlineData("i.tsv:category=a[,,]", "--features i.tsv: the separator is ',,'; expected one character, or none, space, blank, comma, semicolon, bar, tab.")]
    [InlineData("i.tsv:longest_term=x", "--features i.tsv: 'longest_term' is 'x'; expected a whole number.")]
    [InlineData("i.tsv:normalise=maybe", "--features i.tsv: 'normalise' is 'maybe'; expected True or False.")]
    [InlineData("i.tsv:longest_term=7", "i.tsv: LongestTerm of block 'guessed' is 7; expected 1 to 5.")]
    [InlineData("i.tsv:text=a,a", "i.tsv: Block 'text' has column 'a' twice; expected it once.")]
    [InlineData("i.tsv:subnet=", "Block of 'i.tsv' is empty; expected a name, or null.")]
    [InlineData("", "Path is empty; expected a file of features.")]
    public void Parse_FaultyValue_SaysWhatIsWrong(string value, string message) =>
        Assert.Equal([message], Assert.Throws<UsageException>(() => FeatureSettings.Parse([value])).Faults);

    [Fact]
    public void Parse_SeveralFaults_ListsThemAll()
    {
        var faults = Assert.Throws<UsageException>(() => FeatureSettings.Parse(["a:txt=x;text=a[|];least_count=y", "b:number="])).Faults;
        Assert.Equal(4, faults.Count);
        Assert.Equal(["The file 'a' is given twice; expected it once, with all its blocks."], Assert.Throws<UsageException>(() => FeatureSettings.Parse(["a", "a:text=t"])).Faults);
        Assert.Equal(["There is no file of features; expected at least one."], Assert.Throws<UsageException>(() => FeatureSettings.Parse([])).Faults);
    }

    [Theory]
    [InlineData("17", "features is the number 17; expected a file name, or an object with 'file'.")]
    [InlineData("[null]", "features[0] is null; expected a file name, or an object with 'file'.")]
    [InlineData("""{"text": "t"}""", "features: there is no 'file'; expected the file of features.")]
    [InlineData("""{"file": 3}""", "features: 'file' is the number 3; expected text.")]
    [InlineData("""{"file": "i", "files": "t"}""", "features: there is no 'files'. Did you mean 'file'?")]
    [InlineData("""{"file": "i", "text": 3}""", "features: 'text' is the number 3; expected text.")]
    [InlineData("""{"file": "i", "text": [["a"]]}""", "features: 'text' is an array; expected text.")]
    [InlineData("""{"file": "i", "text": {"column": "a", "separator": ","}}""", "features: the column 'a' has 'separator'; expected 'column' and, for categories, 'separator'.")]
    [InlineData("""{"file": "i", "category": {"separator": ","}}""", "features: 'category' has an object without 'column'; expected the name of a column.")]
    [InlineData("""{"file": "i", "category": {"column": "a", "separator": ""}}""", "features: the separator is ''; expected one character, or none, space, blank, comma, semicolon, bar, tab.")]
    [InlineData("""{"file": "i", "subnets": {}}""", "features: 'subnets' is an object; expected an array of objects.")]
    [InlineData("""{"file": "i", "subnets": ["x"]}""", "features.subnets[0]: it is 'x'; expected an object of kinds and columns.")]
    [InlineData("""{"file": "i", "subnets": [{"text": "t", "item": "x"}]}""", "features.subnets[0]: 'item', 'keys' and 'subnet' are for the whole file; expected them beside 'file'.")]
    [InlineData("""{"file": "i", "subnets": [{"name": "n"}]}""", "i: Block 'n' has no column; expected at least one.")]
    [InlineData("""{"file": "i", "least_count": []}""", "features: 'least_count' is an array; expected text, a number, true or false.")]
    [InlineData("""{"file": "i", "least_count": 1.5}""", "features: 'least_count' is '1.5'; expected a whole number.")]
    public void FromJson_FaultyValue_SaysWhatIsWrong(string json, string message)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal([message], Assert.Throws<UsageException>(() => FeatureSettings.FromJson(document.RootElement, "features")).Faults);
    }

    [Fact]
    public void Examples_OfTheGuide_AreUnderstood()
    {
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, "docs/features.md")).ReplaceLineEndings("\n").Split("```");
        var lines = blocks.Single(block => block.StartsWith("text\nitems.tsv\n", StringComparison.Ordinal)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line => Assert.True(line == "items.tsv" || FeatureSettings.Parse([line]).Sources[0] != new FeatureSource(FeatureSettings.Parse([line]).Sources[0].Path)));

        using var json = JsonDocument.Parse(blocks.Single(block => block.StartsWith("json\n", StringComparison.Ordinal))[5..]);
        Assert.Equal(
            "items.tsv; films.csv item=MovieId {text: Text title, Text plot} {category: Category genres[ ]}; "
            + "shop.parquet least=3 {words: Text title, Text brand longest=1 least=3} {rest: Category colour[|], Number price, Number weight, Vector image least=3}; "
            + "images.npy keys=images.txt normalise=False",
            Shown(FeatureSettings.FromJson(json.RootElement, "features").Sources));
    }

    private static string Shown(IEnumerable<FeatureSource> sources) => string.Join("; ", sources.Select(source =>
        source.Path
        + (source.ItemColumn is { } item ? $" item={item}" : "")
        + (source.KeysPath is { } keys ? $" keys={keys}" : "")
        + (source.MissingTexts is [] ? "" : $" missing={string.Join('/', source.MissingTexts)}")
        + (source.Block is { } block ? $" subnet={block}" : "")
        + Settings(source.LongestTerm, source.LeastTermCount, source.NormaliseVectors)
        + string.Concat(source.Blocks.Select(block => $" {{{block.Name}: {string.Join(", ", block.Columns.Select(Shown))}{Settings(block.LongestTerm, block.LeastTermCount, block.NormaliseVectors)}}}"))));

    private static string Shown(FeatureColumnOptions column) => $"{column.Kind} {column.Name}{(column.Kind == FeatureKind.Category ? $"[{column.Separator}]" : "")}";

    private static string Settings(int longest, int least, bool normalise) =>
        (longest == 2 ? "" : $" longest={longest}") + (least == 2 ? "" : $" least={least}") + (normalise ? "" : $" normalise={normalise}");
}
