using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Tuning;

/// <summary>Trials of a network: trained epoch by epoch, kept in a checkpoint after each, and gone on with from there.</summary>
internal sealed class NetworkTrials : Trials
{
    private readonly Terminal _terminal;
    private readonly TuningRequest _request;
    private readonly TuningFiles _files;
    private readonly string _algorithm;
    private readonly string[] _common;
    private readonly TuningData _data;
    private readonly ItemFeatures? _features;
    private readonly TrainingStrategy? _strategy;

    /// <summary>Reads what all trials share.</summary>
    public NetworkTrials(Terminal terminal, TuningRequest request, TuningFiles files, string algorithm, IReadOnlyList<string> common, TuningData data, CancellationToken cancellationToken)
    {
        (_terminal, _request, _files, _algorithm, _data) = (terminal, request, files, algorithm, data);
        _common = [.. common, $"validation_metric={request.Metric}"];
        var network = new NetworkChoice(terminal, request.Training(algorithm, _common), "").Of(data.Train, null, null, out _, cancellationToken);
        _features = (network as PrnnTraining)?.Features;
        _strategy = (network as PrnnTraining)?.Options.Strategy;
        Epochs = network.Epochs;
        network.RequireStart(data.Train, new TrainingContext { Validation = data.Valid }); // what no trial could begin with is told before there is a log
    }

    public override int Epochs { get; }

    /// <summary>A p-RNN that trains one subnet at a time is nothing before its last epoch.</summary>
    public override bool CanStop => _strategy is not (TrainingStrategy.Residual or TrainingStrategy.Alternating);

    public override string WhyNotStopped => $"with strategy {_strategy?.ToString().ToLowerInvariant()} a p-RNN trains one subnet at a time, and trials cannot be compared on the way; expected --no-halving with it";

    public override IReadOnlyList<(string Name, string Value)> Describe(IReadOnlyList<string> lines) => Network(lines).Describe();

    public override long EstimateMemory(IReadOnlyList<string> lines) => Network(lines).EstimateMemory(_data.Train.Catalog.Count);

    protected override TrialRecord Run(TrialRecord record, SearchTask task, string[] lines, CancellationToken cancellationToken)
    {
        var network = Network(lines);
        if (_request.Search.Halving)
            network = network.WithEpochs(task.Epochs);
        if (network is PrnnTraining { Options.Strategy: TrainingStrategy.Residual or TrainingStrategy.Alternating } && CanStop)
            throw new UsageException("This strategy trains one subnet at a time, and others do not: they cannot be compared. Expected --strategy residual or alternating and --no-halving to search with it.");
        var context = new TrainingContext { Validation = _data.Valid, TimeProvider = TimeProvider.System };
        var file = _files.Checkpoint(task.Trial);
        using var checkpoint = Load(file, network, context);
        var followed = new Followed(checkpoint?.Epochs ?? []);
        context = context with { Progress = followed, ResumeFrom = checkpoint, Checkpoints = new Keeper(file) };
        network.Fit(_data.Train, context, cancellationToken).Dispose();
        return (record with
        {
            Seed = network.Training.Seed,
            Epochs = [.. followed.Epochs.Select(epoch => new TrialEpoch(epoch.Epoch, epoch.Loss, epoch.Seconds, epoch.Validation!.Metrics))],
        }).Measured(_request.Metric, lastCounts: !CanStop);
    }

    /// <summary>Where the trial stands; null for its beginning.</summary>
    private Checkpoint? Load(FileInfo file, NetworkTraining network, TrainingContext context)
    {
        file.Refresh();
        if (!file.Exists)
            return null;
        Checkpoint? checkpoint = null;
        try
        {
            checkpoint = Files.LoadCheckpoint(file);
            network.RequireStart(_data.Train, context with { ResumeFrom = checkpoint });
            return checkpoint;
        }
        catch (Exception e) when (e is RunException or TrainingStartException)
        {
            // The checkpoint only saves time: without it the same comes out.
            checkpoint?.Dispose();
            lock (_terminal)
                _terminal.Errors.WriteLine($"nextitem: warning: {file} is passed over, and its trial trained from the beginning: {e.Message}");
            return null;
        }
    }

    private NetworkTraining Network(IReadOnlyList<string> lines)
    {
        var training = _request.Training(_algorithm, [.. _common, .. lines]);
        if (_algorithm == TrainingRequest.Gru4Rec)
            return new Gru4RecTraining(training.Settings.Resolve());
        var options = training.Settings.ResolvePrnn(null, training.PrnnSettings, out _, out _);
        if ((_features is null) != (options.Architecture == PrnnArchitecture.IdOnly) && _features is null)
            throw new UsageException("this architecture reads item features; expected --features, and an --architecture that has them.");
        return new PrnnTraining(options, options.Architecture == PrnnArchitecture.IdOnly ? null : _features);
    }

    private sealed class Followed(IEnumerable<EpochSummary> before) : IProgress<TrainingProgress>
    {
        public List<EpochSummary> Epochs { get; } = [.. before];

        public void Report(TrainingProgress value)
        {
            if (value.FinishedEpoch is { } epoch)
                Epochs.Add(epoch);
        }
    }

    private sealed class Keeper(FileInfo file) : ICheckpointSink
    {
        public void Save(Checkpoint checkpoint) => AtomicFile.Write(file.FullName, stream => CheckpointFile.Save(stream, checkpoint));
    }
}
