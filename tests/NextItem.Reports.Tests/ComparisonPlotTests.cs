using System.Text;
using System.Xml.Linq;

namespace NextItem.Reports.Tests;

public class ComparisonPlotTests
{
    private static readonly ModelComparison s_comparison = Comparisons.Of(
        Comparisons.Model("first & <best>", Comparisons.Shares(0.5)), Comparisons.Model("a name that is too long to stand in full beside a plot", Comparisons.Shares(0.3)));

    public static TheoryData<ComparisonPicture> Pictures => [.. Enum.GetValues<ComparisonPicture>()];

    [Theory, MemberData(nameof(Pictures))]
    public void WritePng_AnyPicture_IsAPng(ComparisonPicture picture) =>
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Bytes(stream => ComparisonReport.WritePng(stream, s_comparison, picture))[..4]);

    [Fact]
    public void WriteSvg_OfTheIntervals_NamesModelsAndMetrics()
    {
        var texts = Texts(ComparisonPicture.Intervals, s_comparison);

        Assert.All(["Recall@20", "MRR@20", "first & <best>", "a name that is too long to …", "95 % interval over sessions"], text => Assert.Contains(text, texts));
    }

    [Fact]
    public void WriteSvg_AlongTheSession_NamesModelsAndBuckets()
    {
        var texts = Texts(ComparisonPicture.Positions, s_comparison);

        Assert.All(["Recall@20 along the session", "Recall@20", "1", "2", "first & <best>", "a name that is too long to …", "Events of the session that the model has seen"], text => Assert.Contains(text, texts));
    }

    [Theory, MemberData(nameof(Pictures))]
    public void WritePng_OfOtherNumbers_Differs(ComparisonPicture picture)
    {
        var other = Comparisons.Of(Comparisons.Model("first & <best>", Comparisons.Shares(0.5)), Comparisons.Model("a name that is too long to stand in full beside a plot", Comparisons.Shares(0.35)));

        Assert.NotEqual(Bytes(stream => ComparisonReport.WritePng(stream, s_comparison, picture)), Bytes(stream => ComparisonReport.WritePng(stream, other, picture)));
    }

    [Fact]
    public void WriteSvg_WithoutPositions_IsRefused()
    {
        var model = Comparisons.Model("a", Comparisons.Shares(0.5));
        var comparison = Comparisons.Of(model with { Evaluation = model.Evaluation with { Slices = [] } });

        Assert.Contains("expected slices by position", Assert.Throws<ArgumentException>(() => ComparisonReport.WriteSvg(Stream.Null, comparison, ComparisonPicture.Positions)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(Bytes(stream => ComparisonReport.WriteSvg(stream, comparison, ComparisonPicture.Intervals)));
    }

    /// <summary>Words of the picture. Without a font there are none, and the tests that look for them are skipped.</summary>
    private static string[] Texts(ComparisonPicture picture, ModelComparison comparison)
    {
        if (!TrainingHistory.CanDrawText())
            Assert.Skip("needs a font");
        var svg = XDocument.Parse(Encoding.UTF8.GetString(Bytes(stream => ComparisonReport.WriteSvg(stream, comparison, picture))));
        return [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
