namespace NextItem.Evaluation;

/// <summary>NDCG@K of the next item: 1 / log2(1 + rank) where the target's rank is at most K, else 0. The best list of one target has the gain 1.</summary>
/// <remarks>Järvelin and Kekäläinen 2002, with gain 1 for the target.</remarks>
internal static class NdcgAtK
{
    public const string Name = "ndcg";

    public static double Of(double rank, int cutoff) => rank <= cutoff ? 1 / Math.Log2(1 + rank) : 0;
}
