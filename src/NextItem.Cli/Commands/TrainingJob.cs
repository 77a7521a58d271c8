using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>The work of <c>train</c>.</summary>
internal sealed class TrainingJob(Terminal terminal, TrainingRequest request)
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CheckpointKeeper _checkpoints = new(terminal, request);

    /// <summary>Reads, trains, writes.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        _checkpoints.Stop = cancellationToken;
        var choice = new NetworkChoice(terminal, request, _checkpoints.Name);
        FileInfo?[] inputs = [.. request.Inputs, .. choice.FeatureFiles()];
        Files.RequireWritable("--out", request.Out, inputs);
        Files.RequireWritable("--json", request.Json, [.. inputs, request.Out]);
        var history = new HistoryFiles(terminal, request.History, $"{request.Algorithm} on {request.Data.Name}");
        history.RequireWritable([.. inputs, request.Out, request.Json]);
        var isNetwork = request.Baseline is null;
        if (isNetwork)
            _checkpoints.RequireWritable([.. inputs, request.Out, request.Json, .. request.History]);
        var fitBaseline = request.Baseline?.Resolve(request.BaselineSettings); // wrong names and values are told before the data is read
        using var origin = isNetwork ? RunOrigin.Load(request, _checkpoints) : null;
        if (origin is not null)
            choice.RequireSettings(origin.Checkpoint, origin.Old);

        Files.RequireEvents(request.Data, request.Valid);
        var started = _time.GetTimestamp();
        var train = EventsFile.Read(request.Data.ToString(), request.Columns, null, cancellationToken);
        terminal.Out.WriteLine($"{request.Data.Name}: {Counted.Of(train.EventCount, "event")}, {Counted.Of(train.Count, "session")}, {Counted.Of(train.Catalog.Count, "item")}, read in {_time.GetElapsedTime(started).TotalSeconds:F1} s");
        if (request.Baseline is not { LearnsFromSingleEvents: true })
            RequirePairs(request.Data, train, "nothing to learn from");

        var result = fitBaseline is null ? Train(train, choice, origin!, history, cancellationToken) : Fit(train, fitBaseline, cancellationToken);
        Files.SaveModel(request.Out, result.Model);
        request.Out.Refresh();
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        terminal.Out.WriteLine($"wrote {request.Out} ({Sizes.Bytes(request.Out.Length)}) after {seconds:F1} s");
        if (isNetwork)
            _checkpoints.Finish();
        history.Finish();
        Files.WriteJson(request.Json, json => TrainingReport.Write(json, request, result, seconds));
    }

    private TrainingResult Fit(SessionSet train, Func<SessionSet, CancellationToken, ISessionModel> fitBaseline, CancellationToken cancellationToken)
    {
        var model = fitBaseline(train, cancellationToken);
        var settings = request.Baseline!.Describe(model).ToArray();
        if (settings is not [])
            terminal.Out.WriteLine($"{request.Algorithm}: {string.Join(", ", settings.Select(o => $"{o.Name}={o.Value}"))}");
        return new TrainingResult(Trainer.Describe(model, train)) { Settings = settings };
    }

    private TrainingResult Train(SessionSet train, NetworkChoice choice, RunOrigin origin, HistoryFiles history, CancellationToken cancellationToken)
    {
        var (checkpoint, old, teachers) = (origin.Checkpoint, origin.Old, origin.Teachers.Models);
        var network = choice.Of(train, checkpoint, old, out var threadsAreOpen, cancellationToken);
        var options = network.Training;
        if (options.Patience > 0 && request.Valid is null)
            throw new UsageException($"patience is {options.Patience}, but there is nothing to measure on; expected --valid, or --set patience=0.");
        var valid = request.Valid is null ? null : EventsFile.Read(request.Valid.ToString(), request.Columns, train.Catalog, cancellationToken);
        if (valid is not null)
        {
            RequirePairs(request.Valid!, valid, "nothing to validate on");
            foreach (var doubt in new ValidationReview(request.Data, request.Valid!).All(train, valid))
                terminal.Errors.WriteLine($"nextitem: warning: {doubt}");
        }

        if (options.NegativeSampleCount == 0)
            RequireNegatives(train);
        var context = new TrainingContext { Validation = valid, TimeProvider = _time, Checkpoints = _checkpoints, ResumeFrom = checkpoint, WarmStart = old, Teachers = teachers };
        RequireStart(network, train, context);
        Warn(options);
        var mostThreads = threadsAreOpen ? Environment.ProcessorCount : options.Threads;
        MemoryLimit.OfThisMachine().Require(network.WithThreads(mostThreads).EstimateMemory(train.Catalog.Count, teachers), terminal);
        if (threadsAreOpen)
            network = network.WithThreads(TryThreads(network, train, cancellationToken));
        options = network.Training;
        terminal.Out.WriteLine($"{request.Algorithm}: {string.Join(", ", network.Describe().Select(o => $"{o.Name}={o.Value}"))}");
        terminal.Out.WriteLine($"memory for training: about {Sizes.Bytes(network.EstimateMemory(train.Catalog.Count, teachers))} beside the data");
        if (checkpoint is not null)
            terminal.Out.WriteLine($"{_checkpoints.Name}: going on in epoch {checkpoint.Epoch} of {network.Epochs}, {checkpoint.Epochs.Length} finished");
        if (request.Teachers is not [])
            terminal.Out.WriteLine($"learns from {string.Join(", ", request.Teachers.Select(file => file.ToString()))}");
        if (old is not null)
            terminal.Out.WriteLine(WarmStart.Describe(request.WarmStart!, old, train.Catalog));

        var reporter = new TrainingReporter(terminal, _time)
        {
            Metric = (options.ValidationMetric, options.ValidationCutoff),
            Before = (checkpoint?.Epochs.Length ?? 0, checkpoint?.EventsDone ?? 0),
        };
        reporter.Epochs.AddRange(checkpoint?.Epochs ?? []);
        history.Begin(reporter.Epochs);
        var model = Fit(network, train, context, reporter, history, cancellationToken);
        var updates = network.CountUpdates(reporter.Epochs);
        foreach (var (subnet, epochs, count) in updates)
            terminal.Out.WriteLine($"subnet {subnet}: {count:N0} updates in {Counted.Of(epochs, "epoch")}");
        if (options.Patience > 0)
            terminal.Out.WriteLine($"kept epoch {model.Provenance.Epoch}, the best by {HyperparameterNames.MetricOf(options)}; {(reporter.Epochs.Count < network.Epochs ? $"stopped after epoch {reporter.Epochs.Count}" : "ran to the end")}");
        var comparison = old is null ? null : WarmStart.Compare(terminal, request, old, model, options.Threads, cancellationToken);
        return new TrainingResult(model) { Settings = network.Describe(), Epochs = reporter.Epochs, Updates = updates, Comparison = comparison, Teachers = origin.Teachers.Teachers };
    }

    /// <summary>The number of threads that trains faster here, tried out before training begins.</summary>
    private int TryThreads(NetworkTraining network, SessionSet train, CancellationToken cancellationToken)
    {
        try
        {
            var trial = network.TryThreads(train, _time, cancellationToken);
            terminal.Out.WriteLine(Describe(trial));
            return trial.Threads;
        }
        catch (OperationCanceledException e)
        {
            throw new StoppedException("Stopped before training began. Files are as they were before: nothing was half written.", e);
        }
    }

    private static string Describe(ThreadTrial trial) => $"{Measured(trial)}; the model depends on the number, --threads {trial.Threads} gives this one again";

    private static string Measured(ThreadTrial trial) => trial switch
    {
        { Several: 1 } => "threads: 1, there is one processor",
        { MiniBatches: 0 } => "threads: 1, training is too short to try more",
        _ => $"threads: {trial.Threads}, {trial.MiniBatches} mini-batches took {trial.SecondsWithOne:F2} s with 1 and {trial.SecondsWithSeveral:F2} s with {trial.Several}",
    };

    private TrainedModel Fit(
        NetworkTraining network, SessionSet train, TrainingContext context, TrainingReporter reporter, HistoryFiles history, CancellationToken cancellationToken)
    {
        try
        {
            return reporter.Run(progress => history.Follow(progress, both => network.Fit(train, context with { Progress = both }, cancellationToken)));
        }
        catch (OperationCanceledException e)
        {
            var remains = history.Remains + _checkpoints.Remains("go on with --resume");
            throw new StoppedException($"Stopped.{remains} {(remains.Length > 0 ? "Other files" : "Files")} are as they were before: nothing was half written.", e);
        }
        catch (TrainingStartException e)
        {
            throw Refused(e);
        }
        catch (TrainingDivergedException e)
        {
            throw new RunException($"{e.Message}{_checkpoints.Remains("go on from there with --resume and a lower learning_rate")}", e);
        }
    }

    /// <summary>Refuses what the trainer would, before anything is said of going on.</summary>
    private void RequireStart(NetworkTraining network, SessionSet train, TrainingContext context)
    {
        try
        {
            network.RequireStart(train, context);
        }
        catch (TrainingStartException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>With the file that it is about.</summary>
    private RunException Refused(TrainingStartException e)
    {
        var file = e.TeacherIndex is { } teacher ? request.Teachers[teacher].ToString() : request.Resume ? _checkpoints.Name : request.WarmStart?.ToString();
        return new RunException($"{file ?? request.Data.ToString()}: {e.Message}", e);
    }

    private void Warn(Gru4RecOptions options)
    {
        CommonOptions.WarnOfThreads(terminal, options.Threads);
        var standard = new Gru4RecOptions();
        if (options.Patience == 0 && (options.ValidationMetric, options.ValidationCutoff) != (standard.ValidationMetric, standard.ValidationCutoff))
            terminal.Errors.WriteLine($"nextitem: note: validation_metric is {HyperparameterNames.MetricOf(options)}, but without patience no training stops by it: it is {(request.Valid is null ? "not measured without --valid" : "shown, and the last epoch is kept")}.");
    }

    /// <summary>Without samples a mini-batch learns from its other lanes: one session alone has none.</summary>
    private void RequireNegatives(SessionSet train)
    {
        if (Enumerable.Range(0, train.Count).Count(session => train.ItemsOf(session).Length > 1) < 2)
            throw new RunException($"{request.Data}: nothing to learn from: only one session has two events, and with n_sample=0 its items can only be set against those of other sessions; expected at least two such sessions, or n_sample above 0.");
    }

    /// <summary>Refuses sessions without any next item, before the work that would come to nothing.</summary>
    private static void RequirePairs(FileInfo file, SessionSet sessions, string consequence)
    {
        for (var session = 0; session < sessions.Count; session++)
        {
            var known = 0;
            foreach (var item in sessions.ItemsOf(session))
                known += item >= 0 ? 1 : 0;
            if (known >= 2)
                return;
        }

        var unknown = sessions.UnknownEventCount == 0 ? "" : $" of items that training has ({sessions.UnknownEventCount:N0} of {sessions.EventCount:N0} events have others)";
        throw new RunException($"{file}: {consequence}: no session has two events{unknown}; expected at least one that has.");
    }
}
