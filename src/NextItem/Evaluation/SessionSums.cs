using System.Collections.Immutable;
using NextItem.Diagnostics;

namespace NextItem;

/// <summary>
/// The numbers of an evaluation session by session: for every metric the sum over the session's cases, which divided by the
/// number of cases is the metric. Sessions are what intervals and tests resample: cases of one session are not independent.
/// </summary>
public sealed class SessionSums
{
    private readonly int[] _cases;
    private readonly double[][] _sums;

    internal SessionSums(ImmutableArray<(string Name, int Cutoff)> metrics, int sessions)
    {
        Metrics = metrics;
        _cases = new int[sessions];
        _sums = [.. metrics.Select(_ => new double[sessions])];
    }

    /// <summary>Makes sums that were come by otherwise.</summary>
    /// <param name="cases">Number of cases of each session.</param>
    /// <param name="sums">For each metric, the sum over each session's cases.</param>
    /// <exception cref="ArgumentException">A metric has sums of another number of sessions, or a session of no cases has a sum.</exception>
    public static SessionSums From(IReadOnlyList<int> cases, IReadOnlyDictionary<(string Name, int Cutoff), IReadOnlyList<double>> sums)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(sums);
        var made = new SessionSums([.. sums.Keys], cases.Count);
        for (var session = 0; session < cases.Count; session++)
            made._cases[session] = cases[session];
        for (var metric = 0; metric < made.Metrics.Length; metric++)
        {
            var (name, cutoff) = made.Metrics[metric];
            var given = sums[made.Metrics[metric]];
            Throw.IfLengthDiffers(given.Count, cases.Count, "the number of sessions", $"the number of sums of {name}@{cutoff}");
            for (var session = 0; session < given.Count; session++)
            {
                if (cases[session] == 0 && given[session] != 0)
                    throw new ArgumentException($"Session {session} has no case, but its sum of {name}@{cutoff} is {given[session]}; expected 0.", nameof(sums));
                made._sums[metric][session] = given[session];
            }
        }

        return made;
    }

    /// <summary>The metrics that there are sums of.</summary>
    public ImmutableArray<(string Name, int Cutoff)> Metrics { get; }

    /// <summary>Number of cases of each session; 0 where a session has none.</summary>
    public ReadOnlySpan<int> Cases => _cases;

    /// <summary>The sum of a metric over each session's cases.</summary>
    /// <exception cref="ArgumentException">There are no sums of this metric.</exception>
    public ReadOnlySpan<double> Of(string name, int cutoff)
    {
        var place = Metrics.IndexOf((name, cutoff));
        return place >= 0
            ? _sums[place]
            : throw new ArgumentException($"There are no sums of {name}@{cutoff}; there are: {string.Join(", ", Metrics.Select(m => $"{m.Name}@{m.Cutoff}"))}.", nameof(name));
    }

    /// <summary>The mean of a metric over all cases.</summary>
    /// <exception cref="ArgumentException">There are no sums of this metric.</exception>
    public double MeanOf(string name, int cutoff)
    {
        double sum = 0;
        foreach (var each in Of(name, cutoff))
            sum += each;
        long cases = 0;
        foreach (var each in _cases)
            cases += each;
        return sum / cases;
    }

    /// <summary>Counts a case of a session. Each session is played by one thread, in order: no thread meets another, and the sums have the same bits always.</summary>
    internal void CountCase(int session) => _cases[session]++;

    internal void Add(int session, int metric, double value) => _sums[metric][session] += value;
}
