namespace NextItem.Evaluation.Slices;

/// <summary>A way to tell cases apart: each belongs to one bucket.</summary>
internal abstract class Slicing
{
    /// <summary>The buckets' names, in the order in which they are told.</summary>
    public abstract string[] Labels { get; }

    /// <summary>The bucket of a case.</summary>
    public abstract int BucketOf(in EvaluatedCase played);

    public static Slicing Of(SliceBy by, ItemCatalog catalog) => by switch
    {
        SliceBy.Position => new PositionSlicing(),
        SliceBy.Length => new LengthSlicing(),
        SliceBy.Popularity => new PopularitySlicing(catalog),
        _ => new SeenSlicing(),
    };
}
