using System.Collections.Immutable;
using NextItem.Evaluation;

namespace NextItem;

/// <summary>
/// Measures a model on test sessions by full ranking: every event after the first of every session is one case, ranked among
/// all items of the catalog. Nothing is sampled.
/// </summary>
public static class Evaluator
{
    /// <summary>Evaluates a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="test">Test sessions, read with the model's catalog.</param>
    /// <param name="options">How to rank and count; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException">The sessions were read with another catalog, or no case is left.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    public static EvaluationResult Evaluate(
        ISessionModel model, SessionSet test, EvaluationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(test);
        options ??= new EvaluationOptions();
        options.Validate();
        if (!ReferenceEquals(model.Catalog, test.Catalog))
            throw new ArgumentException("The test sessions were read with another catalog than the model's; read them with model.Catalog.", nameof(test));

        var (underDrop, underMiss) = CountCases(test);
        var cases = options.Unknown == UnknownItems.Drop ? underDrop : underMiss;
        if (cases == 0)
        {
            throw new ArgumentException(
                $"Nothing to evaluate: {test.Count} test sessions with {test.EventCount} events, {test.UnknownEventCount} of them of items unknown to training, "
                + "leave no session with two events.", nameof(test));
        }

        var threads = Math.Min(options.Threads, test.Count);
        var tallies = new Tally[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, thread =>
        {
            // Every thread takes every threads-th session; integers and per-rank counts are added, so the order does not matter.
            tallies[thread] = new SessionReplay(model, test, options, thread, threads).Run(cancellationToken);
        });

        var total = tallies[0];
        for (var thread = 1; thread < threads; thread++)
            total.Add(tallies[thread]);

        return new EvaluationResult
        {
            Metrics = Metrics(options.Cutoffs, total, cases),
            Cases = cases,
            TiedCases = total.Tied,
            UnscoredCases = total.Unscored,
            CasesUnderDrop = underDrop,
            CasesUnderMiss = underMiss,
            UnknownEvents = test.UnknownEventCount,
            Sessions = test.Count,
            Ties = options.Ties,
            Unknown = options.Unknown,
        };
    }

    private static ImmutableArray<MetricValue> Metrics(ImmutableArray<int> cutoffs, Tally total, int cases)
    {
        var metrics = ImmutableArray.CreateBuilder<MetricValue>(2 * cutoffs.Length);
        foreach (var cutoff in cutoffs)
            metrics.Add(new MetricValue(RecallAtK.Name, cutoff, total.Sum(rank => RecallAtK.Of(rank, cutoff)) / cases));
        foreach (var cutoff in cutoffs)
            metrics.Add(new MetricValue(MrrAtK.Name, cutoff, total.Sum(rank => MrrAtK.Of(rank, cutoff)) / cases));
        return metrics.MoveToImmutable();
    }

    private static (int UnderDrop, int UnderMiss) CountCases(SessionSet test)
    {
        var drop = 0;
        var miss = 0;
        for (var session = 0; session < test.Count; session++)
        {
            var items = test.ItemsOf(session);
            var known = 0;
            foreach (var item in items)
                known += item >= 0 ? 1 : 0;
            drop += Math.Max(0, known - 1);
            miss += Math.Max(0, items.Length - 1);
        }

        return (drop, miss);
    }
}
