namespace NextItem.Evaluation;

/// <summary>
/// Intra-list diversity@K: the mean of 1 − cosine over all pairs of a list's first K items, averaged over the lists. The cosine is that
/// of the two items' features. 0: all items of every list are alike; 1: no two of a list have anything in common.
/// </summary>
/// <remarks>Smyth and McClave 2001, "Similarity vs. Diversity"; intra-list similarity of Ziegler et al. 2005, section 3.3, is its counterpart.</remarks>
internal static class DiversityAtK
{
    public const string Name = "diversity";

    /// <summary>The diversity of one list.</summary>
    /// <param name="cosines">The sum of the cosines of all pairs.</param>
    /// <param name="items">Number of items in it that have features, at least 2.</param>
    public static double Of(double cosines, int items) => Math.Max(0, 1 - (cosines / (items * (items - 1.0) / 2))); // rounding could leave −1e-17
}
