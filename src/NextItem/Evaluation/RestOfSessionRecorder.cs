namespace NextItem.Evaluation;

/// <summary>
/// Sums the metrics of the rest of the session by session: the list after every event against the distinct items that still come.
/// An unknown item still to come, where these are misses, is a target that no list can hold; as their keys are not kept, every
/// event of one counts as another item.
/// </summary>
/// <param name="sums">Shared by all threads, which write to different sessions; its metrics are the given ones, each at every cutoff.</param>
/// <param name="metrics">Metrics of hits.</param>
/// <param name="cutoffs">The cutoffs K.</param>
/// <param name="items">Number of items.</param>
internal sealed class RestOfSessionRecorder(SessionSums sums, MetricNames.HitMetric[] metrics, int[] cutoffs, int items) : ICaseRecorder
{
    private readonly HashSet<int> _rest = [];
    private readonly bool[] _hits = new bool[Math.Min(cutoffs.Max(), items)];

    public int ListLength => _hits.Length;

    public void Record(in EvaluatedCase played)
    {
        _rest.Clear();
        var unknown = 0;
        foreach (var item in played.Items[played.Seen..])
        {
            if (item < 0)
                unknown++;
            else
                _rest.Add(item);
        }

        for (var place = 0; place < played.List.Length; place++)
            _hits[place] = _rest.Contains(played.List[place].ItemIndex);
        sums.CountCase(played.Session);
        var column = 0;
        foreach (var metric in metrics)
        {
            foreach (var cutoff in cutoffs)
                sums.Add(played.Session, column++, metric(_hits.AsSpan(0, played.List.Length), _rest.Count + unknown, cutoff));
        }
    }

    public void Add(ICaseRecorder other)
    {
        // Written to the same sums already.
    }
}
