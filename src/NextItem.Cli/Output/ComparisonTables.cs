using NextItem.Reports;

namespace NextItem.Cli.Output;

/// <summary>A comparison on the terminal: what follows from it, the numbers, the differences, the warnings.</summary>
internal static class ComparisonTables
{
    public static void Write(Terminal terminal, ModelComparison comparison)
    {
        terminal.Out.WriteLine();
        foreach (var sentence in comparison.Sentences)
            terminal.Out.WriteLine(sentence);
        terminal.Out.WriteLine();
        var metrics = comparison.Models[0].Evaluation.Result.Metrics.Where(metric => metric.Cutoff == comparison.Cutoff).ToArray();
        terminal.WriteTable(
            ["model", .. metrics.Select(metric => MetricLabels.At(metric.Name, metric.Cutoff)), "ms an event"],
            comparison.Models.Select(model => (string[])
            [
                model.Name,
                .. metrics.Select(metric => $"{model.Evaluation.Result.ValueOf(metric.Name, metric.Cutoff):F4}"),
                model.Latency is { } latency ? $"{latency.Median.TotalMilliseconds:F3}" : "",
            ]));
        var ranked = metrics.Where(metric => comparison.IntervalOf(0, metric.Name, metric.Cutoff) is not null).ToArray();
        terminal.WriteTable(
            [$"{100 * comparison.Resampling.Level:0.##} % interval", .. ranked.Select(metric => MetricLabels.At(metric.Name, metric.Cutoff))],
            comparison.Models.Select((model, place) => (string[])[model.Name, .. ranked.Select(metric => Range(comparison.IntervalOf(place, metric.Name, metric.Cutoff)!.Value))]));
        if (comparison.Differences.Length > 0)
        {
            terminal.WriteTable(
                [$"behind {comparison.Models[comparison.Best].Name}", "metric", "by", "interval", "p", "p, Holm", ""],
                comparison.Differences.Select(each => (string[])
                [
                    comparison.Models[each.Model].Name, MetricLabels.At(each.Metric, each.Cutoff), $"{each.Paired.Difference.Value:F4}", Range(each.Paired.Difference),
                    $"{each.Paired.PValue:F4}", $"{each.AdjustedP:F4}", each.IsBeyondChance ? "beyond chance" : "may be chance",
                ]),
                leftColumns: 2);
        }

        var result = comparison.Models[0].Evaluation.Result;
        terminal.Out.WriteLine(
            $"{result.Cases:N0} cases of {comparison.SessionsWithCases:N0} sessions (unknown items: {result.Unknown.ToString().ToLowerInvariant()}; ties: {result.Ties.ToString().ToLowerInvariant()}), all items ranked, none sampled");
        foreach (var warning in comparison.Warnings)
            terminal.Out.WriteLine($"warning: {warning}");
    }

    private static string Range(ConfidenceInterval interval) => $"{interval.Low:F4} to {interval.High:F4}";
}
