namespace NextItem.Reports;

/// <summary>The pictures of a comparison.</summary>
public enum ComparisonPicture
{
    /// <summary>The models' numbers with their intervals.</summary>
    Intervals,

    /// <summary>The headline metric along the session. Needs the slices by position.</summary>
    Positions,
}
