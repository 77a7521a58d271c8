namespace NextItem.Evaluation;

/// <summary>How often each item was listed within each cutoff. Integers, so that threads change nothing.</summary>
internal sealed class ListCounts(int[] cutoffs, int items) : ICaseRecorder
{
    private readonly int[][] _listed = Array.ConvertAll(cutoffs, _ => new int[items]);

    public int ListLength { get; } = Math.Min(cutoffs.Max(), items);

    /// <summary>[I]: how often each item was among the first K, by the place of K among the cutoffs.</summary>
    public ReadOnlySpan<int> Of(int cutoff) => _listed[cutoff];

    public void Record(in EvaluatedCase played)
    {
        for (var i = 0; i < cutoffs.Length; i++)
        {
            foreach (var (item, _) in played.List[..Math.Min(cutoffs[i], played.List.Length)])
                _listed[i][item]++;
        }
    }

    public void Add(ICaseRecorder other)
    {
        for (var i = 0; i < _listed.Length; i++)
        {
            var more = ((ListCounts)other)._listed[i];
            for (var item = 0; item < more.Length; item++)
                _listed[i][item] += more[item];
        }
    }
}
