using NextItem.Data;

namespace NextItem.Preparation.Tests;

/// <summary>Published sets and pieces of raw logs, where they are at hand.</summary>
public sealed class RealDataTests : IDisposable
{
    private static readonly string s_data = Path.GetFullPath(Path.Combine(Root(), "../shared/data"));
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The split of 2016 (whole sessions by their last event, unknown items dropped) gives the published validation set again.</summary>
    [Fact]
    public void Rsc15_ValidationSplit_IsThePublishedOne()
    {
        var folder = Data("rsc15-100k");
        var steps = new PreparationSteps { CollapseRepeats = false, MinItemSupport = 1, SplitBy = SplitBy.End, UnseenItems = UnseenItems.Drop, Validation = false };

        _folder.Prepare(Path.Combine(folder, "train_full.tsv.gz"), steps);

        Assert.Equal(Events(Path.Combine(folder, "train_tr.tsv.gz")), Events(_folder.At("out/train_full.tsv")));
        Assert.Equal(Events(Path.Combine(folder, "train_valid.tsv.gz")), Events(_folder.At("out/test.tsv")));
    }

    [Fact]
    public void YooChoose_RawClicks_AreReadWhole()
    {
        var path = Path.Combine(Data("raw-samples"), "yoochoose-clicks.dat");
        var lines = File.ReadAllLines(path).Select(line => line.Split(',')).ToArray();

        var report = _folder.Prepare(path, null, options => options with { Format = "yoochoose" });

        Assert.Equal((lines.Length, lines.Select(line => line[0]).Distinct().Count(), lines.Select(line => line[2]).Distinct().Count()), (report.Counts[0].Events, report.Counts[0].Sessions, report.Counts[0].Items));
        Assert.Equal(0, report.BadRowCount);
    }

    [Fact]
    public void Diginetica_RawViewsAndCategories_AreReadWhole()
    {
        var folder = Data("raw-samples");
        var lines = File.ReadAllLines(Path.Combine(folder, "diginetica-train-item-views.csv")).Skip(1).Select(line => line.Split(';')).ToArray();

        var report = _folder.Prepare(folder, null, options => options with { Format = "diginetica" });

        Assert.Equal((lines.Length, lines.Select(line => line[0]).Distinct().Count(), lines.Select(line => line[2]).Distinct().Count()), (report.Counts[0].Events, report.Counts[0].Sessions, report.Counts[0].Items));
        Assert.Equal("ItemId\tSupport\tcategoryId", File.ReadLines(_folder.At("out/items.tsv")).First());
        Assert.All(_folder.Rows("items"), row => Assert.Matches("^[0-9]+ [0-9]+ [0-9]+$", row));
    }

    [Fact]
    public void MovieLens_InRecBolesFiles_IsReadWhole()
    {
        var report = _folder.Prepare(Data("ml-100k"), null, options => options with { Format = "recbole" });

        Assert.Equal((100_000, 943, 1_682), (report.Counts[0].Events, report.Counts[0].Sessions, report.Counts[0].Items));
        Assert.Equal("ItemId\tSupport\tmovie_title\trelease_year\tclass", File.ReadLines(_folder.At("out/items.tsv")).First());
    }

    private static string Data(string name)
    {
        var folder = Path.Combine(s_data, name);
        if (!Directory.Exists(folder))
            Assert.Skip($"needs {folder}");
        return folder;
    }

    // Session, item and time of every event, whatever their order in the file.
    private static List<string> Events(string path)
    {
        var rows = new List<string>();
        var set = EventsFile.Read(path);
        for (var session = 0; session < set.Count; session++)
            rows.Add($"{set.KeyOf(session)} {set.StartTimeOf(session):R} {set.EndTimeOf(session):R} {string.Join(',', set.ItemsOf(session).ToArray().Select(set.Catalog.KeyOf).Order(StringComparer.Ordinal))}");
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "NextItem.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("NextItem.slnx is not above the tests.");
        return folder;
    }
}
