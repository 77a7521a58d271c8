namespace NextItem.Reports;

/// <summary>A metric that epochs were validated with.</summary>
internal readonly record struct ValidationMetric(string Name, int Cutoff)
{
    /// <summary>Every metric that at least one epoch has, in the order in which they come.</summary>
    public static IReadOnlyList<ValidationMetric> Of(IReadOnlyList<EpochSummary> epochs) =>
        [.. epochs.SelectMany(epoch => epoch.Validation is { } validation ? [.. validation.Metrics] : Array.Empty<MetricValue>())
            .Select(metric => new ValidationMetric(metric.Name, metric.Cutoff))
            .Distinct()];

    /// <summary>What it is called on a plot: as the papers write it.</summary>
    public string Label => MetricLabels.At(Name, Cutoff);

    /// <summary>Its value in an epoch; null where the epoch was not validated with it.</summary>
    public double? ValueIn(EpochSummary epoch)
    {
        if (epoch.Validation is { } validation)
        {
            foreach (var metric in validation.Metrics)
            {
                if (metric.Name == Name && metric.Cutoff == Cutoff)
                    return metric.Value;
            }
        }

        return null;
    }

    /// <summary>What it is called in a table, such as <c>recall@20</c>.</summary>
    public override string ToString() => $"{Name}@{Cutoff}";
}
