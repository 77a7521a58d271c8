namespace NextItem.Server;

/// <summary>A share of lists, with the range that chance in the choice of sessions leaves it.</summary>
/// <remarks>
/// Wilson's interval (1927), which is sound for rare clicks and few lists too. Lists of one session share their visitor: the number of lists is
/// divided by the design effect, how much larger the variance between sessions makes the ratio's variance (Rao and Scott 1992).
/// </remarks>
public sealed record RateEstimate
{
    /// <summary>Quantile of the normal distribution for intervals of 95 %.</summary>
    private const double Z = 1.959963984540054;

    private RateEstimate(long count, long cases, double effectiveCases)
    {
        (Count, Cases, EffectiveCases) = (count, cases, effectiveCases);
        var share = (double)count / cases;
        var square = Z * Z / effectiveCases;
        var middle = (share + (square / 2)) / (1 + square);
        var half = Z / (1 + square) * Math.Sqrt((share * (1 - share) / effectiveCases) + (square / (4 * effectiveCases)));
        Interval = new ConfidenceInterval(share, Math.Max(0, Math.Min(share, middle - half)), Math.Min(1, Math.Max(share, middle + half)));
    }

    /// <summary>Lists for which it holds.</summary>
    public long Count { get; }

    /// <summary>Lists looked at.</summary>
    public long Cases { get; }

    /// <summary>As many lists of sessions of their own would tell as much.</summary>
    public double EffectiveCases { get; }

    /// <summary>The share, with its interval of 95 %.</summary>
    public ConfidenceInterval Interval { get; }

    /// <summary>Estimates a share.</summary>
    /// <param name="sessions">Of each session, the lists for which it holds, and its lists.</param>
    /// <returns>Null where there is no list.</returns>
    public static RateEstimate? Of(IEnumerable<(int Count, int Cases)> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        (int Count, int Cases)[] all = [.. sessions.Where(session => session.Cases > 0)];
        var (count, cases) = (all.Sum(session => (long)session.Count), all.Sum(session => (long)session.Cases));
        if (cases == 0)
            return null;
        var share = (double)count / cases;
        if (all.Length == 1)
            return new RateEstimate(count, cases, 1); // one visitor, whatever the number of lists
        var between = all.Sum(session => Math.Pow(session.Count - (share * session.Cases), 2)) * all.Length / (all.Length - 1.0) / cases / cases;
        var within = share * (1 - share) / (cases - 1.0); // without bias as the other: sessions of one list each have no effect
        return new RateEstimate(count, cases, within > 0 ? cases / Math.Max(1, between / within) : cases);
    }

    /// <summary>The difference of two shares of other sessions: Newcombe's interval (1998, method 10), of the two Wilson intervals.</summary>
    /// <param name="first">What is subtracted.</param>
    /// <param name="second">What it is subtracted from.</param>
    public static ConfidenceInterval Difference(RateEstimate first, RateEstimate second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (a, b) = (first.Interval, second.Interval);
        var difference = b.Value - a.Value;
        return new ConfidenceInterval(
            difference,
            difference - Math.Sqrt(Math.Pow(b.Value - b.Low, 2) + Math.Pow(a.High - a.Value, 2)),
            difference + Math.Sqrt(Math.Pow(b.High - b.Value, 2) + Math.Pow(a.Value - a.Low, 2)));
    }
}
