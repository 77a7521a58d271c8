namespace NextItem.Evaluation;

/// <summary>
/// Gini@K: how unevenly the places of the lists of K are spread over the I items of the catalog. 0: every item is listed equally often;
/// 1 − 1/I: one item has all places. With the counts in rising order, G = Σ (2n − I − 1) count_n / (I · Σ count), n from 1.
/// </summary>
/// <remarks>Fleder and Hosanagar 2009 for recommenders; the formula is the sorted form of half the relative mean absolute difference.</remarks>
internal static class GiniAtK
{
    public const string Name = "gini";

    /// <param name="listed">How often each item was listed; 0 where nothing was.</param>
    public static double Of(ReadOnlySpan<int> listed)
    {
        var rising = listed.ToArray();
        Array.Sort(rising);
        Int128 weighted = 0; // exact, so that the order of equal counts cannot matter
        long all = 0;
        for (var n = 1; n <= rising.Length; n++)
        {
            weighted += (Int128)((2L * n) - rising.Length - 1) * rising[n - 1];
            all += rising[n - 1];
        }

        return all == 0 ? 0 : (double)weighted / ((double)rising.Length * all);
    }
}
