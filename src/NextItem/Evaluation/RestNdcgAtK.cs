namespace NextItem.Evaluation;

/// <summary>NDCG@K of the rest of the session: the sum of 1 / log2(1 + place) over the hits within K, over what a list that starts with all items of the rest has.</summary>
/// <remarks>Järvelin and Kekäläinen 2002, with gain 1 for every item of the rest.</remarks>
internal static class RestNdcgAtK
{
    public const string Name = "rest-ndcg";

    /// <param name="hits">For each place of the list, whether its item comes in the rest of the session.</param>
    /// <param name="relevant">Number of items of the rest, at least 1.</param>
    /// <param name="cutoff">K.</param>
    public static double Of(ReadOnlySpan<bool> hits, int relevant, int cutoff)
    {
        double gain = 0;
        for (var place = 0; place < Math.Min(cutoff, hits.Length); place++)
            gain += hits[place] ? Discount(place) : 0;
        double best = 0;
        for (var place = 0; place < Math.Min(cutoff, relevant); place++)
            best += Discount(place);
        return gain / best;
    }

    private static double Discount(int place) => 1 / Math.Log2(place + 2);
}
