using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>Draws the loss over the epochs, a panel a kind of loss, since numbers of different kinds have nothing to do with each other.</summary>
internal static class CurvePlot
{
    private const int PanelHeight = 280;
    private const float LeftMargin = 84;
    private const float TopMargin = 44;
    private const float BottomMargin = 52;
    private const float MarkerSize = 7;
    private const float RingSize = 15;
    private const int MostMarkers = 40; // more would hide the line

    public static int Height(ModelComparison comparison, int width) => Panels(comparison).Sum(panel => PanelHeightOf(panel.Count(), width));

    public static void Draw(SKCanvas canvas, ModelComparison comparison, int width, int height)
    {
        var curves = comparison.Models.Select(model => model.Training).OfType<TrainingCurve>().ToArray();
        var lastEpoch = curves.Max(curve => curve.Losses.Length);
        var room = LegendPlace.For([.. comparison.Models.Where(model => model.Training is not null).Select(model => model.Name)], width).Right; // the same for all panels
        var top = 0;
        foreach (var panel in Panels(comparison))
        {
            var legend = LegendPlace.For([.. panel.Select(model => comparison.Models[model].Name)], width);
            using var plot = new Plot();
            foreach (var model in panel)
                AddCurve(plot, comparison.Models[model].Training!, comparison.Models[model].Name, model);
            Picture.Style(plot, $"Training: {panel.Key}", width - room - LeftMargin);
            plot.YLabel("Mean loss", Picture.LabelSize);
            plot.XLabel("Epoch", Picture.LabelSize);
            plot.Axes.Bottom.TickGenerator = new NumericAutomatic { IntegerTicksOnly = true };
            plot.Axes.Left.TickGenerator = new NumericAutomatic { TickDensity = 0.6 };
            legend.Show(plot);
            plot.Layout.Fixed(new PixelPadding(LeftMargin, room, BottomMargin + legend.Below, TopMargin));
            plot.Axes.AutoScale();
            plot.Axes.SetLimitsX(0.5, lastEpoch + 0.5);
            var bottom = top + PanelHeightOf(panel.Count(), width);
            Picture.Render(plot, canvas, new PixelRect(0, width, bottom, top));
            top = bottom;
        }
    }

    /// <summary>The models with epochs, by their loss.</summary>
    private static IEnumerable<IGrouping<string, int>> Panels(ModelComparison comparison) =>
        Enumerable.Range(0, comparison.Models.Length).Where(model => comparison.Models[model].Training is not null).GroupBy(model => comparison.Models[model].Training!.LossName);

    private static int PanelHeightOf(int models, int width) => (int)(Picture.IsNarrow(width)
        ? PanelHeight + LegendPlace.HeightOf(models)
        : Math.Max(PanelHeight, TopMargin + BottomMargin + LegendPlace.HeightOf(models)));

    /// <summary>A line, and a ring at the epoch that was kept where it is not the last.</summary>
    private static void AddCurve(Plot plot, TrainingCurve curve, string name, int model)
    {
        var color = Picture.ColorOf(model);
        var marker = Picture.MarkerOf(model);
        var line = plot.Add.ScatterLine(curve.Losses.Select((loss, epoch) => new Coordinates(epoch + 1, loss)).ToArray(), color);
        line.LegendText = Picture.Shortened(name, Picture.LongestName);
        line.LineWidth = 2;
        line.MarkerStyle = new MarkerStyle(marker, curve.Losses.Length > MostMarkers ? 0 : MarkerSize, color);
        if (curve.KeptEpoch >= 1 && curve.KeptEpoch < curve.Losses.Length)
            plot.Add.Marker(curve.KeptEpoch, curve.Losses[curve.KeptEpoch - 1], MarkerShape.OpenCircle, RingSize, color);
    }
}
