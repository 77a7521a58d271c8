using System.Reflection;
using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem;

/// <summary>Trains models.</summary>
public static class Trainer
{
    private const int ReportsPerEpoch = 200;

    /// <summary>Trains GRU4Rec with session-parallel mini-batches, sessions in the order of their start times.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The model and its training; null for the defaults.</param>
    /// <param name="validation">Sessions read with the training catalog, evaluated after each epoch; null for none.</param>
    /// <param name="progress">Is told how far training is.</param>
    /// <param name="timeProvider">Clock for the speeds that are reported; null takes no times. Results never depend on it.</param>
    /// <param name="cancellationToken">Stops training between mini-batches.</param>
    /// <returns>The model and its provenance.</returns>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="ArgumentException">There is no session with two events.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or not a number.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static TrainedModel Fit(
        SessionSet train,
        Gru4RecOptions? options = null,
        SessionSet? validation = null,
        IProgress<TrainingProgress>? progress = null,
        TimeProvider? timeProvider = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        options ??= new Gru4RecOptions();
        options.Validate();
        RequireTrainable(train, validation);

        using var run = new Gru4RecRun(train, options);
        var pairs = SessionParallelBatcher.PairCount(train);
        var losses = new List<double>();
        EvaluationResult? measured = null;
        for (var epoch = 1; epoch <= options.Epochs; epoch++)
        {
            var started = timeProvider?.GetTimestamp() ?? 0;
            var summary = RunEpoch(run, options, epoch, pairs, progress, cancellationToken);
            var seconds = timeProvider?.GetElapsedTime(started).TotalSeconds ?? 0;
            if (validation is not null)
                measured = Validate(run, validation, options, cancellationToken);
            summary = summary with { Seconds = seconds, Validation = measured };
            losses.Add(summary.Loss);
            progress?.Report(new TrainingProgress(epoch, options.Epochs, pairs, pairs, summary.Loss, summary));
        }

        var provenance = ProvenanceOf(train) with
        {
            Seed = options.Seed,
            Threads = options.Threads,
            VectorWidth = SimdWidth.Floats,
            EpochLosses = [.. losses],
            ValidationMetrics = measured?.Metrics ?? [],
        };
        return new TrainedModel(run.Snapshot(), provenance);
    }

    /// <summary>Wraps a model that was fitted without a trainer, such as a baseline, for a model file.</summary>
    public static TrainedModel Describe(ISessionModel model, SessionSet train)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        return new TrainedModel(model, ProvenanceOf(train));
    }

    /// <summary>
    /// Bytes that training will hold at once, beside the sessions themselves: parameters with optimiser state, workspace, and
    /// the finished model.
    /// </summary>
    public static long EstimateMemory(int itemCount, Gru4RecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var states = TrainingSteps.States(options);
        long values = 0;
        foreach (var spec in Gru4RecParameters.Specs(options, itemCount))
            values += (long)spec.Rows * SimdWidth.Padded(spec.BlockColumns) * spec.Blocks;
        var logits = (long)Math.Min(itemCount, options.BatchSize + options.NegativeSampleCount) * SimdWidth.Padded(options.BatchSize);
        return (sizeof(float) * ((values * (2 + states)) + logits)) + (itemCount * 40L);
    }

    /// <summary>Evaluates the model as it is now; its copy of the parameters is freed at once, not when the collector comes by.</summary>
    private static EvaluationResult Validate(Gru4RecRun run, SessionSet validation, Gru4RecOptions options, CancellationToken cancellationToken)
    {
        var snapshot = run.Snapshot();
        try
        {
            return Evaluator.Evaluate(snapshot, validation, new EvaluationOptions { Threads = options.Threads }, cancellationToken);
        }
        finally
        {
            snapshot.Parameters.Dispose();
        }
    }

    private static EpochSummary RunEpoch(
        Gru4RecRun run, Gru4RecOptions options, int epoch, long pairs, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        run.StartEpoch(epoch);
        double weighted = 0;
        long events = 0, trained = 0, batches = 0, skipped = 0;
        var reportEvery = Math.Max(1, pairs / ReportsPerEpoch);
        var nextReport = reportEvery;
        while (run.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var lanes = run.Batch.Lanes;
            events += lanes;
            if (lanes < 2 && options.NegativeSampleCount == 0)
            {
                skipped++;
                run.Skip();
                continue;
            }

            var loss = run.Step();
            batches++;
            if (!double.IsFinite(loss))
                throw new TrainingDivergedException(epoch, batches + skipped, loss, options.LearningRate);
            weighted += loss * lanes;
            trained += lanes;
            if (progress is not null && events >= nextReport && events < pairs)
            {
                nextReport = events + reportEvery;
                progress.Report(new TrainingProgress(epoch, options.Epochs, events, pairs, weighted / trained, null));
            }
        }

        return new EpochSummary(epoch, trained == 0 ? 0 : weighted / trained, batches, events, skipped, 0, null);
    }

    private static void RequireTrainable(SessionSet train, SessionSet? validation)
    {
        if (SessionParallelBatcher.PairCount(train) == 0)
        {
            throw new ArgumentException(
                $"Nothing to learn from: {train.Count} sessions with {train.EventCount} events, but no session with two events.", nameof(train));
        }

        if (train.UnknownEventCount > 0)
            throw new ArgumentException($"The training sessions have {train.UnknownEventCount} events of items that their catalog does not know; read them without a catalog.", nameof(train));
        if (validation is not null && !ReferenceEquals(validation.Catalog, train.Catalog))
            throw new ArgumentException("The validation sessions were read with another catalog than the training sessions'; read them with train.Catalog.", nameof(validation));
    }

    private static TrainingProvenance ProvenanceOf(SessionSet train)
    {
        var until = double.NegativeInfinity;
        for (var session = 0; session < train.Count; session++)
            until = Math.Max(until, train.EndTimeOf(session));
        return new TrainingProvenance
        {
            NextItemVersion = typeof(Trainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            DataFingerprint = train.Fingerprint(),
            Sessions = train.Count,
            Events = train.EventCount,
            TrainedUntil = train.Count == 0 ? 0 : until,
        };
    }
}
