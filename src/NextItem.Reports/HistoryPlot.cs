using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>Draws a training's history: loss above, validation metrics below, the same epochs across both.</summary>
internal static class HistoryPlot
{
    private const double LossShare = 0.48; // of the height, where there are two panels
    private const float MarkerSize = 7;
    private const int MostMarkers = 40; // more would hide the line
    private const float LeftMargin = 76;
    private const float RightMargin = 140; // holds the legend
    private const float TopMargin = 14;
    private const float TitleMargin = 44;
    private const float BottomMargin = 52;

    private static readonly Color s_loss = Color.FromHex("#b3261e");

    /// <summary>A hue for each kind of metric, from the palest, for the smallest cutoff, to the darkest.</summary>
    private static readonly (Color Pale, Color Dark)[] s_hues =
    [
        (Color.FromHex("#8fc1ea"), Color.FromHex("#0b4f8a")),
        (Color.FromHex("#f3bd84"), Color.FromHex("#a34a00")),
        (Color.FromHex("#94d3ad"), Color.FromHex("#0e6b3c")),
        (Color.FromHex("#c9b3e8"), Color.FromHex("#5b2a9d")),
    ];

    /// <summary>Draws as a PNG of so many pixels.</summary>
    public static void WritePng(Stream destination, IReadOnlyList<EpochSummary> epochs, string title, int width, int height) =>
        Picture.WritePng(destination, width, height, canvas => Draw(canvas, epochs, title, width, height));

    /// <summary>Draws as SVG of that size.</summary>
    public static void WriteSvg(Stream destination, IReadOnlyList<EpochSummary> epochs, string title, int width, int height) =>
        Picture.WriteSvg(destination, width, height, canvas => Draw(canvas, epochs, title, width, height));

    private static void Draw(SKCanvas canvas, IReadOnlyList<EpochSummary> epochs, string title, int width, int height)
    {
        var metrics = Drawn(ValidationMetric.Of(epochs));
        var middle = metrics.Length == 0 ? height : (int)(height * LossShare);
        using var loss = new Plot();
        AddLine(loss, epochs, epoch => epoch.Loss, "Loss", s_loss, MarkerShape.FilledCircle);
        Style(loss, epochs, title, width, "Mean loss", xLabel: metrics.Length == 0);
        Picture.Render(loss, canvas, new PixelRect(0, width, middle, 0));
        if (metrics.Length == 0)
            return;
        using var validation = new Plot();
        AddMetrics(validation, epochs, metrics);
        Style(validation, epochs, "", width, "Validation metric", xLabel: true);
        Picture.Render(validation, canvas, new PixelRect(0, width, height, middle));
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
                AddLine(plot, epochs, metric.ValueIn, metric.Label, dark.MixedWith(pale, paleness), Picture.Markers[kind % Picture.Markers.Length]);
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
        Picture.Style(plot, title, width - LeftMargin);
        plot.YLabel(yLabel, Picture.LabelSize);
        if (xLabel)
            plot.XLabel("Epoch", Picture.LabelSize);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
        plot.ShowLegend(Edge.Right).Alignment = Alignment.UpperLeft;

        // Said, not measured, so that the panels' epochs stand exactly below each other.
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, xLabel ? BottomMargin : BottomMargin / 2, title.Length > 0 ? TitleMargin : TopMargin));
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(epochs.Min(epoch => epoch.Epoch) - 0.5, epochs.Max(epoch => epoch.Epoch) + 0.5);
    }
}
