namespace NextItem.Evaluation.Slices;

/// <summary>
/// By the target's support in training: the most popular 1 % of the items, the next 9 %, the next 40 % and the other half. Items of
/// equal support are in one bucket, the more popular of those that they could be in, so that the numbering of the items changes nothing.
/// </summary>
internal sealed class PopularitySlicing : Slicing
{
    private static readonly (double Share, string Name)[] s_bounds = [(0.01, "top 1 %"), (0.10, "to 10 %"), (0.50, "to 50 %")];

    private readonly ItemCatalog _catalog;
    private readonly int[] _leastSupport;

    public PopularitySlicing(ItemCatalog catalog)
    {
        _catalog = catalog;
        var falling = catalog.Support.ToArray();
        Array.Sort(falling, (a, b) => b.CompareTo(a));
        _leastSupport = Array.ConvertAll(s_bounds, bound => falling.Length == 0 ? 0 : falling[Math.Max(1, (int)Math.Ceiling(bound.Share * falling.Length)) - 1]);
        Labels =
        [
            .. s_bounds.Select((bound, i) => $"{bound.Name} of the items (support {_leastSupport[i]}{(i == 0 ? " or more" : " or more, below the last")})"),
            "the rest", "unknown to training",
        ];
    }

    public override string[] Labels { get; }

    public override int BucketOf(in EvaluatedCase played)
    {
        if (played.Target < 0)
            return Labels.Length - 1;
        var support = _catalog.Support[played.Target];
        var bucket = Array.FindIndex(_leastSupport, least => support >= least);
        return bucket >= 0 ? bucket : s_bounds.Length;
    }
}
