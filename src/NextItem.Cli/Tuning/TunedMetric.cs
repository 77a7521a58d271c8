using System.Globalization;

namespace NextItem.Cli.Tuning;

/// <summary>What a search is for: a metric on the validation file.</summary>
/// <param name="Name"><c>mrr</c> or <c>recall</c>.</param>
/// <param name="Cutoff">K.</param>
internal readonly record struct TunedMetric(string Name, int Cutoff)
{
    public const string Expected = "mrr@K or recall@K, as in mrr@20";

    /// <summary>The usual one.</summary>
    public static TunedMetric Standard { get; } = new("mrr", 20);

    /// <summary>Reads <c>mrr@20</c>; null for any other text.</summary>
    public static TunedMetric? Read(string text)
    {
        var parts = text.ToLowerInvariant().Split('@');
        return parts is ["mrr" or "recall", var cutoff] && int.TryParse(cutoff, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k >= 1 ? new TunedMetric(parts[0], k) : null;
    }

    /// <summary>How trials are measured.</summary>
    public EvaluationOptions Evaluation
    {
        get
        {
            var standard = new EvaluationOptions { Threads = 1 };
            return standard.Cutoffs.Contains(Cutoff) ? standard : standard with { Cutoffs = [.. standard.Cutoffs.Append(Cutoff).Order()] };
        }
    }

    /// <summary>Its value.</summary>
    public double In(IEnumerable<MetricValue> metrics)
    {
        var (name, cutoff) = this;
        return metrics.First(metric => metric.Name == name && metric.Cutoff == cutoff).Value;
    }

    public override string ToString() => $"{Name}@{Cutoff}";
}
