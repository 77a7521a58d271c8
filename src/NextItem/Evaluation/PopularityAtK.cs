namespace NextItem.Evaluation;

/// <summary>Average popularity@K: the mean over all listed places of the item's support, as a share of the largest support. High: a bias to what is popular anyway.</summary>
/// <remarks>Ludewig and Jannach 2018, section 4.2, who stretch the smallest support to 0; here 0 means never seen.</remarks>
internal static class PopularityAtK
{
    public const string Name = "popularity";

    /// <param name="listed">How often each item was listed.</param>
    /// <param name="support">Training events of each item.</param>
    public static double Of(ReadOnlySpan<int> listed, ReadOnlySpan<int> support)
    {
        Int128 sum = 0;
        long places = 0;
        var largest = 1;
        for (var item = 0; item < listed.Length; item++)
        {
            sum += (long)listed[item] * support[item];
            places += listed[item];
            largest = Math.Max(largest, support[item]);
        }

        return places == 0 ? 0 : (double)sum / ((double)places * largest);
    }
}
