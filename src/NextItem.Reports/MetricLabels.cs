namespace NextItem.Reports;

/// <summary>What the metrics of an evaluation are called in tables and plots: as the papers write them.</summary>
public static class MetricLabels
{
    private static readonly Dictionary<string, string> s_labels = new()
    {
        ["recall"] = "Recall",
        ["mrr"] = "MRR",
        ["ndcg"] = "NDCG",
        ["map"] = "MAP",
        ["coverage"] = "Coverage",
        ["gini"] = "Gini",
        ["popularity"] = "Popularity",
        ["novelty"] = "Novelty",
        ["diversity"] = "Diversity",
        ["rest-recall"] = "Rest-Recall",
        ["rest-precision"] = "Rest-Precision",
        ["rest-ndcg"] = "Rest-NDCG",
        ["rest-map"] = "Rest-MAP",
    };

    /// <summary>The label of a metric; its own name where it has none.</summary>
    public static string Of(string name) => s_labels.GetValueOrDefault(name, name);

    /// <summary>The label with the cutoff, for instance <c>Recall@20</c>.</summary>
    public static string At(string name, int cutoff) => $"{Of(name)}@{cutoff}";
}
