namespace NextItem.Evaluation.Slices;

/// <summary>By whether the target was in the session before: going back is easier to foresee than going on.</summary>
internal sealed class SeenSlicing : Slicing
{
    public override string[] Labels => ["seen in the session", "new to the session"];

    public override int BucketOf(in EvaluatedCase played) =>
        played.Target >= 0 && played.Items[..played.Seen].Contains(played.Target) ? 0 : 1;
}
