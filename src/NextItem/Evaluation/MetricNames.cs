namespace NextItem.Evaluation;

/// <summary>Which metrics there are under a protocol, what they are called and what they are made of: said here once.</summary>
internal static class MetricNames
{
    /// <summary>Metrics of one rank a case: the next item.</summary>
    public static readonly (EvaluationMetric Metric, string Name, Func<double, int, double> Of)[] OfRanks =
    [
        (EvaluationMetric.Recall, RecallAtK.Name, RecallAtK.Of),
        (EvaluationMetric.Mrr, MrrAtK.Name, MrrAtK.Of),
        (EvaluationMetric.Ndcg, NdcgAtK.Name, NdcgAtK.Of),
        (EvaluationMetric.Map, MapAtK.Name, MapAtK.Of),
    ];

    /// <summary>Metrics of a list against several targets: the rest of the session.</summary>
    public static readonly (EvaluationMetric Metric, string Name, HitMetric Of)[] OfHits =
    [
        (EvaluationMetric.Recall, RestRecallAtK.Name, RestRecallAtK.Of),
        (EvaluationMetric.Precision, RestPrecisionAtK.Name, (hits, _, cutoff) => RestPrecisionAtK.Of(hits, cutoff)),
        (EvaluationMetric.Ndcg, RestNdcgAtK.Name, RestNdcgAtK.Of),
        (EvaluationMetric.Map, RestMapAtK.Name, RestMapAtK.Of),
    ];

    /// <summary>Metrics of how often each item was listed, whatever the targets are.</summary>
    public static readonly (EvaluationMetric Metric, string Name, ListMetric Of)[] OfLists =
    [
        (EvaluationMetric.Coverage, CoverageAtK.Name, (listed, _) => CoverageAtK.Of(listed)),
        (EvaluationMetric.Gini, GiniAtK.Name, (listed, _) => GiniAtK.Of(listed)),
        (EvaluationMetric.Popularity, PopularityAtK.Name, PopularityAtK.Of),
        (EvaluationMetric.Novelty, NoveltyAtK.Name, NoveltyAtK.Of),
    ];

    /// <summary>A metric of the hits in a list: for each place whether it is one, the number of targets, K.</summary>
    internal delegate double HitMetric(ReadOnlySpan<bool> hits, int relevant, int cutoff);

    /// <summary>A metric of how often each item was listed, and the items' supports.</summary>
    internal delegate double ListMetric(ReadOnlySpan<int> listed, ReadOnlySpan<int> support);

    /// <summary>What is measured when nothing is asked for.</summary>
    public static EvaluationMetric[] Usual(EvaluationProtocol protocol) =>
        protocol == EvaluationProtocol.NextItem ? [EvaluationMetric.Recall, EvaluationMetric.Mrr] : [.. OfHits.Select(metric => metric.Metric)];

    /// <summary>What can be measured.</summary>
    public static EvaluationMetric[] Possible(EvaluationProtocol protocol) =>
        [.. protocol == EvaluationProtocol.NextItem ? OfRanks.Select(metric => metric.Metric) : OfHits.Select(metric => metric.Metric), .. OfLists.Select(metric => metric.Metric), EvaluationMetric.Diversity];
}
