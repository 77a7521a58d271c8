namespace NextItem.Reports;

/// <summary>The pictures of a comparison.</summary>
public enum ComparisonPicture
{
    /// <summary>The models' numbers with their intervals.</summary>
    Intervals,

    /// <summary>The headline metric along the session. Needs the slices by position.</summary>
    Positions,

    /// <summary>What an event costs against how good the recommendations are. Needs the latency of at least one model.</summary>
    Speed,

    /// <summary>The mean loss by epoch, a panel a kind of loss. Needs a model with epochs.</summary>
    Training,
}
