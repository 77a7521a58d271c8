namespace NextItem.Evaluation;

/// <summary>MAP@K of the rest of the session: the precision at the place of every hit within K, summed, over the hits that K places could hold.</summary>
/// <remarks>Manning, Raghavan and Schütze 2008, section 8.4; cut at K as Ludewig and Jannach 2018 do.</remarks>
internal static class RestMapAtK
{
    public const string Name = "rest-map";

    /// <param name="hits">For each place of the list, whether its item comes in the rest of the session.</param>
    /// <param name="relevant">Number of items of the rest, at least 1.</param>
    /// <param name="cutoff">K.</param>
    public static double Of(ReadOnlySpan<bool> hits, int relevant, int cutoff)
    {
        double sum = 0;
        var found = 0;
        for (var place = 0; place < Math.Min(cutoff, hits.Length); place++)
        {
            if (hits[place])
                sum += (double)++found / (place + 1);
        }

        return sum / Math.Min(cutoff, relevant);
    }
}
