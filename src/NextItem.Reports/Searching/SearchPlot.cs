using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>
/// Draws a search: the trials by number, what mattered, and for the hyperparameters that mattered most the values that were tried. Trials
/// have the colour of how far they came everywhere.
/// </summary>
internal static class SearchPlot
{
    private const int TrialsHeight = 300;
    private const int SliceHeight = 230;
    private const int MostSlices = 6;
    private const float BarHeight = 24;
    private const float LeftMargin = 76;
    private const float RightMargin = 20;
    private const float TopMargin = 44;
    private const float BottomMargin = 52;
    private const float MarkerSize = 8;

    public static int Height(SearchSummary summary, int width)
    {
        var legend = LegendPlace.For(Names(summary), width);
        return TrialsHeight + (int)legend.Below + ImportanceHeight(summary) + (SliceHeight * ((Slices(summary).Length + Columns(width) - 1) / Columns(width)));
    }

    public static void Draw(SKCanvas canvas, SearchSummary summary, int width)
    {
        var legend = LegendPlace.For(Names(summary), width);
        var top = TrialsHeight + (int)legend.Below;
        DrawTrials(canvas, summary, legend, width, top);
        if (ImportanceHeight(summary) > 0)
            DrawImportance(canvas, summary, width, top);
        top += ImportanceHeight(summary);
        var (columns, slices) = (Columns(width), Slices(summary));
        for (var i = 0; i < slices.Length; i++)
        {
            var (left, upper) = (i % columns * (width / columns), top + (i / columns * SliceHeight));
            DrawSlice(canvas, summary, slices[i], new PixelRect(left, left + (width / columns), upper + SliceHeight, upper), isFirst: i % columns == 0);
        }
    }

    private static void DrawTrials(SKCanvas canvas, SearchSummary summary, LegendPlace legend, int width, int height)
    {
        using var plot = new Plot();
        var best = double.NegativeInfinity;
        var line = new List<Coordinates>();
        foreach (var trial in Sound(summary))
        {
            best = Math.Max(best, trial.Value);
            line.Add(new Coordinates(trial.Number, best));
        }

        var soFar = plot.Add.ScatterLine(line, Color.FromHex("#8c959f"));
        soFar.LineWidth = 1.5f;
        soFar.ConnectStyle = ConnectStyle.StepHorizontal;
        soFar.LegendText = "best so far";
        AddTrials(plot, summary, trial => trial.Number, named: true);
        var failed = summary.Trials.Where(trial => trial.IsFailed).ToArray();
        if (failed.Length > 0)
        {
            var floor = Sound(summary).Select(trial => trial.Value).DefaultIfEmpty(0).Min();
            var crosses = plot.Add.ScatterPoints(failed.Select(trial => new Coordinates(trial.Number, floor)).ToArray(), Color.FromHex("#b3261e"));
            crosses.MarkerStyle = new MarkerStyle(MarkerShape.Eks, MarkerSize, Color.FromHex("#b3261e"));
            crosses.LegendText = "failed";
        }

        Picture.Style(plot, summary.Title, width - LeftMargin);
        plot.YLabel(summary.Metric, Picture.LabelSize);
        plot.XLabel("Trial", Picture.LabelSize);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
        legend.Show(plot);
        plot.Layout.Fixed(new PixelPadding(LeftMargin, legend.IsBelow ? RightMargin : legend.Right, BottomMargin + legend.Below, TopMargin));
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(-0.8, summary.Trials.Length - 0.2);
        Picture.Render(plot, canvas, new PixelRect(0, width, height, 0));
    }

    private static void DrawImportance(SKCanvas canvas, SearchSummary summary, int width, int top)
    {
        using var plot = new Plot();
        var order = summary.ByImportance;
        for (var i = 0; i < order.Length; i++)
        {
            var share = 100 * summary.Importance[order[i]];
            var bar = plot.Add.Bar(new Bar { Position = -i, Value = share, Orientation = Orientation.Horizontal, FillColor = Picture.ColorOf(0), LineWidth = 0, Size = 0.7 });
            bar.Horizontal = true;
            var text = plot.Add.Text(share.ToString("F0", CultureInfo.InvariantCulture) + " %", share + 0.8, -i);
            text.LabelAlignment = Alignment.MiddleLeft;
            text.LabelFontSize = Picture.TickSize;
        }

        Picture.Style(plot, "What mattered: share explained alone", width - LeftMargin);
        plot.Axes.Left.TickGenerator = new NumericManual([.. order.Select((_, i) => -(double)i)], [.. order.Select(i => Picture.Shortened(summary.Space.Parameters[i].Name, Picture.LongestName))]);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.HideLegend();
        var names = order.Max(i => Math.Min(Picture.LongestName, summary.Space.Parameters[i].Name.Length)) * Picture.TickSize * Picture.GlyphWidth;
        plot.Layout.Fixed(new PixelPadding(Math.Max(LeftMargin, names + 14), RightMargin, BottomMargin / 2, TopMargin));
        plot.Axes.SetLimits(0, (100 * summary.Importance.Max()) + 8, 0.6 - order.Length, 0.6);
        if (PlotFont.Family is { } family)
            plot.Font.Set(family);
        Picture.Render(plot, canvas, new PixelRect(0, width, top + ImportanceHeight(summary), top));
    }

    private static void DrawSlice(SKCanvas canvas, SearchSummary summary, int place, PixelRect area, bool isFirst)
    {
        using var plot = new Plot();
        var parameter = summary.Space.Parameters[place];
        AddTrials(plot, summary, trial => Where(parameter, trial.Point[place]), named: false);
        Picture.Style(plot, Picture.Shortened(parameter.Name, Picture.LongestName), area.Width - LeftMargin);
        if (isFirst)
            plot.YLabel(summary.Metric, Picture.LabelSize);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.5 };
        plot.HideLegend();
        plot.Layout.Fixed(new PixelPadding(LeftMargin, RightMargin, BottomMargin / 2, TopMargin));
        plot.Axes.AutoScale();
        var (low, high) = parameter.Kind == SearchKind.Choice ? (0, parameter.Values.Length - 1) : (Where(parameter, parameter.Low), Where(parameter, parameter.High));
        var edge = parameter.Kind == SearchKind.Choice ? 0.5 : Math.Max(1e-9, 0.05 * (high - low));
        plot.Axes.SetLimitsX(low - edge, high + edge);
        plot.Axes.Bottom.TickGenerator = TicksOf(parameter);
        Picture.Render(plot, canvas, area);
    }

    private static ITickGenerator TicksOf(SearchParameter parameter)
    {
        if (parameter.Kind == SearchKind.Choice)
            return new NumericManual([.. parameter.Values.Select((_, i) => (double)i)], [.. parameter.Values.Select(value => Picture.Shortened(value, 14))]);
        if (!parameter.IsLogarithmic)
            return new NumericAutomatic { IntegerTicksOnly = parameter.Kind == SearchKind.Whole, TickDensity = 0.6 };
        var steps = parameter.High / parameter.Low > 500 ? new[] { 1.0 } : [1, 2, 5];
        double[] round =
        [
            .. from power in Enumerable.Range((int)Math.Floor(Math.Log10(parameter.Low)), (int)Math.Ceiling(Math.Log10(parameter.High / parameter.Low)) + 2)
               from step in steps
               let value = step * Math.Pow(10, power)
               where value >= parameter.Low * 0.999 && value <= parameter.High * 1.001
               select value,
        ];
        return new NumericManual([.. round.Select(Math.Log10)], [.. round.Select(value => value.ToString("0.######", CultureInfo.InvariantCulture))]);
    }

    private static void AddTrials(Plot plot, SearchSummary summary, Func<SearchTrial, double> x, bool named)
    {
        for (var rung = 0; rung < summary.Rungs.Length; rung++)
        {
            var there = Sound(summary).Where(trial => trial.Rung == rung && !double.IsNaN(x(trial))).Select(trial => new Coordinates(x(trial), trial.Value)).ToArray();
            if (there.Length == 0)
                continue;
            var color = rung == summary.Rungs.Length - 1 ? Picture.ColorOf(0) : Picture.ColorOf(rung + 1);
            var points = plot.Add.ScatterPoints(there, color);
            points.MarkerStyle = new MarkerStyle(rung == summary.Rungs.Length - 1 ? MarkerShape.FilledDiamond : Picture.MarkerOf(rung), MarkerSize, color);
            if (named)
                points.LegendText = summary.NameOf(rung);
        }
    }

    private static double Where(SearchParameter parameter, double value) => parameter.IsLogarithmic ? Math.Log10(value) : value;

    private static IEnumerable<SearchTrial> Sound(SearchSummary summary) => summary.Trials.Where(trial => !double.IsNaN(trial.Value));

    private static int[] Slices(SearchSummary summary) => [.. summary.ByImportance.Take(MostSlices)];

    private static int Columns(int width) => Picture.IsNarrow(width) ? 1 : 3;

    private static int ImportanceHeight(SearchSummary summary) => summary.Importance.IsDefaultOrEmpty ? 0 : (int)(TopMargin + (BottomMargin / 2) + (BarHeight * summary.Importance.Length));

    private static string[] Names(SearchSummary summary) =>
        ["best so far", .. Enumerable.Range(0, summary.Rungs.Length).Where(rung => Sound(summary).Any(trial => trial.Rung == rung)).Select(summary.NameOf), .. summary.Trials.Any(trial => trial.IsFailed) ? ["failed"] : Array.Empty<string>()];
}
