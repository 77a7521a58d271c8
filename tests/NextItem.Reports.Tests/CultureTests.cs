using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NextItem.Reports.Tests;

/// <summary>Reports in a host with a decimal comma are those of every other host.</summary>
public partial class CultureTests
{
    public static TheoryData<string> Reports => [.. s_reports.Keys];

    private static readonly EpochSummary[] s_epochs = Epochs.Validated();

    private static readonly Dictionary<string, Action<Stream>> s_reports = new()
    {
        ["comparison.csv"] = stream => ComparisonReport.WriteCsv(stream, Comparison()),
        ["comparison.tex"] = stream => ComparisonReport.WriteLatex(stream, Comparison()),
        ["comparison.html"] = stream => ComparisonReport.WriteHtml(stream, Comparison(), "a note"),
        ["intervals.svg"] = stream => ComparisonReport.WriteSvg(stream, Comparison(), ComparisonPicture.Intervals),
        ["positions.svg"] = stream => ComparisonReport.WriteSvg(stream, Comparison(), ComparisonPicture.Positions),
        ["speed.svg"] = stream => ComparisonReport.WriteSvg(stream, Comparison(), ComparisonPicture.Speed),
        ["training.svg"] = stream => ComparisonReport.WriteSvg(stream, Comparison(), ComparisonPicture.Training),
        ["intervals.png"] = stream => ComparisonReport.WritePng(stream, Comparison(), ComparisonPicture.Intervals),
        ["history.csv"] = stream => TrainingHistory.WriteCsv(stream, s_epochs),
        ["history.svg"] = stream => TrainingHistory.WriteSvg(stream, s_epochs),
        ["history.png"] = stream => TrainingHistory.WritePng(stream, s_epochs),
        ["search.html"] = stream => SearchReport.WriteHtml(stream, SearchReportTests.Summary()),
        ["search.svg"] = stream => SearchReport.WriteSvg(stream, SearchReportTests.Summary()),
        ["search.png"] = stream => SearchReport.WritePng(stream, SearchReportTests.Summary()),
    };

    [Theory, MemberData(nameof(Reports))]
    public void Culture_OfTheCaller_DoesNotMatter(string report)
    {
        var plain = Written(report);
        var before = CultureInfo.CurrentCulture;
        try
        {
            // Not by name: the tests run without the cultures' data, and every name would give the invariant one.
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NumberGroupSeparator, other.NumberFormat.NegativeSign, other.NumberFormat.PercentDecimalSeparator) = (",", ".", "\u2212", ",");
            CultureInfo.CurrentCulture = other;
            Assert.Equal("\u22121.234,5", $"{-1234.5:N1}");

            Assert.Equal(plain, Written(report));
            Assert.Same(other, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>With sentences and warnings, which are written when the models are compared.</summary>
    private static ModelComparison Comparison() => Comparisons.Of(
        Comparisons.WithCosts(Comparisons.Model("first", Comparisons.Shares(0.55), tieShare: 0.2), 0.5, "cross-entropy", 3.5, 2.25, 1.125),
        Comparisons.WithCosts(Comparisons.Model("second", Comparisons.Shares(0.5)), 1500.5, "bpr-max", 0.5, -0.25));

    private static string Written(string report)
    {
        using var stream = new MemoryStream();
        s_reports[report](stream);

        // Names of clip paths are counted on from one picture to the next; in a page they are in what is encoded.
        var bytes = stream.ToArray();
        return report.EndsWith(".png", StringComparison.Ordinal)
            ? Convert.ToBase64String(bytes)
            : ClipName().Replace(Encoded().Replace(Encoding.UTF8.GetString(bytes), match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value))), "clip");
    }

    [GeneratedRegex(@"\bcl_[0-9a-f]+")]
    private static partial Regex ClipName();

    [GeneratedRegex("data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)")]
    private static partial Regex Encoded();
}
