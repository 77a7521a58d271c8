namespace NextItem.Evaluation;

/// <summary>Catalogue coverage@K: the share of the items that at least one list of K holds.</summary>
/// <remarks>Ge, Delgado-Battenfeld and Jannach 2010, section 2.</remarks>
internal static class CoverageAtK
{
    public const string Name = "coverage";

    /// <param name="listed">How often each item was listed.</param>
    public static double Of(ReadOnlySpan<int> listed) => 1 - ((double)listed.Count(0) / listed.Length);
}
