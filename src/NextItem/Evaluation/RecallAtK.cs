namespace NextItem;

/// <summary>Recall@K of next-item prediction, also called hit rate: 1 where the target's rank is at most K, else 0.</summary>
internal static class RecallAtK
{
    public const string Name = "recall";

    public static double Of(double rank, int cutoff) => rank <= cutoff ? 1 : 0;
}
