namespace NextItem.Evaluation;

/// <summary>Sums the metrics of the next item by session.</summary>
/// <param name="sums">Shared by all threads, which write to different sessions; its metrics are the given ones, each at every cutoff.</param>
/// <param name="metrics">Metrics of ranks.</param>
/// <param name="cutoffs">The cutoffs K.</param>
/// <param name="ties">How equal scores rank.</param>
internal sealed class SessionSumRecorder(SessionSums sums, Func<double, int, double>[] metrics, int[] cutoffs, TieBreaking ties) : ICaseRecorder
{
    public int ListLength => 0;

    public void Record(in EvaluatedCase played)
    {
        sums.CountCase(played.Session);
        if (!played.Rank.IsScored)
            return;
        var rank = Tally.HalfRanks(played.Rank, ties) / 2.0;
        var column = 0;
        foreach (var metric in metrics)
        {
            foreach (var cutoff in cutoffs)
                sums.Add(played.Session, column++, metric(rank, cutoff));
        }
    }

    public void Add(ICaseRecorder other)
    {
        // Written to the same sums already.
    }
}
