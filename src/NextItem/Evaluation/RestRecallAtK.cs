namespace NextItem.Evaluation;

/// <summary>Recall@K of the rest of the session: the share of its items that are among the first K.</summary>
/// <remarks>Ludewig and Jannach 2018, section 4.2.</remarks>
internal static class RestRecallAtK
{
    public const string Name = "rest-recall";

    /// <param name="hits">For each place of the list, whether its item comes in the rest of the session.</param>
    /// <param name="relevant">Number of items of the rest, at least 1.</param>
    /// <param name="cutoff">K.</param>
    public static double Of(ReadOnlySpan<bool> hits, int relevant, int cutoff) =>
        (double)hits[..Math.Min(cutoff, hits.Length)].Count(true) / relevant;
}
