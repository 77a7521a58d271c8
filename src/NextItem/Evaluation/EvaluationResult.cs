using System.Collections.Immutable;

namespace NextItem;

/// <summary>One number of an evaluation.</summary>
/// <param name="Name">The metric: <c>recall</c>, <c>mrr</c>, <c>ndcg</c> ...; those of the rest of the session begin with <c>rest-</c>.</param>
/// <param name="Cutoff">K: only the first K places count.</param>
/// <param name="Value">The mean over all cases; of coverage, Gini, popularity and novelty the number of all their lists together; of diversity the mean over the lists that have it.</param>
public readonly record struct MetricValue(string Name, int Cutoff, double Value);

/// <summary>What an evaluation measured, and on what.</summary>
public sealed record EvaluationResult
{
    /// <summary>The metrics in the order asked for, each for every cutoff; by default Recall@K, then MRR@K.</summary>
    public required ImmutableArray<MetricValue> Metrics { get; init; }

    /// <summary>Number of predictions that the means are over.</summary>
    public required int Cases { get; init; }

    /// <summary>Cases whose target has exactly the score of at least one other item. Many of them mean saturated scores.</summary>
    public required int TiedCases { get; init; }

    /// <summary>Cases whose target the model gave no score: misses.</summary>
    public required int UnscoredCases { get; init; }

    /// <summary>How many cases there are when unknown items are dropped.</summary>
    public required int CasesUnderDrop { get; init; }

    /// <summary>How many cases there are when unknown items count as misses.</summary>
    public required int CasesUnderMiss { get; init; }

    /// <summary>What of the lists has no features, where diversity was measured.</summary>
    public ListedFeatures? ListedFeatures { get; init; }

    /// <summary>Test events whose item training never saw.</summary>
    public required int UnknownEvents { get; init; }

    /// <summary>Test sessions.</summary>
    public required int Sessions { get; init; }

    /// <summary>How equal scores were ranked.</summary>
    public required TieBreaking Ties { get; init; }

    /// <summary>What was done with unknown items.</summary>
    public required UnknownItems Unknown { get; init; }

    /// <summary>Share of the cases that are tied, 0 to 1.</summary>
    public double TieShare => Cases == 0 ? 0 : (double)TiedCases / Cases;

    /// <summary>Recall@K: the share of the cases whose target is among the first K.</summary>
    /// <exception cref="ArgumentException">This cutoff was not evaluated.</exception>
    public double RecallAt(int cutoff) => ValueOf(RecallAtK.Name, cutoff);

    /// <summary>MRR@K: the mean of 1 / rank, or 0 where the rank is beyond K.</summary>
    /// <exception cref="ArgumentException">This cutoff was not evaluated.</exception>
    public double MrrAt(int cutoff) => ValueOf(MrrAtK.Name, cutoff);

    /// <summary>A metric by the name that it has here.</summary>
    /// <exception cref="ArgumentException">It was not evaluated.</exception>
    public double ValueOf(string name, int cutoff)
    {
        foreach (var metric in Metrics)
        {
            if (metric.Name == name && metric.Cutoff == cutoff)
                return metric.Value;
        }

        throw new ArgumentException($"{name}@{cutoff} was not evaluated; evaluated: {string.Join(", ", Metrics.Select(m => $"{m.Name}@{m.Cutoff}"))}.", nameof(cutoff));
    }
}
