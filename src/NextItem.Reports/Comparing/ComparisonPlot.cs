using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>Draws a comparison: the models' intervals beside each other, and how they do along a session.</summary>
internal static class ComparisonPlot
{
    private const float TopMargin = 44;
    private const float BottomMargin = 52;
    private const float LeftMargin = 76;
    private const float RightMargin = 24;
    private const float RowHeight = 34;
    private const int LeastHeight = 380;

    /// <summary>The least height of the picture of intervals: a row a model, and on a narrow paper a panel below the other.</summary>
    public static int IntervalsHeight(ModelComparison comparison, int width) => PanelHeight(comparison) * (Picture.IsNarrow(width) ? Metrics(comparison).Length : 1);

    /// <summary>A panel for each of the first two metrics, a row a model: its value and its interval.</summary>
    public static void DrawIntervals(SKCanvas canvas, ModelComparison comparison, int width, int height)
    {
        var metrics = Metrics(comparison);
        var names = comparison.Models.Select(model => Picture.Shortened(model.Name, Picture.LongestName)).ToArray();
        var left = 24 + (names.Max(name => name.Length) * Picture.TickSize * Picture.GlyphWidth);
        var isNarrow = Picture.IsNarrow(width);
        var panel = isNarrow ? width - left : (width - left) / metrics.Length;
        for (var i = 0; i < metrics.Length; i++)
        {
            var hasNames = isNarrow || i == 0;
            using var plot = new Plot();
            for (var model = 0; model < names.Length; model++)
                AddInterval(plot, comparison.IntervalOf(model, metrics[i], comparison.Cutoff)!.Value, names.Length - model, Picture.ColorOf(model));
            Picture.Style(plot, MetricLabels.At(metrics[i], comparison.Cutoff), panel - RightMargin);
            plot.XLabel($"{ComparisonSentences.Percent(comparison.Resampling.Level)} interval over sessions", Picture.LabelSize);
            plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
            plot.Axes.Left.TickGenerator = new NumericManual([.. names.Select((_, model) => (double)(names.Length - model))], hasNames ? names : [.. names.Select(_ => "")]);
            plot.Axes.Left.MajorTickStyle.Length = 0;
            plot.Layout.Fixed(new PixelPadding(hasNames ? left : RightMargin, RightMargin, BottomMargin, TopMargin));
            plot.Axes.AutoScaleX();
            var limits = plot.Axes.GetLimits();
            var room = Math.Max(1e-3, 0.08 * (limits.Right - limits.Left));
            plot.Axes.SetLimits(limits.Left - room, limits.Right + room, 0.4, names.Length + 0.6);
            var top = isNarrow ? i * PanelHeight(comparison) : 0;
            Picture.Render(plot, canvas, new PixelRect(hasNames ? 0 : left + (i * panel), isNarrow ? width : left + ((i + 1) * panel), isNarrow ? top + PanelHeight(comparison) : height, top));
        }
    }

    /// <summary>The least height of the picture along the session: its legend has a line a model.</summary>
    public static int PositionsHeight(ModelComparison comparison, int width) => (int)(Picture.IsNarrow(width)
        ? LeastHeight + LegendPlace.HeightOf(comparison.Models.Length)
        : Math.Max(LeastHeight, TopMargin + BottomMargin + LegendPlace.HeightOf(comparison.Models.Length)));

    /// <summary>The headline metric over how many events of the session the model has seen, a line a model.</summary>
    public static void DrawPositions(SKCanvas canvas, ModelComparison comparison, int width, int height)
    {
        using var plot = new Plot();
        string[] buckets = [.. comparison.Models[0].Evaluation.Slices.Where(slice => slice.By == SliceBy.Position).Select(slice => slice.Bucket)];
        for (var model = 0; model < comparison.Models.Length; model++)
        {
            var color = Picture.ColorOf(model);
            var slices = comparison.Models[model].Evaluation.Slices.Where(slice => slice.By == SliceBy.Position);
            var line = plot.Add.ScatterLine(
                slices.Select((slice, i) => new Coordinates(i, slice.Metrics.Single(metric => metric.Name == comparison.Headline && metric.Cutoff == comparison.Cutoff).Value)).ToArray(), color);
            line.LegendText = Picture.Shortened(comparison.Models[model].Name, Picture.LongestName);
            line.LineWidth = 2;
            line.MarkerStyle = new MarkerStyle(Picture.MarkerOf(model), 8, color);
        }

        var label = MetricLabels.At(comparison.Headline, comparison.Cutoff);
        var legend = LegendPlace.For([.. comparison.Models.Select(model => model.Name)], width);
        Picture.Style(plot, $"{label} along the session", width - legend.Right - LeftMargin);
        plot.YLabel(label, Picture.LabelSize);
        plot.XLabel("Events of the session that the model has seen", Picture.LabelSize);
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. buckets.Select((_, i) => (double)i)], buckets);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
        legend.Show(plot);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, legend.Right, BottomMargin + legend.Below, TopMargin));
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(-0.4, buckets.Length - 0.6);
        Picture.Render(plot, canvas, new PixelRect(0, width, height, 0));
    }

    private static int PanelHeight(ModelComparison comparison) => (int)(TopMargin + BottomMargin + (RowHeight * Math.Max(2, comparison.Models.Length)));

    private static string[] Metrics(ModelComparison comparison) =>
        [.. comparison.Models[0].Evaluation.Sessions.Metrics.Where(metric => metric.Cutoff == comparison.Cutoff).Take(2).Select(metric => metric.Name)];

    private static void AddInterval(Plot plot, ConfidenceInterval interval, double row, Color color)
    {
        var line = plot.Add.Line(interval.Low, row, interval.High, row);
        line.LineColor = color;
        line.LineWidth = 3;
        foreach (var end in new[] { interval.Low, interval.High })
        {
            var cap = plot.Add.Line(end, row - 0.14, end, row + 0.14);
            cap.LineColor = color;
            cap.LineWidth = 2;
        }

        plot.Add.Marker(interval.Value, row, MarkerShape.FilledCircle, 9, color);
    }
}
