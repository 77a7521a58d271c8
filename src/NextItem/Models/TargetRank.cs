namespace NextItem;

/// <summary>Where a target item stands among all items that the model scores. Every tie mode follows from it.</summary>
/// <param name="Above">Number of items with a higher score, or -1 when the model gives the target no score.</param>
/// <param name="Tied">Number of other items with exactly the target's score.</param>
public readonly record struct TargetRank(int Above, int Tied)
{
    /// <summary>The model gives the target no score: never a hit, ranked behind all scored items.</summary>
    public static TargetRank Unscored => new(-1, 0);

    /// <summary>True when the model gives the target a score.</summary>
    public bool IsScored => Above >= 0;
}
