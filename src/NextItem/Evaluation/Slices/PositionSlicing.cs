namespace NextItem.Evaluation.Slices;

/// <summary>By how many events of the session the model has seen.</summary>
internal sealed class PositionSlicing : Slicing
{
    public override string[] Labels => CountRanges.Labels;

    public override int BucketOf(in EvaluatedCase played) => CountRanges.Of(played.Seen);
}
