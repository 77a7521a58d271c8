using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>Draws a training's history: loss above, validation metrics below, the same epochs across both.</summary>
internal static class HistoryPlot
{
    private const double LossShare = 0.48; // of the height, where there are two panels
    private const float TitleSize = 18;
    private const float GlyphWidth = 0.62f; // of the size: about the mean, to make a long title fit
    private const float LabelSize = 14;
    private const float TickSize = 12;
    private const float MarkerSize = 7;
    private const int MostMarkers = 40; // more would hide the line
    private const float LeftMargin = 76;
    private const float RightMargin = 140; // holds the legend
    private const float TopMargin = 14;
    private const float TitleMargin = 44;
    private const float BottomMargin = 52;

    private static readonly Color s_ink = Color.FromHex("#24292f");
    private static readonly Color s_grid = Color.FromHex("#e4e7eb");
    private static readonly Color s_loss = Color.FromHex("#b3261e");

    /// <summary>A hue for each kind of metric, from the palest, for the smallest cutoff, to the darkest.</summary>
    private static readonly (Color Pale, Color Dark)[] s_hues =
    [
        (Color.FromHex("#8fc1ea"), Color.FromHex("#0b4f8a")),
        (Color.FromHex("#f3bd84"), Color.FromHex("#a34a00")),
        (Color.FromHex("#94d3ad"), Color.FromHex("#0e6b3c")),
        (Color.FromHex("#c9b3e8"), Color.FromHex("#5b2a9d")),
    ];

    private static readonly MarkerShape[] s_markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>Draws as a PNG of so many pixels.</summary>
    public static void WritePng(Stream destination, IReadOnlyList<EpochSummary> epochs, string title, int width, int height)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        Draw(surface.Canvas, epochs, title, width, height);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(destination);
    }

    /// <summary>Draws as SVG of that size.</summary>
    public static void WriteSvg(Stream destination, IReadOnlyList<EpochSummary> epochs, string title, int width, int height)
    {
        // By way of memory: the drawing library seeks in what it writes to, and closes it.
        using var buffer = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(width, height), buffer))
            Draw(canvas, epochs, title, width, height);
        buffer.WriteTo(destination);
    }

    private static void Draw(SKCanvas canvas, IReadOnlyList<EpochSummary> epochs, string title, int width, int height)
    {
        canvas.Clear(SKColors.White);
        var metrics = Drawn(ValidationMetric.Of(epochs));
        var middle = metrics.Length == 0 ? height : (int)(height * LossShare);
        using var loss = new Plot();
        AddLine(loss, epochs, epoch => epoch.Loss, "Loss", s_loss, MarkerShape.FilledCircle);
        Style(loss, epochs, title, width, "Mean loss", xLabel: metrics.Length == 0);
        Render(loss, canvas, new PixelRect(0, width, middle, 0));
        if (metrics.Length == 0)
            return;
        using var validation = new Plot();
        AddMetrics(validation, epochs, metrics);
        Style(validation, epochs, "", width, "Validation metric", xLabel: true);
        Render(validation, canvas, new PixelRect(0, width, height, middle));
    }

    private static void Render(Plot plot, SKCanvas canvas, PixelRect area)
    {
        // Clearing would reach the other panel, and would be a black rectangle in an SVG.
        plot.RenderManager.Remove<ClearCanvas>();

        // The first rendering of a plot draws twice, to learn the sizes of its parts: an SVG would hold everything twice.
        using (var nowhere = SKSurface.Create(new SKImageInfo((int)area.Right, (int)area.Bottom)))
            plot.Render(nowhere.Canvas, area);
        plot.Render(canvas, area);
    }

    /// <summary>MRR@1 is Recall@1, so one curve shows both.</summary>
    private static ValidationMetric[] Drawn(IReadOnlyList<ValidationMetric> metrics) =>
        [.. metrics.Where(metric => metric != new ValidationMetric("mrr", 1) || !metrics.Contains(new ValidationMetric("recall", 1)))];

    /// <summary>Kinds differ in hue and marker (a dashed line would be solid in an SVG), cutoffs in depth; the legend lists the highest curve first.</summary>
    private static void AddMetrics(Plot plot, IReadOnlyList<EpochSummary> epochs, ValidationMetric[] metrics)
    {
        var kinds = metrics.GroupBy(metric => metric.Name).Select(kind => kind.OrderByDescending(metric => metric.Cutoff).ToArray()).ToArray();
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            var (pale, dark) = s_hues[kind % s_hues.Length];
            for (var i = 0; i < kinds[kind].Length; i++)
            {
                var metric = kinds[kind][i];
                var paleness = kinds[kind].Length == 1 ? 0 : (double)i / (kinds[kind].Length - 1);
                AddLine(plot, epochs, metric.ValueIn, metric.Label, dark.MixedWith(pale, paleness), s_markers[kind % s_markers.Length]);
            }
        }
    }

    private static void AddLine(
        Plot plot, IReadOnlyList<EpochSummary> epochs, Func<EpochSummary, double?> value, string label, Color color, MarkerShape marker)
    {
        var points = epochs.Where(epoch => value(epoch) is not null).Select(epoch => new Coordinates(epoch.Epoch, value(epoch)!.Value)).ToArray();
        var line = plot.Add.ScatterLine(points, color);
        line.LegendText = label;
        line.LineWidth = 2;
        line.MarkerStyle = new MarkerStyle(marker, points.Length > MostMarkers ? 0 : MarkerSize, color);
    }

    private static void Style(Plot plot, IReadOnlyList<EpochSummary> epochs, string title, int width, string yLabel, bool xLabel)
    {
        plot.Title(title, Math.Min(TitleSize, (width - LeftMargin) / (GlyphWidth * Math.Max(1, title.Length))));
        plot.YLabel(yLabel, LabelSize);
        if (xLabel)
            plot.XLabel("Epoch", LabelSize);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
        plot.Axes.Bottom.TickLabelStyle.FontSize = TickSize;
        plot.Axes.Left.TickLabelStyle.FontSize = TickSize;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Left.MinorTickStyle.Length = 0;
        plot.Axes.Color(s_ink);
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = s_grid;
        plot.Legend.FontSize = TickSize;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperLeft;
        if (PlotFont.Family is { } family)
            plot.Font.Set(family);

        // Said, not measured, so that the panels' epochs stand exactly below each other.
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, xLabel ? BottomMargin : BottomMargin / 2, title.Length > 0 ? TitleMargin : TopMargin));
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(epochs.Min(epoch => epoch.Epoch) - 0.5, epochs.Max(epoch => epoch.Epoch) + 0.5);
    }
}
