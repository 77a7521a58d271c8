namespace NextItem.Evaluation.Slices;

/// <summary>By how many events of the session the model has seen.</summary>
internal sealed class PositionSlicing : Slicing
{
    public override string[] Labels => Ranges.Labels;

    public override int BucketOf(in EvaluatedCase played) => Ranges.Of(played.Seen);
}
