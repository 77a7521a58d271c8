namespace NextItem.Tests.Reference;

/// <summary>The metrics by their definitions, place by place, as slow as they read.</summary>
internal static class DoubleMetrics
{
    /// <summary>The gain at one place of a list, 1-based: 1 / log2(1 + place).</summary>
    private static double Gain(double place) => Math.Log(2) / Math.Log(1 + place);

    /// <summary>NDCG of a list with one right item at a place: its gain over that of the first place.</summary>
    public static double NextNdcg(double rank, int cutoff) => rank > cutoff ? 0 : Gain(rank) / Gain(1);

    /// <summary>Average precision of a list with one right item: walks the places, one right item found at its own.</summary>
    public static double NextMap(double rank, int cutoff)
    {
        double sum = 0;
        for (var place = 0.5; place <= cutoff; place += 0.5)
            sum += place == rank ? 1 / place : 0;
        return sum;
    }

    public static double RestRecall(string list, string rest, int cutoff) => (double)list.Take(cutoff).Intersect(rest).Count() / rest.Distinct().Count();

    public static double RestPrecision(string list, string rest, int cutoff) => (double)list.Take(cutoff).Intersect(rest).Count() / cutoff;

    public static double RestNdcg(string list, string rest, int cutoff)
    {
        var gain = list.Take(cutoff).Select((item, i) => rest.Contains(item) ? Gain(i + 1) : 0).Sum();
        return gain / Enumerable.Range(1, Math.Min(cutoff, rest.Distinct().Count())).Sum(place => Gain(place));
    }

    public static double RestMap(string list, string rest, int cutoff)
    {
        var sum = Enumerable.Range(1, Math.Min(cutoff, list.Length)).Where(place => rest.Contains(list[place - 1])).Sum(place => RestPrecision(list, rest, place));
        return sum / Math.Min(cutoff, rest.Distinct().Count());
    }

    /// <summary>Half the mean absolute difference of all pairs, over the mean.</summary>
    public static double Gini(int[] counts) =>
        counts.Sum() == 0 ? 0 : counts.SelectMany(_ => counts, (a, b) => Math.Abs((double)a - b)).Average() / 2 / counts.Average();

    public static double Coverage(int[] counts) => counts.Average(count => count > 0 ? 1.0 : 0.0);

    /// <summary>One entry a listed place, averaged.</summary>
    public static double Popularity(int[] counts, int[] support) => Places(counts).Average(item => (double)support[item] / support.Max());

    public static double Novelty(int[] counts, int[] support) => Places(counts).Average(item => -Math.Log((double)support[item] / support.Sum()) / Math.Log(2));

    /// <summary>The mean of 1 − cosine over all pairs of the rows that are not all zeros; null where there is no pair.</summary>
    public static double? Diversity(IReadOnlyList<Dictionary<int, double>> rows)
    {
        static double Dot(Dictionary<int, double> a, Dictionary<int, double> b) => a.Sum(entry => entry.Value * b.GetValueOrDefault(entry.Key));
        var some = rows.Where(row => row.Values.Any(value => value != 0)).ToArray();
        var pairs = some.SelectMany((a, i) => some.Skip(i + 1), (a, b) => 1 - (Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b)))).ToArray();
        return pairs.Length == 0 ? null : pairs.Average();
    }

    private static IEnumerable<int> Places(int[] counts) => counts.SelectMany((count, item) => Enumerable.Repeat(item, count));
}
