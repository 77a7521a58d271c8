namespace NextItem.Evaluation;

/// <summary>
/// Novelty@K: the mean over all listed places of the item's self-information −log2(support / training events), in bits. An item
/// without support counts as seen once.
/// </summary>
/// <remarks>Zhou et al. 2010, "Solving the apparent diversity-accuracy dilemma of recommender systems".</remarks>
internal static class NoveltyAtK
{
    public const string Name = "novelty";

    /// <param name="listed">How often each item was listed.</param>
    /// <param name="support">Training events of each item.</param>
    public static double Of(ReadOnlySpan<int> listed, ReadOnlySpan<int> support)
    {
        long events = 0;
        foreach (var count in support)
            events += Math.Max(1, count);
        double sum = 0;
        long places = 0;
        for (var item = 0; item < listed.Length; item++)
        {
            if (listed[item] == 0)
                continue;
            sum += listed[item] * Math.Log2((double)events / Math.Max(1, support[item]));
            places += listed[item];
        }

        return places == 0 ? 0 : sum / places;
    }
}
