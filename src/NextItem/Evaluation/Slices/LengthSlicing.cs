namespace NextItem.Evaluation.Slices;

/// <summary>By how many events the session has as it is played, without its unknown items where these are dropped.</summary>
internal sealed class LengthSlicing : Slicing
{
    public override string[] Labels => CountRanges.Labels;

    public override int BucketOf(in EvaluatedCase played) => CountRanges.Of(played.Items.Length);
}
