using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NextItem.Reports.Tests;

public partial class TrainingHistoryPlotTests
{
    public static TheoryData<int, int> Sizes => new()
    {
        { 960, 640 },
        { TrainingHistory.MinimumWidth, TrainingHistory.MinimumHeight },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void WritePng_AnySize_HasTheSignatureAndThatSize(int width, int height)
    {
        var png = Epochs.Png(Epochs.Validated(), "Title", width, height);

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        Assert.Equal("IHDR", Encoding.ASCII.GetString(png, 12, 4));
        Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.Equal("IEND", Encoding.ASCII.GetString(png, png.Length - 8, 4));
    }

    [Theory, MemberData(nameof(Sizes))]
    public void WriteSvg_AnySize_IsXmlOfThatSize(int width, int height)
    {
        var svg = Parse(Epochs.Svg(Epochs.Validated(), "Title", width, height));

        Assert.Equal("svg", svg.Name.LocalName);
        Assert.DoesNotContain(svg.Descendants().Where(element => element.Name.LocalName == "rect" && element.Parent!.Name.LocalName != "clipPath"), rectangle => rectangle.Attribute("fill") is null); // would be black
        Assert.Equal(($"{width}", $"{height}"), (svg.Attribute("width")?.Value, svg.Attribute("height")?.Value));
    }

    [Fact]
    public void WriteSvg_WithoutValidation_HasTitleAxisLabelsAndLegendOfTheLoss()
    {
        var texts = Texts(Epochs.Svg(Epochs.Of(3, 2), "GRU4Rec <on> shop & Co."));

        Assert.All(["GRU4Rec <on> shop & Co.", "Epoch", "Mean loss", "Loss"], text => Assert.Contains(text, texts));
        Assert.DoesNotContain("Validation metric", texts);
    }

    [Fact]
    public void WriteSvg_WithValidation_NamesEveryMetric()
    {
        var texts = Texts(Epochs.Svg(Epochs.Validated()));

        Assert.All(
            ["Epoch", "Mean loss", "Loss", "Validation metric", "Recall@1", "Recall@5", "Recall@10", "Recall@20", "MRR@5", "MRR@10", "MRR@20"],
            text => Assert.Single(texts, text));
        Assert.DoesNotContain("MRR@1", texts); // Recall@1 under another name
    }

    [Fact]
    public void WriteSvg_WithMrrAt1Alone_DrawsIt()
    {
        Assert.Contains("MRR@1", Texts(Epochs.Svg([Epochs.Of(1)[0].With("mrr@1=0.25", "recall@5=0.5")])));
    }

    [Fact]
    public void Plots_OfTheSameEpochs_AreTheSameBytes()
    {
        Assert.Equal(Epochs.Png(Epochs.Validated()), Epochs.Png(Epochs.Validated()));
        Assert.Equal(Text(Epochs.Svg(Epochs.Validated())), Text(Epochs.Svg(Epochs.Validated())));
    }

    public static TheoryData<string> Changes => ["loss", "metric", "epochs", "title"];

    [Theory, MemberData(nameof(Changes))]
    public void Plots_OfChangedData_Differ(string change)
    {
        EpochSummary[] Changed(EpochSummary[] epochs) => change switch
        {
            "loss" => [.. epochs[..^1], epochs[^1] with { Loss = epochs[^1].Loss - 0.5 }],
            "metric" => [.. epochs[..^1], epochs[^1].With("recall@20=0.4", "mrr@20=0.2")],
            "epochs" => epochs[..^1],
            _ => epochs,
        };
        EpochSummary[] before = [.. Epochs.Of(3, 2, 1.5).Select(epoch => epoch.With("recall@20=0.3", "mrr@20=0.2"))];
        var title = change == "title" ? "Another" : "Training";

        Assert.NotEqual(Epochs.Png(before), Epochs.Png(Changed(before), title));
        Assert.NotEqual(Text(Epochs.Svg(before)), Text(Epochs.Svg(Changed(before), title)));
    }

    [Fact]
    public void Plots_OfAFirstEpochAndOfConstantLoss_AreDrawn()
    {
        Assert.NotEqual(Epochs.Png(Epochs.Of(3)), Epochs.Png(Epochs.Of(3, 3)));
        Assert.Contains("Epoch", Texts(Epochs.Svg([Epochs.Of(0)[0].With("recall@20=0")])));
    }

    [Fact]
    public void WriteSvg_OfAnotherCurveBetweenTheSameEnds_HasAnotherLine()
    {
        // The same frame, axes and words: what is left of the difference is the curve itself.
        var (curve, other) = (Epochs.Svg(Epochs.Of(4, 3, 2)), Epochs.Svg(Epochs.Of(4, 2, 2)));

        Assert.Single(Paths(curve).Except(Paths(other)));
        Assert.Contains(Parse(curve).Descendants(), element => element.Attribute("stroke")?.Value == "#B3261E");
    }

    [Fact]
    public void Plots_WithWrongArguments_AreRefused()
    {
        var epochs = Epochs.Of(3, 2);

        Assert.Contains("There is no epoch; expected at least one to draw.", Assert.Throws<ArgumentException>(() => Epochs.Png([])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Epochs.Svg([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Epochs.Png(epochs, width: TrainingHistory.MinimumWidth - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Epochs.Svg(epochs, height: TrainingHistory.MinimumHeight - 1));
    }

    /// <summary>The SVG without the names of its clip paths, which are counted on from one picture to the next.</summary>
    private static string Text(byte[] svg) => ClipName().Replace(Encoding.UTF8.GetString(svg), "clip");

    [GeneratedRegex(@"\bcl_[0-9a-f]+")]
    private static partial Regex ClipName();

    private static XElement Parse(byte[] svg)
    {
        using var stream = new MemoryStream(svg);
        return XDocument.Load(stream).Root!;
    }

    /// <summary>Words of the picture. Without a font there are none, and the tests that look for them are skipped.</summary>
    private static string[] Texts(byte[] svg)
    {
        if (!TrainingHistory.CanDrawText())
            Assert.Skip("needs a font");
        return [.. Parse(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
    }

    private static string[] Paths(byte[] svg) =>
        [.. Parse(svg).Descendants().Select(element => element.Attribute("d")?.Value).OfType<string>()];
}
