using System.Text;
using System.Xml.Linq;

namespace NextItem.Reports.Tests;

public class ComparisonPlotTests
{
    private const string TooLong = "a name that is too long to stand in full beside a plot";

    private static readonly ModelComparison s_comparison = Comparison(0.3, 0.02, 0.9);

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
        var other = Comparison(0.35, 0.03, 0.8);

        Assert.NotEqual(Bytes(stream => ComparisonReport.WritePng(stream, s_comparison, picture)), Bytes(stream => ComparisonReport.WritePng(stream, other, picture)));
    }

    [Fact]
    public void WriteSvg_OfSpeed_NamesTimesMetricsAndTimedModelsOnce()
    {
        var texts = Texts(ComparisonPicture.Speed, s_comparison);

        Assert.All(["Recall@20 against time", "MRR@20 against time", "Milliseconds an event", "0.01", "0.02", "0.05"], text => Assert.Contains(text, texts));
        Assert.Single(texts, "first & <best>"); // one legend for both panels
    }

    [Fact]
    public void WriteSvg_OfSpeedOverThousandfoldTimes_HasPowersOfTenAlone()
    {
        var texts = Texts(ComparisonPicture.Speed, Comparisons.Of(Comparisons.WithCosts(Comparisons.Model("a", Comparisons.Shares(0.5)), 0.004, ""), Comparisons.WithCosts(Comparisons.Model("b", Comparisons.Shares(0.4)), 20, "")));

        Assert.All(["0.01", "0.1", "1", "10"], text => Assert.Contains(text, texts));
        Assert.DoesNotContain("0.05", texts);
    }

    [Fact]
    public void WriteSvg_OfTraining_HasAPanelALoss()
    {
        var texts = Texts(ComparisonPicture.Training, s_comparison);

        Assert.All(["Training: BPR-max", "Training: cross-entropy", "Mean loss", "Epoch", "first & <best>"], text => Assert.Contains(text, texts));
        var one = Comparisons.Of(Comparisons.WithCosts(Comparisons.Model("a", Comparisons.Shares(0.5)), 1, "TOP1", 2, 1), Comparisons.WithCosts(Comparisons.Model("b", Comparisons.Shares(0.4)), 1, "TOP1", 3, 1));
        Assert.Single(Texts(ComparisonPicture.Training, one), text => text.StartsWith("Training: ", StringComparison.Ordinal));
    }

    /// <summary>On a phone's paper everything that the wide picture says is there, and the picture is higher.</summary>
    [Theory, MemberData(nameof(Pictures))]
    public void WriteSvg_Narrow_SaysTheSameBelowEachOther(ComparisonPicture picture)
    {
        if (!TrainingHistory.CanDrawText())
            Assert.Skip("needs a font");
        var wide = Bytes(stream => ComparisonReport.WriteSvg(stream, s_comparison, picture));
        var narrow = Bytes(stream => ComparisonReport.WriteSvg(stream, s_comparison, picture, 420));

        Assert.Equal(("420", true), (Root(narrow).Attribute("width")!.Value, Number(Root(narrow), "height") > Number(Root(wide), "height")));
        Assert.Superset(Words(wide), Words(narrow));

        static XElement Root(byte[] svg) => XDocument.Parse(Encoding.UTF8.GetString(svg)).Root!;
        static int Number(XElement root, string name) => int.Parse(root.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);
        static HashSet<string> Words(byte[] svg) =>
            [.. Root(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()).Where(text => text.Any(char.IsLetter))];
    }

    [Theory]
    [InlineData(ComparisonPicture.Positions, 420)]
    [InlineData(ComparisonPicture.Positions, 960)]
    [InlineData(ComparisonPicture.Speed, 420)]
    [InlineData(ComparisonPicture.Speed, 960)]
    [InlineData(ComparisonPicture.Training, 420)]
    [InlineData(ComparisonPicture.Training, 960)]
    [InlineData(ComparisonPicture.Intervals, 420)]
    public void WriteSvg_OfManyModels_NamesEveryOne(ComparisonPicture picture, int width)
    {
        if (!TrainingHistory.CanDrawText())
            Assert.Skip("needs a font");
        string[] names = [.. Enumerable.Range(1, 14).Select(model => $"{(model == 1 ? "the longest name " : "model ")}{model}")];
        var comparison = Comparisons.Of([.. names.Select((name, model) => Comparisons.WithCosts(Comparisons.Model(name, Comparisons.Shares(0.1 + (0.05 * model), 100)), 0.01 * (model + 1), "TOP1", 3, 2, 1))]);

        var svg = XDocument.Parse(Encoding.UTF8.GetString(Bytes(stream => ComparisonReport.WriteSvg(stream, comparison, picture, width))));
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").ToArray();

        Assert.All(names, name => Assert.Contains(name, texts.Select(text => text.Value.Trim())));
        var height = double.Parse(svg.Root!.Attribute("height")!.Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.All(
            texts.Where(text => names.Contains(text.Value.Trim())),
            text => Assert.InRange(Place(text), 0, height));

        // Skia writes the place of every letter, or of the first one alone.
        static double Place(XElement text) => double.Parse(text.Attribute("y")!.Value.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void MarkersAndColours_OfThirtyTwoSeries_AreAllDifferentPairs() =>
        Assert.Equal(32, Enumerable.Range(0, 32).Select(series => (Picture.ColorOf(series), Picture.MarkerOf(series))).Distinct().Count());

    [Theory]
    [InlineData(ComparisonPicture.Positions, "expected slices by position")]
    [InlineData(ComparisonPicture.Speed, "No model was timed")]
    [InlineData(ComparisonPicture.Training, "No model was trained in epochs")]
    public void WriteSvg_OfWhatWasNotMeasured_IsRefused(ComparisonPicture picture, string message)
    {
        var model = Comparisons.Model("a", Comparisons.Shares(0.5));
        var comparison = Comparisons.Of(model with { Evaluation = model.Evaluation with { Slices = [] } });

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => ComparisonReport.WriteSvg(Stream.Null, comparison, picture)).Message, StringComparison.Ordinal);
        Assert.False(ComparisonReport.CanDraw(comparison, picture));
        Assert.True(ComparisonReport.CanDraw(s_comparison, picture));
        Assert.NotEmpty(Bytes(stream => ComparisonReport.WriteSvg(stream, comparison, ComparisonPicture.Intervals)));
    }

    private static ModelComparison Comparison(double share, double milliseconds, double loss) => Comparisons.Of(
        Comparisons.WithCosts(Comparisons.Model("first & <best>", Comparisons.Shares(0.5)), 0.01, "BPR-max", 1, 0.5, 0.4),
        Comparisons.WithCosts(Comparisons.Model(TooLong, Comparisons.Shares(share)), milliseconds, "cross-entropy", 8, loss, 0.5));

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
