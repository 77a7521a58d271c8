namespace NextItem;

/// <summary>MRR@K, the reciprocal rank cut at K: 1 / rank where the target's rank is at most K, else 0.</summary>
internal static class MrrAtK
{
    public const string Name = "mrr";

    public static double Of(double rank, int cutoff) => rank <= cutoff ? 1 / rank : 0;
}
