using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Models;

namespace NextItem.Training;

/// <summary>The life of a training run: epochs, validation, early stopping, checkpoints.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const int ReportsPerEpoch = 200;

    /// <summary>
    /// An epoch whose mean loss is so many times that of an untrained network has not learned but diverged: losses and hidden
    /// states are bounded, so that even an absurd learning rate can leave a finite loss and a useless model.
    /// </summary>
    private const double Diverged = 3;

    private readonly SessionSet _train;
    private readonly Gru4RecOptions _options;
    private readonly TrainingContext _context;
    private readonly CancellationToken _cancellation;
    private readonly TrainingPlan _plan;
    private readonly TrainingRun _run;
    private readonly long _pairs;
    private readonly string _fingerprint;
    private readonly string _validationFingerprint;
    private readonly string[] _teachers;
    private readonly List<EpochSummary> _epochs = [];
    private string _warmStartedFrom;
    private ParameterSet? _best;
    private int _bestEpoch;
    private double _bestMetric;
    private readonly double _untrainedLoss;
    private double _firstLoss = double.NaN;
    private EpochTally _tally;

    /// <summary>Allocates the run, and begins it where the context says.</summary>
    public TrainingLoop(SessionSet train, TrainingPlan plan, TrainingContext context, CancellationToken cancellation)
    {
        _train = train;
        _plan = plan;
        _options = plan.Options;
        _context = context;
        _cancellation = cancellation;
        _pairs = SessionParallelBatcher.PairCount(train);
        _fingerprint = train.Fingerprint();
        _validationFingerprint = context.Validation?.Fingerprint() ?? "";
        _teachers = RunTeachers.Fingerprints(context.Teachers);
        _warmStartedFrom = context.WarmStart?.Provenance.DataFingerprint ?? "";
        _untrainedLoss = UntrainedLoss.Of(_options, train.Catalog.Support);
        _run = plan.Begin(train, cancellation);
    }

    /// <summary>Trains to the end.</summary>
    public TrainedModel Run()
    {
        var first = Begin();
        for (var epoch = first; epoch <= _plan.Epochs && !HasStopped(epoch); epoch++)
        {
            var started = _context.TimeProvider?.GetTimestamp() ?? 0;
            RunEpoch(epoch, resumed: epoch == first && _context.ResumeFrom?.State.Position is not null);
            var seconds = _context.TimeProvider?.GetElapsedTime(started).TotalSeconds ?? 0;
            RequireSound(epoch);
            var measured = ValidateOrKeep(epoch);
            var summary = new EpochSummary(epoch, _tally.MeanLoss, _tally.MiniBatches, _tally.Events, _tally.Skipped, seconds, measured)
            {
                LearningRate = _run.LearningRate,
            };
            _epochs.Add(summary);
            _context.Checkpoints?.Save(State(epoch + 1, running: false));
            _context.Progress?.Report(new TrainingProgress(epoch, _plan.Epochs, _pairs, _pairs, summary.Loss, summary));
        }

        return Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run.Dispose();
        _best?.Dispose();
    }

    /// <summary>The epoch to begin with.</summary>
    private int Begin()
    {
        if (_context.WarmStart is { } trained)
            _run.TakeFrom(trained.Model);
        if (_context.ResumeFrom is not { } checkpoint)
            return 1;
        _run.Restore(checkpoint);
        var state = checkpoint.State;
        _epochs.AddRange(state.Epochs);
        (_bestEpoch, _bestMetric, _firstLoss, _warmStartedFrom) = (state.BestEpoch, state.BestMetric, state.FirstLoss > 0 ? state.FirstLoss : double.NaN, state.WarmStartedFrom);
        _tally = state.Tally ?? default;
        if (checkpoint.Best is not null)
        {
            _best = _run.Parameters.WithoutStates();
            _best.CopyValuesFrom(checkpoint.Best);
        }

        return state.Epoch;
    }

    private bool HasStopped(int epoch) => _options.Patience > 0 && _bestEpoch > 0 && epoch - 1 - _bestEpoch >= _options.Patience;

    private void RunEpoch(int epoch, bool resumed)
    {
        if (!resumed)
        {
            _run.StartEpoch(epoch);
            _tally = default;
        }

        var reportEvery = Math.Max(1, _pairs / ReportsPerEpoch);
        var nextReport = _tally.Events + reportEvery;
        while (true)
        {
            if (_cancellation.IsCancellationRequested)
            {
                RequireSound(epoch); // stopped because the loss was seen to climb: the last good checkpoint stays
                _context.Checkpoints?.Save(State(epoch, running: true));
                _cancellation.ThrowIfCancellationRequested();
            }

            if (!_run.MoveNext())
                return;
            Step(epoch);
            if (_context.Progress is not null && _tally.Events >= nextReport && _tally.Events < _pairs)
            {
                nextReport = _tally.Events + reportEvery;
                _context.Progress.Report(new TrainingProgress(epoch, _plan.Epochs, _tally.Events, _pairs, _tally.MeanLoss, null));
            }
        }
    }

    private void Step(int epoch)
    {
        var lanes = _run.Batch.Lanes;
        if (lanes < 2 && _options.NegativeSampleCount == 0)
        {
            _run.Skip();
            _tally = _tally with { Events = _tally.Events + lanes, Skipped = _tally.Skipped + 1 };
            return;
        }

        var loss = _run.Step();
        _tally = new EpochTally(
            _tally.WeightedLoss + (loss * lanes), _tally.Events + lanes, _tally.TrainedEvents + lanes, _tally.MiniBatches + 1, _tally.Skipped);
        if (!double.IsFinite(loss))
            throw TrainingDivergedException.OfLoss(epoch, _tally.MiniBatches + _tally.Skipped, loss, _options);
        if (double.IsNaN(_firstLoss))
            _firstLoss = loss * _options.BatchSize / lanes;
    }

    /// <summary>Whether what the epoch came to can be used: kept, measured, gone on from.</summary>
    private void RequireSound(int epoch)
    {
        var miniBatches = _tally.MiniBatches + _tally.Skipped;
        if (_run.Parameters.FirstNotFinite() is { } table)
            throw TrainingDivergedException.OfParameters(epoch, miniBatches, table.Name, _options);

        // The first mini-batch may be one easy event, or a warm start's; large initial scales begin above the loss of scores of 0.
        var untrained = Math.Max(_untrainedLoss, _firstLoss);
        if (_tally.MeanLoss > Diverged * untrained)
            throw TrainingDivergedException.OfClimb(epoch, miniBatches, _tally.MeanLoss, untrained, _options);
    }

    /// <summary>Cancelled while it is measured, the epoch is not lost: the checkpoint stands at its end.</summary>
    private EvaluationResult? ValidateOrKeep(int epoch)
    {
        try
        {
            return Validate(epoch);
        }
        catch (OperationCanceledException)
        {
            _context.Checkpoints?.Save(State(epoch, running: true));
            throw;
        }
    }

    /// <summary>Evaluates the model as it is now, where it can be on the parameters where they lie: a copy is as large again.</summary>
    private EvaluationResult? Validate(int epoch)
    {
        if (_context.Validation is null)
            return null;
        var options = new EvaluationOptions { Threads = _options.Threads };
        if (!options.Cutoffs.Contains(_options.ValidationCutoff))
            options = options with { Cutoffs = [.. options.Cutoffs.Append(_options.ValidationCutoff).Order()] };
        var measured = _run.Measure(model => Evaluator.Evaluate(model, _context.Validation, options, _cancellation));
        if (_options.Patience > 0)
            KeepBest(epoch, measured);
        return measured;
    }

    private void KeepBest(int epoch, EvaluationResult measured)
    {
        var metric = _options.ValidationMetric == ValidationMetric.Mrr ? measured.MrrAt(_options.ValidationCutoff) : measured.RecallAt(_options.ValidationCutoff);
        if (_bestEpoch > 0 && metric <= _bestMetric)
            return;
        (_bestEpoch, _bestMetric) = (epoch, metric);
        _best ??= _run.Parameters.WithoutStates();
        _best.CopyValuesFrom(_run.Parameters);
    }

    private Checkpoint State(int epoch, bool running)
    {
        var state = _plan.Describe(new RunState
        {
            Options = _options,
            DataFingerprint = _fingerprint,
            ValidationFingerprint = _validationFingerprint,
            Epoch = epoch,
            Steps = _run.Steps,
            FirstLoss = double.IsNaN(_firstLoss) ? 0 : _firstLoss, // 0: none yet
            Tally = running ? _tally : null,
            Position = running ? _run.Position : null,
            Epochs = [.. _epochs],
            BestEpoch = _bestEpoch,
            BestMetric = _bestMetric,
            WarmStartedFrom = _warmStartedFrom,
            TeachersFingerprint = RunTeachers.Fingerprint(_teachers),
        });
        return new Checkpoint(state, _run.Parameters, _best, running ? _run.CarriedStates() : [], running ? _run.CarriedIntegers() : [], ownsMemory: false);
    }

    private TrainedModel Finish()
    {
        var kept = _best is null ? _epochs.Count : _bestEpoch;
        var model = _best is null ? _run.IntoModel() : _run.ModelOf(_best);
        _best = null; // the model's now
        var provenance = Trainer.ProvenanceOf(_train, _fingerprint) with
        {
            Seed = _options.Seed,
            Threads = _options.Threads,
            VectorWidth = SimdWidth.Floats,
            EpochLosses = [.. _epochs.Select(epoch => epoch.Loss)],
            Epoch = kept,
            WarmStartedFrom = _warmStartedFrom,
            Teachers = [.. _teachers],
            ValidationMetrics = kept == 0 ? [] : _epochs[kept - 1].Validation?.Metrics ?? [],
        };
        return new TrainedModel(model, provenance);
    }
}
