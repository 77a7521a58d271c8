namespace NextItem.Reports;

/// <summary>One model of a comparison, and what was measured of it.</summary>
public sealed record ComparedModel
{
    /// <summary>What it is called in tables and plots; different for every model.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Its evaluation, with the sums of the sessions.</summary>
    public required DetailedEvaluation Evaluation { get; init; }

    /// <summary>The same with unknown items as misses, where both protocols were measured.</summary>
    public EvaluationResult? UnderMiss { get; init; }

    /// <summary>Time of an event, where it was measured.</summary>
    public ScoringLatency? Latency { get; init; }

    /// <summary>How its training went; null for a model without epochs.</summary>
    public TrainingCurve? Training { get; init; }
}
