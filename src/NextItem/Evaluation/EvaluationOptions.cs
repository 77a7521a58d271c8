using System.Collections.Immutable;
using NextItem.Evaluation;

namespace NextItem;

/// <summary>How an evaluation ranks and counts.</summary>
public sealed record EvaluationOptions
{
    /// <summary>
    /// What to measure, in the order of the result. Default: none named, which means recall and MRR, or recall, precision, NDCG and
    /// MAP of the rest of the session, and diversity where there are <see cref="Features"/>. Coverage, Gini, popularity, novelty and
    /// diversity need the model's lists: they take longer.
    /// </summary>
    public ImmutableArray<EvaluationMetric> Metrics { get; init; } = [];

    /// <summary>What counts as right. Default: the next item.</summary>
    public EvaluationProtocol Protocol { get; init; } = EvaluationProtocol.NextItem;

    /// <summary>Cutoffs K of all metrics. Default 1, 5, 10, 20.</summary>
    public ImmutableArray<int> Cutoffs { get; init; } = [1, 5, 10, 20];

    /// <summary>What rank equal scores have. Default: standard, the originals'.</summary>
    public TieBreaking Ties { get; init; } = TieBreaking.Standard;

    /// <summary>What is done with test items unknown to training. Default: dropped, as in the official evaluators.</summary>
    public UnknownItems Unknown { get; init; } = UnknownItems.Drop;

    /// <summary>The features of the model's items, which diversity goes by. Default none.</summary>
    public ItemFeatures? Features { get; init; }

    /// <summary>Threads. Default 1. The result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Sessions that are followed side by side on each thread. Default 64. The result does not depend on it.</summary>
    public int Lanes { get; init; } = 64;

    /// <summary>Checks every option.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(Protocol))
        {
            faults.Add($"Protocol is {Protocol}; expected NextItem or RestOfSession.");
        }
        else
        {
            var possible = MetricNames.Possible(Protocol);
            foreach (var metric in Metrics.IsDefault ? [] : Metrics.Where(metric => !possible.Contains(metric)))
                faults.Add($"Metrics has {metric}; expected, under the protocol {Protocol}, of {string.Join(", ", possible)}.");
            if (!Metrics.IsDefault && Metrics.Distinct().Count() != Metrics.Length)
                faults.Add($"Metrics is '{string.Join(',', Metrics)}'; expected each once.");
        }

        if (Features is null && !Metrics.IsDefault && Metrics.Contains(EvaluationMetric.Diversity))
            faults.Add("Metrics has Diversity and there are no Features; expected the features of the model's items.");
        if (Cutoffs.IsDefaultOrEmpty || Cutoffs.Any(cutoff => cutoff < 1))
            faults.Add($"Cutoffs is '{(Cutoffs.IsDefault ? "" : string.Join(',', Cutoffs))}'; expected one or more numbers of at least 1.");
        if (!Enum.IsDefined(Ties))
            faults.Add($"Ties is {Ties}; expected Standard, Conservative or Median.");
        if (!Enum.IsDefined(Unknown))
            faults.Add($"Unknown is {Unknown}; expected Drop or Miss.");
        if (Threads < 1)
            faults.Add($"Threads is {Threads}; expected at least 1.");
        if (Lanes < 1)
            faults.Add($"Lanes is {Lanes}; expected at least 1.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(EvaluationOptions), faults);
    }

    /// <summary>The metrics that are meant.</summary>
    internal EvaluationMetric[] MetricsMeant => Metrics.IsDefaultOrEmpty
        ? [.. MetricNames.Usual(Protocol), .. Features is null ? Array.Empty<EvaluationMetric>() : [EvaluationMetric.Diversity]]
        : [.. Metrics];
}
