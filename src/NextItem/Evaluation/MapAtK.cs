namespace NextItem.Evaluation;

/// <summary>MAP@K of the next item: with one target, the precision at its place, 1 / rank, where that is at most K, else 0. The same number as MRR@K.</summary>
/// <remarks>Manning, Raghavan and Schütze 2008, section 8.4.</remarks>
internal static class MapAtK
{
    public const string Name = "map";

    public static double Of(double rank, int cutoff) => rank <= cutoff ? 1 / rank : 0;
}
