using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>
/// Draws what an event costs against how good the recommendations are: a panel for each of the first two metrics, a sign a model, with
/// the interval upright and a line to the time that 95 % of the events stay within. Times by their logarithm: models differ in it a thousandfold.
/// </summary>
internal static class SpeedPlot
{
    private const int LeastHeight = 380;
    private const int NarrowPanelHeight = 300;
    private const float TopMargin = 44;
    private const float BottomMargin = 52;
    private const float LeftMargin = 76;
    private const float RightMargin = 14;
    private const double LeastMilliseconds = 1e-4; // finer than a clock ticks; a logarithm needs more than 0

    public static int Height(ModelComparison comparison, int width) => (int)(Picture.IsNarrow(width)
        ? (NarrowPanelHeight * Metrics(comparison).Length) + LegendPlace.HeightOf(Timed(comparison).Length)
        : Math.Max(LeastHeight, TopMargin + BottomMargin + LegendPlace.HeightOf(Timed(comparison).Length)));

    public static void Draw(SKCanvas canvas, ModelComparison comparison, int width, int height)
    {
        var timed = Timed(comparison);
        var metrics = Metrics(comparison);
        var legend = LegendPlace.For([.. timed.Select(model => comparison.Models[model].Name)], width);
        var panel = legend.IsBelow ? width : (width - legend.Right) / metrics.Length;
        for (var i = 0; i < metrics.Length; i++)
        {
            using var plot = new Plot();
            foreach (var model in timed)
                AddModel(plot, comparison, model, metrics[i]);
            var label = MetricLabels.At(metrics[i], comparison.Cutoff);
            Picture.Style(plot, $"{label} against time", panel - LeftMargin - RightMargin);
            plot.YLabel(label, Picture.LabelSize);
            plot.XLabel("Milliseconds an event", Picture.LabelSize);
            plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
            var isLast = i == metrics.Length - 1;
            plot.HideLegend(); // which has a place of its own in the last panel
            if (isLast)
                legend.Show(plot);
            plot.Layout.Fixed(new PixelPadding(LeftMargin, isLast ? legend.Right : RightMargin, BottomMargin + (isLast ? legend.Below : 0), TopMargin));
            plot.Axes.AutoScale();
            SetTimes(plot, timed.SelectMany(model => new[] { Place(comparison.Models[model].Latency!.Median), Place(comparison.Models[model].Latency!.Percentile95) }));
            Picture.Render(plot, canvas, legend.IsBelow
                ? new PixelRect(0, width, isLast ? height : (i + 1) * NarrowPanelHeight, i * NarrowPanelHeight)
                : new PixelRect(i * panel, isLast ? width : (i + 1) * panel, height, 0));
        }
    }

    private static int[] Timed(ModelComparison comparison) => [.. Enumerable.Range(0, comparison.Models.Length).Where(model => comparison.Models[model].Latency is not null)];

    private static string[] Metrics(ModelComparison comparison) =>
        [.. comparison.Models[0].Evaluation.Sessions.Metrics.Where(metric => metric.Cutoff == comparison.Cutoff).Take(2).Select(metric => metric.Name)];

    private static void AddModel(Plot plot, ModelComparison comparison, int model, string metric)
    {
        var color = Picture.ColorOf(model);
        var latency = comparison.Models[model].Latency!;
        var interval = comparison.IntervalOf(model, metric, comparison.Cutoff)!.Value;
        var (median, slow) = (Place(latency.Median), Place(latency.Percentile95));
        foreach (var line in new[] { plot.Add.Line(median, interval.Low, median, interval.High), plot.Add.Line(median, interval.Value, slow, interval.Value) })
        {
            line.LineColor = color;
            line.LineWidth = 2;
        }

        var sign = plot.Add.Marker(median, interval.Value, Picture.MarkerOf(model), 9, color);
        sign.LegendText = Picture.Shortened(comparison.Models[model].Name, Picture.LongestName);
    }

    private static double Place(TimeSpan time) => Math.Log10(Math.Max(LeastMilliseconds, time.TotalMilliseconds));

    /// <summary>An axis of round times: 1, 2 and 5 of each power of ten, or the powers alone where there are many.</summary>
    private static void SetTimes(Plot plot, IEnumerable<double> places)
    {
        var all = places.ToArray();
        var (low, high) = (all.Min() - 0.15, all.Max() + 0.15);
        if (high - low < 1)
            (low, high) = (((low + high) / 2) - 0.5, ((low + high) / 2) + 0.5); // always a power of ten across, so that some round time is on it
        double[] steps = high - low > 2.5 ? [1] : [1, 2, 5];
        double[] times = [.. Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1).SelectMany(_ => steps, (power, step) => step * Math.Pow(10, power)).Where(time => Math.Log10(time) >= low && Math.Log10(time) <= high)];
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. times.Select(Math.Log10)], [.. times.Select(time => time.ToString("0.######", CultureInfo.InvariantCulture))]);
        plot.Axes.SetLimitsX(low, high);
    }
}
