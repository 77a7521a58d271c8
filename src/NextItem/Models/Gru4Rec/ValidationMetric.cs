namespace NextItem;

/// <summary>The metric on the validation set that early stopping goes by.</summary>
public enum ValidationMetric
{
    /// <summary>Mean reciprocal rank at the cutoff.</summary>
    Mrr,

    /// <summary>Share of cases whose target is within the cutoff.</summary>
    Recall,
}
