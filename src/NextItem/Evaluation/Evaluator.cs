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
    /// <exception cref="ArgumentException">The sessions were read with another catalog, the features are for another, or no case is left.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    public static EvaluationResult Evaluate(
        ISessionModel model, SessionSet test, EvaluationOptions? options = null, CancellationToken cancellationToken = default) =>
        Run(model, test, options ?? new EvaluationOptions(), [], keepSessions: false, cancellationToken).Result;

    /// <summary>Evaluates a model as <see cref="Evaluate"/> does, and keeps what the numbers are made of.</summary>
    /// <param name="model">The model.</param>
    /// <param name="test">Test sessions, read with the model's catalog.</param>
    /// <param name="options">How to rank and count; null for the defaults.</param>
    /// <param name="slices">By what to tell the cases apart, each once. Of the protocol of the next item only: the rest of a session is no single case's.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <exception cref="ArgumentException">The sessions were read with another catalog, no case is left, or there are slices of the rest of the session.</exception>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    public static DetailedEvaluation EvaluateInDetail(
        ISessionModel model, SessionSet test, EvaluationOptions? options = null, IReadOnlyList<SliceBy>? slices = null, CancellationToken cancellationToken = default)
    {
        var by = slices?.ToArray() ?? [];
        if (by.Any(each => !Enum.IsDefined(each)) || by.Distinct().Count() != by.Length)
            throw new ArgumentException($"The slices are '{string.Join(',', by)}'; expected of {string.Join(", ", Enum.GetNames<SliceBy>())}, each once.", nameof(slices));
        if (by.Length > 0 && options?.Protocol == EvaluationProtocol.RestOfSession)
            throw new ArgumentException("The rest of the session has no slices; expected none, or the protocol of the next item.", nameof(slices));
        return Run(model, test, options ?? new EvaluationOptions(), by, keepSessions: true, cancellationToken);
    }

    private static DetailedEvaluation Run(
        ISessionModel model, SessionSet test, EvaluationOptions options, SliceBy[] slices, bool keepSessions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(test);
        options.Validate();
        if (!ReferenceEquals(model.Catalog, test.Catalog))
            throw new ArgumentException("The test sessions were read with another catalog than the model's; read them with model.Catalog.", nameof(test));

        if (options.MetricsMeant.Contains(EvaluationMetric.Diversity) && !ReferenceEquals(options.Features!.Items, model.Catalog))
            throw new ArgumentException("The item features are for another catalog than the model's; make them for model.Catalog.", nameof(options));

        var (underDrop, underMiss) = CountCases(test);
        var cases = options.Unknown == UnknownItems.Drop ? underDrop : underMiss;
        if (cases == 0)
        {
            throw new ArgumentException(
                $"Nothing to evaluate: {test.Count} test sessions with {test.EventCount} events, {test.UnknownEventCount} of them of items unknown to training, "
                + "leave no session with two events.", nameof(test));
        }

        var plan = new RecordingPlan(test, options, slices, keepSessions);
        var threads = Math.Min(options.Threads, test.Count);
        var tallies = new Tally[threads];
        var recorders = new ICaseRecorder[threads][];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, thread =>
        {
            // Every thread takes every threads-th session; integers and per-rank counts are added, so the order does not matter.
            recorders[thread] = plan.NewRecorders();
            tallies[thread] = new SessionReplay(model, test, options, recorders[thread], thread, threads).Run(cancellationToken);
        });

        var total = tallies[0];
        for (var thread = 1; thread < threads; thread++)
        {
            total.Add(tallies[thread]);
            for (var i = 0; i < recorders[0].Length; i++)
                recorders[0][i].Add(recorders[thread][i]);
        }

        var result = new EvaluationResult
        {
            Metrics = plan.Metrics(total, recorders[0]),
            Cases = cases,
            TiedCases = total.Tied,
            UnscoredCases = total.Unscored,
            CasesUnderDrop = underDrop,
            CasesUnderMiss = underMiss,
            ListedFeatures = RecordingPlan.Features(recorders[0]),
            UnknownEvents = test.UnknownEventCount,
            Sessions = test.Count,
            Ties = options.Ties,
            Unknown = options.Unknown,
        };
        return new DetailedEvaluation(result, plan.Slices(recorders[0]), plan.Sums);
    }

    /// <summary>How many cases test sessions have, with their unknown items dropped or counted as misses.</summary>
    public static (int UnderDrop, int UnderMiss) CountCases(SessionSet test)
    {
        ArgumentNullException.ThrowIfNull(test);
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
