namespace NextItem;

/// <summary>What rank a target has when other items have exactly its score.</summary>
public enum TieBreaking
{
    /// <summary>The target comes first among its equals: 1 + number above. The originals' default.</summary>
    Standard,

    /// <summary>The target comes last among its equals: 1 + number above + number level.</summary>
    Conservative,

    /// <summary>The target comes in the middle of its equals: 1 + number above + half the number level.</summary>
    Median,
}
