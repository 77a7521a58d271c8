namespace NextItem.Reports;

/// <summary>What a comparison comes to, for a reader who reads no table.</summary>
internal static class ComparisonSentences
{
    public static IEnumerable<string> Of(ModelComparison comparison)
    {
        var best = comparison.Models[comparison.Best];
        var label = MetricLabels.At(comparison.Headline, comparison.Cutoff);
        var interval = comparison.IntervalOf(comparison.Best, comparison.Headline, comparison.Cutoff)!.Value;
        var level = Percent(comparison.Resampling.Level);
        if (comparison.Models.Length == 1)
        {
            yield return $"{best.Name} has {label} {interval.Value:F4} ({level} interval {interval.Low:F4} to {interval.High:F4}).";
        }
        else
        {
            var next = NextBest(comparison);
            var ahead = comparison.Differences.Single(each => each.Model == next && each.Metric == comparison.Headline);
            yield return ahead.Paired.Difference.Value == 0
                ? $"{best.Name} and {comparison.Models[next].Name} are level: {label} {interval.Value:F4} ({level} interval {interval.Low:F4} to {interval.High:F4})."
                : $"{best.Name} is best: its {label} is {interval.Value:F4} ({level} interval {interval.Low:F4} to {interval.High:F4}), {ahead.Paired.Difference.Value:F4} more than {comparison.Models[next].Name}, the next.";
            yield return ahead.IsBeyondChance
                ? $"That is beyond chance: the difference is {ahead.Paired.Difference.Low:F4} to {ahead.Paired.Difference.High:F4}, {PValue(ahead.AdjustedP)}."
                : $"That may be chance: the difference is {ahead.Paired.Difference.Low:F4} to {ahead.Paired.Difference.High:F4}, {PValue(ahead.AdjustedP)}; these data do not tell the two apart.";
            foreach (var sentence in Others(comparison))
                yield return sentence;
        }

        yield return comparison.Warnings.Length switch
        {
            0 => "No warning holds.",
            1 => "One warning holds, and stands below.",
            var many => $"{many} warnings hold, and stand below.",
        };
    }

    /// <summary>A share in percent, as all texts write it.</summary>
    public static string Percent(double share) => $"{100 * share:0.##} %";

    /// <summary>How p is written: never 0, since as many draws could not show it.</summary>
    public static string PValue(double p) => p < 0.001 ? "p < 0.001" : $"p = {p:F3}";

    /// <summary>Metrics in which another model is ahead of the best one.</summary>
    private static IEnumerable<string> Others(ModelComparison comparison)
    {
        foreach (var metric in comparison.Differences.Where(each => each.Metric != comparison.Headline).GroupBy(each => each.Metric))
        {
            var most = metric.MinBy(each => each.Paired.Difference.Value)!;
            if (most.Paired.Difference.Value < 0)
            {
                yield return $"By {MetricLabels.At(metric.Key, comparison.Cutoff)}, {comparison.Models[most.Model].Name} is ahead of it by {-most.Paired.Difference.Value:F4} "
                    + $"({PValue(most.AdjustedP)}, {(most.IsBeyondChance ? "beyond chance" : "which may be chance")}).";
            }
        }
    }

    private static int NextBest(ModelComparison comparison) => Enumerable.Range(0, comparison.Models.Length).Where(model => model != comparison.Best)
        .MaxBy(model => comparison.Models[model].Evaluation.Result.ValueOf(comparison.Headline, comparison.Cutoff));
}
