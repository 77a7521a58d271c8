using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem;

/// <summary>
/// Intervals and tests over test SESSIONS. Cases of one session share its visitor and its items, so that intervals over single cases
/// come out too narrow.
/// </summary>
public static class SessionResampling
{
    /// <summary>
    /// Percentile bootstrap interval of every metric: as many sessions as there are with a case are drawn with replacement, again
    /// and again, and the interval holds the middle of the metrics that these draws have. All cases of a session come with it.
    /// </summary>
    /// <param name="sums">The metrics' sums session by session.</param>
    /// <param name="options">How to resample; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between draws.</param>
    /// <returns>An interval for each of the sums' metrics, in their order.</returns>
    /// <remarks>Efron and Tibshirani 1993, chapter 13; the sessions are the clusters of Davison and Hinkley 1997, section 3.8.</remarks>
    /// <exception cref="ArgumentException">No session has a case.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    public static ConfidenceInterval[] Intervals(SessionSums sums, ResamplingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sums);
        return Bootstrap([.. sums.Metrics.Select(metric => sums.Of(metric.Name, metric.Cutoff).ToArray())], sums.Cases, Checked(options), cancellationToken);
    }

    /// <summary>
    /// The difference of two models, case for case on the same sessions: its bootstrap interval, and a permutation test that
    /// exchanges the two models within sessions drawn by chance.
    /// </summary>
    /// <param name="first">The first model's sums.</param>
    /// <param name="second">The second model's sums, over the same cases.</param>
    /// <param name="name">The metric.</param>
    /// <param name="cutoff">Its cutoff.</param>
    /// <param name="options">How to resample; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between draws.</param>
    /// <remarks>Good 2005, "Permutation, Parametric and Bootstrap Tests of Hypotheses", section 3.2; p = (1 + as extreme) / (1 + draws) after Phipson and Smyth 2010.</remarks>
    /// <exception cref="ArgumentException">The two are not over the same cases, one lacks the metric, or no session has a case.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    public static PairedDifference Compare(
        SessionSums first, SessionSums second, string name, int cutoff, ResamplingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.Cases.SequenceEqual(second.Cases))
            throw new ArgumentException("The two models were measured on other cases; expected the same sessions with the same number of cases each.", nameof(second));
        var checkedOptions = Checked(options);
        var differences = new double[first.Cases.Length];
        TensorPrimitives.Subtract(first.Of(name, cutoff), second.Of(name, cutoff), differences);
        var interval = Bootstrap([differences], first.Cases, checkedOptions, cancellationToken)[0];
        return new PairedDifference(interval, SignFlips(differences, checkedOptions, cancellationToken));
    }

    /// <summary>
    /// Holm's correction: the p values of several tests made larger, so that with all of them together the chance of any false
    /// finding is what it should be for one.
    /// </summary>
    /// <remarks>Holm 1979.</remarks>
    public static double[] Holm(IReadOnlyList<double> pValues)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        var adjusted = new double[pValues.Count];
        double largest = 0;
        foreach (var (test, place) in Enumerable.Range(0, pValues.Count).OrderBy(test => pValues[test]).Select((test, place) => (test, place)))
        {
            largest = Math.Max(largest, Math.Min(1, pValues[test] * (pValues.Count - place)));
            adjusted[test] = largest;
        }

        return adjusted;
    }

    private static ResamplingOptions Checked(ResamplingOptions? options)
    {
        options ??= new ResamplingOptions();
        options.Validate();
        return options;
    }

    /// <summary>Intervals of ratios sum / cases, all from the same draws of sessions.</summary>
    private static ConfidenceInterval[] Bootstrap(double[][] sums, ReadOnlySpan<int> cases, ResamplingOptions options, CancellationToken cancellationToken)
    {
        // Sessions without a case change neither numerator nor denominator: they are not drawn.
        var drawn = new List<int>();
        for (var session = 0; session < cases.Length; session++)
        {
            if (cases[session] > 0)
                drawn.Add(session);
        }

        if (drawn.Count == 0)
            throw new ArgumentException("No session has a case; there is nothing to resample.", nameof(cases));
        var kept = Array.ConvertAll(sums, column => drawn.Select(session => column[session]).ToArray());
        var counts = cases.ToArray();
        var keptCases = drawn.Select(session => (double)counts[session]).ToArray();
        var means = Array.ConvertAll(sums, _ => new double[options.Resamples]);
        var random = new CounterRandom(options.Seed);
        Parallel.For(
            0,
            options.Resamples,
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads },
            () => new double[drawn.Count],
            (resample, _, weights) =>
            {
                Draw(random, resample, weights);
                var all = TensorPrimitives.Dot<double>(weights, keptCases);
                for (var metric = 0; metric < kept.Length; metric++)
                    means[metric][resample] = TensorPrimitives.Dot<double>(weights, kept[metric]) / all;
                return weights;
            },
            _ => { });

        var total = keptCases.Sum();
        return [.. means.Select((each, metric) => Interval(kept[metric].Sum() / total, each, options.Level))];
    }

    /// <summary>How often each session is drawn when as many are drawn with replacement as there are.</summary>
    private static void Draw(CounterRandom random, int resample, double[] weights)
    {
        Array.Clear(weights);
        for (var draw = 0; draw < weights.Length; draw += 4)
        {
            var (a, b, c, d) = random.At(RandomStream.ResampledSessions, 0, resample, (uint)(draw / 4));
            weights[Place(a)]++;
            if (draw + 1 < weights.Length)
                weights[Place(b)]++;
            if (draw + 2 < weights.Length)
                weights[Place(c)]++;
            if (draw + 3 < weights.Length)
                weights[Place(d)]++;
        }

        int Place(uint word) => (int)(((ulong)word * (ulong)weights.Length) >> 32);
    }

    private static ConfidenceInterval Interval(double value, double[] means, double level)
    {
        Array.Sort(means);
        var outside = (1 - level) / 2;
        return new ConfidenceInterval(value, Quantile(means, outside), Quantile(means, 1 - outside));
    }

    /// <summary>Between the two nearest of the sorted numbers.</summary>
    private static double Quantile(double[] rising, double share)
    {
        var place = share * (rising.Length - 1);
        var below = (int)place;
        return below + 1 < rising.Length ? rising[below] + ((place - below) * (rising[below + 1] - rising[below])) : rising[below];
    }

    /// <summary>Every session's difference with a sign drawn by chance: the difference if the two models were interchangeable.</summary>
    private static double SignFlips(double[] differences, ResamplingOptions options, CancellationToken cancellationToken)
    {
        var unequal = Array.FindAll(differences, difference => difference != 0);
        if (unequal.Length == 0)
            return 1;
        var observed = Math.Abs(unequal.Sum());
        var least = observed - (1e-9 * unequal.Sum(Math.Abs)); // the same sum in another order of additions is as extreme
        var random = new CounterRandom(options.Seed);
        var extreme = 0;
        Parallel.For(
            0,
            options.Resamples,
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = options.Threads },
            resample =>
            {
                double sum = 0;
                for (var first = 0; first < unequal.Length; first += 32)
                {
                    var signs = random.At(RandomStream.ResampledSigns, 0, resample, (uint)(first / 32)).A;
                    for (var i = first; i < Math.Min(first + 32, unequal.Length); i++)
                        sum += ((signs >> (i - first)) & 1) == 0 ? unequal[i] : -unequal[i];
                }

                if (Math.Abs(sum) >= least)
                    Interlocked.Increment(ref extreme);
            });
        return (1.0 + extreme) / (1 + options.Resamples);
    }
}
