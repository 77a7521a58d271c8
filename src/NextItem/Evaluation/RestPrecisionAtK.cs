namespace NextItem.Evaluation;

/// <summary>Precision@K of the rest of the session: the share of K places that hold one of its items. Places that the model leaves empty are no hits.</summary>
/// <remarks>Ludewig and Jannach 2018, section 4.2.</remarks>
internal static class RestPrecisionAtK
{
    public const string Name = "rest-precision";

    /// <param name="hits">For each place of the list, whether its item comes in the rest of the session.</param>
    /// <param name="cutoff">K.</param>
    public static double Of(ReadOnlySpan<bool> hits, int cutoff) =>
        (double)hits[..Math.Min(cutoff, hits.Length)].Count(true) / cutoff;
}
