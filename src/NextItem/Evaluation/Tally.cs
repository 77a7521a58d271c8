namespace NextItem.Evaluation;

/// <summary>
/// How often each rank occurred, up to the largest cutoff, in half places (median ties make halves). Counts, not sums: they
/// add up to the same bits in any order, so that threads and lanes change nothing.
/// </summary>
internal sealed class Tally(int largestCutoff)
{
    private readonly long[] _byHalfRank = new long[(2 * largestCutoff) + 1];

    /// <summary>Cases counted.</summary>
    public int Cases { get; private set; }

    /// <summary>Cases with an equal among the other items.</summary>
    public int Tied { get; private set; }

    /// <summary>Cases whose target has no score.</summary>
    public int Unscored { get; private set; }

    /// <summary>Counts one case.</summary>
    public void Count(TargetRank rank, TieBreaking ties)
    {
        Cases++;
        if (!rank.IsScored)
        {
            Unscored++;
            return;
        }

        Tied += rank.Tied > 0 ? 1 : 0;
        var halves = HalfRanks(rank, ties);
        if (halves < _byHalfRank.Length)
            _byHalfRank[halves]++;
    }

    /// <summary>Twice the rank of a target that has a score.</summary>
    public static long HalfRanks(TargetRank rank, TieBreaking ties) => (2L * (1 + rank.Above)) + ties switch
    {
        TieBreaking.Standard => 0,
        TieBreaking.Conservative => 2L * rank.Tied,
        _ => rank.Tied,
    };

    /// <summary>Adds another tally of the same cutoff.</summary>
    public void Add(Tally other)
    {
        for (var i = 0; i < _byHalfRank.Length; i++)
            _byHalfRank[i] += other._byHalfRank[i];
        Cases += other.Cases;
        Tied += other.Tied;
        Unscored += other.Unscored;
    }

    /// <summary>The sum of a metric over all cases; ranks beyond the largest cutoff count nothing.</summary>
    public double Sum(Func<double, double> metric)
    {
        double sum = 0;
        for (var halves = 2; halves < _byHalfRank.Length; halves++)
            sum += _byHalfRank[halves] * metric(halves / 2.0);
        return sum;
    }
}
