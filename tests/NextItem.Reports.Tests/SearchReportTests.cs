using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;

namespace NextItem.Reports.Tests;

public class SearchReportTests
{
    private static readonly SearchSpace s_space = new(
    [
        new SearchParameter("learning_rate", SearchKind.Real) { Low = 0.01, High = 0.5, IsLogarithmic = true },
        new SearchParameter("loss", SearchKind.Choice) { Values = ["cross-entropy", "<bpr> & max"] },
        new SearchParameter("layers", SearchKind.Whole) { Low = 10, High = 100 },
        new SearchParameter("bpreg", SearchKind.Real) { When = new("loss", ["<bpr> & max"]) },
    ]);

    [Fact]
    public void WriteSvg_ASearch_NamesWhatIsShown()
    {
        var texts = Texts(Bytes(stream => SearchReport.WriteSvg(stream, Summary())));
        Assert.All(
            ["a search & more", "MRR@20", "Trial", "best so far", "1 epoch", "3 epochs", "9 epochs, to the end", "failed", "What mattered: share explained alone", "learning_rate", "61 %", "9 %", "0.01", "0.1", "cross-entropy", "<bpr> & max"],
            text => Assert.Contains(text, texts));
    }

    [Fact]
    public void WriteSvg_FewTrialsWithoutImportance_IsDrawnAllTheSame()
    {
        var texts = Texts(Bytes(stream => SearchReport.WriteSvg(stream, Summary(trials: 1) with { Importance = [], HasEpochs = false })));
        Assert.Contains("trial", texts);
        Assert.DoesNotContain("What mattered: share explained alone", texts);
        Assert.NotEmpty(Bytes(stream => SearchReport.WritePng(stream, new SearchSummary(s_space, [new SearchTrial(0, [0.1, 0, 10, double.NaN]) { Values = [double.NaN] }], [9]) { Title = "all failed", Metric = "MRR@20" })));
    }

    [Fact]
    public void WritePng_OfOtherNumbers_Differs()
    {
        var first = Bytes(stream => SearchReport.WritePng(stream, Summary()));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], first[..4]);
        Assert.NotEqual(first, Bytes(stream => SearchReport.WritePng(stream, Summary() with { Importance = [0.1, 0.2, 0.3, 0.1] })));
        Assert.NotEqual(first, Bytes(stream => SearchReport.WritePng(stream, Summary(trials: 11))));
    }

    /// <summary>The best trial first, failed ones last; nothing from outside is markup, and nothing is fetched.</summary>
    [Fact]
    public void WriteHtml_ASearch_HasEveryTrialAndIsWhole()
    {
        var page = Encoding.UTF8.GetString(Bytes(stream => SearchReport.WriteHtml(stream, Summary())));
        var rows = page.Split("<tr").Skip(2).ToArray();
        Assert.Equal(12, rows.Length);
        Assert.StartsWith(" class=\"best\"><td>6</td><td>0.3600</td><td>9</td><td>7.0</td>", rows[0], StringComparison.Ordinal);
        Assert.Contains("<td>11</td><td>failed</td>", rows[^1], StringComparison.Ordinal);
        Assert.Contains("&lt;bpr&gt; &amp; max", page, StringComparison.Ordinal);
        Assert.Contains("<p>a sentence with &lt;b&gt;</p>", page, StringComparison.Ordinal);
        Assert.Contains("<li>a fact</li>", page, StringComparison.Ordinal);
        Assert.Contains("<td></td></tr>", page, StringComparison.Ordinal); // what was not searched there
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<bpr>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    internal static SearchSummary Summary(int trials = 12) => new(s_space, [.. Enumerable.Range(0, trials).Select(Trial)], [1, 3, 9])
    {
        Title = "a search & more",
        Metric = "MRR@20",
        Importance = [0.61, 0.09, 0.05, 0.02],
        Seconds = [.. Enumerable.Range(1, trials).Select(second => (double)second)],
        Sentences = ["a sentence with <b>"],
        Facts = ["a fact"],
    };

    private static SearchTrial Trial(int number)
    {
        var choice = number % 2;
        ImmutableArray<double> values = number == 11 ? [double.NaN] : [.. new[] { 0.1, 0.2, 0.3 }.Take(1 + (number % 3 == 0 ? 2 : number % 3 == 1 ? 1 : 0)).Select(value => value + (number == 9 ? 0.01 : 0.01 * number))];
        return new SearchTrial(number, [0.02 * (1 + number), choice, 10 + number, choice == 1 ? 0.5 : double.NaN]) { Values = values };
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private static string[] Texts(byte[] svg) =>
        [.. XDocument.Parse(Encoding.UTF8.GetString(svg)).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
}
