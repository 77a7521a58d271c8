using System.Globalization;

namespace NextItem.Reports.Tests;

/// <summary>Summaries of made-up epochs, and what the reports made of them.</summary>
internal static class Epochs
{
    /// <summary>Epochs without validation, a loss each, half a second and 20 mini-batches of 32 events long.</summary>
    public static EpochSummary[] Of(params double[] losses) =>
        [.. losses.Select((loss, i) => new EpochSummary(i + 1, loss, 20, 640, 0, 0.5, null))];

    /// <summary>The epoch with these metrics, each a text like <c>recall@20=0.5</c>.</summary>
    public static EpochSummary With(this EpochSummary epoch, params string[] metrics) => epoch with
    {
        Validation = new EvaluationResult
        {
            Metrics = [.. metrics.Select(metric => metric.Split('@', '=')).Select(parts => new MetricValue(
                parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[2], CultureInfo.InvariantCulture)))],
            Cases = 100,
            TiedCases = 0,
            UnscoredCases = 0,
            CasesUnderDrop = 100,
            CasesUnderMiss = 100,
            UnknownEvents = 0,
            Sessions = 50,
            Ties = TieBreaking.Standard,
            Unknown = UnknownItems.Drop,
        },
    };

    /// <summary>Five epochs with a falling loss and eight rising metrics.</summary>
    public static EpochSummary[] Validated() =>
    [
        .. Of(7.9, 6.8, 6.3, 6.1, 5.95).Select(epoch => epoch.With(
            [.. new[] { 1, 5, 10, 20 }.SelectMany(k => new[] { $"recall@{k}={0.03 * Math.Sqrt(k * epoch.Epoch)}", $"mrr@{k}={0.03 * Math.Sqrt(epoch.Epoch)}" })])),
    ];

    public static byte[] Csv(params EpochSummary[] epochs) => Bytes(stream => TrainingHistory.WriteCsv(stream, epochs));

    public static byte[] Png(EpochSummary[] epochs, string title = "Training", int width = 960, int height = 640) =>
        Bytes(stream => TrainingHistory.WritePng(stream, epochs, title, width, height));

    public static byte[] Svg(EpochSummary[] epochs, string title = "Training", int width = 960, int height = 640) =>
        Bytes(stream => TrainingHistory.WriteSvg(stream, epochs, title, width, height));

    /// <summary>What is written to a stream, which must still be open after it.</summary>
    private static byte[] Bytes(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        stream.Write([]);
        return stream.ToArray();
    }
}
