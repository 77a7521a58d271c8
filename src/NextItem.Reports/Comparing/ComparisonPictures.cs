using SkiaSharp;

namespace NextItem.Reports;

/// <summary>What each picture of a comparison needs, what it says, and how it is drawn.</summary>
internal static class ComparisonPictures
{
    /// <summary>What the models were not measured for, as a sentence; null where the picture can be drawn.</summary>
    public static string? LackOf(ModelComparison comparison, ComparisonPicture picture) => picture switch
    {
        ComparisonPicture.Intervals => null,
        ComparisonPicture.Positions => comparison.Models.All(model => model.Evaluation.Slices.Any(slice => slice.By == SliceBy.Position))
            ? null
            : "The models were not measured by position in the session; expected slices by position.",
        ComparisonPicture.Speed => comparison.Models.Any(model => model.Latency is not null) ? null : "No model was timed; expected the latency of at least one.",
        ComparisonPicture.Training => comparison.Models.Any(model => model.Training is not null) ? null : "No model was trained in epochs; expected the training of at least one.",
        _ => $"There is no picture {picture}; expected one of {string.Join(", ", Enum.GetNames<ComparisonPicture>())}.",
    };

    /// <summary>The least height of a picture that can be drawn, and how it is drawn at that width.</summary>
    public static (int Height, Action<SKCanvas> Draw) Drawing(ModelComparison comparison, ComparisonPicture picture, int width)
    {
        var (height, draw) = picture switch
        {
            ComparisonPicture.Intervals => (ComparisonPlot.IntervalsHeight(comparison, width), (Action<SKCanvas, ModelComparison, int, int>)ComparisonPlot.DrawIntervals),
            ComparisonPicture.Positions => (ComparisonPlot.PositionsHeight(comparison, width), ComparisonPlot.DrawPositions),
            ComparisonPicture.Speed => (SpeedPlot.Height(comparison, width), SpeedPlot.Draw),
            _ => (CurvePlot.Height(comparison, width), CurvePlot.Draw),
        };
        return (height, canvas => draw(canvas, comparison, width, height));
    }

    /// <summary>What a picture shows, for those who do not see it.</summary>
    public static string Says(ModelComparison comparison, ComparisonPicture picture) => picture switch
    {
        ComparisonPicture.Intervals => "Each model's number and its interval",
        ComparisonPicture.Positions => $"{MetricLabels.At(comparison.Headline, comparison.Cutoff)} by how many events of the session the model has seen",
        ComparisonPicture.Speed => "Each model's time for an event against how good its recommendations are",
        _ => "Mean loss of each epoch of training",
    };
}
