using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>The work of <c>train</c>.</summary>
internal sealed class TrainingJob(Terminal terminal, TrainingRequest request)
{
    /// <summary>Options that may be others when a run is gone on with.</summary>
    private static readonly string[] s_changeable = ["n_epochs", "learning_rate", "learning_rate_decay"];

    /// <summary>Options that cannot be others where a model is begun with.</summary>
    private static readonly string[] s_shape = ["layers", "variant", "constrained_embedding", "embedding"];

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CheckpointKeeper _checkpoints = new(terminal, request);

    /// <summary>Reads, trains, writes.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        _checkpoints.Stop = cancellationToken;
        Files.RequireWritable("--out", request.Out, request.Inputs);
        Files.RequireWritable("--json", request.Json, [.. request.Inputs, request.Out]);
        var history = new HistoryFiles(terminal, request.History, $"{request.Algorithm} on {request.Data.Name}");
        history.RequireWritable([.. request.Inputs, request.Out, request.Json]);
        var isGru4Rec = request.Algorithm == TrainingRequest.Gru4Rec;
        if (isGru4Rec)
            _checkpoints.RequireWritable([.. request.Inputs, request.Out, request.Json, .. request.History]);
        var fitBaseline = request.Baseline?.Resolve(request.BaselineSettings); // wrong names and values are told before the data is read
        if (isGru4Rec && !request.Resume && request.WarmStart is null)
            request.Settings.Resolve();

        var started = _time.GetTimestamp();
        var train = EventsFile.Read(request.Data.ToString(), request.Columns, null, cancellationToken);
        terminal.Out.WriteLine($"{request.Data.Name}: {Counted.Of(train.EventCount, "event")}, {Counted.Of(train.Count, "session")}, {Counted.Of(train.Catalog.Count, "item")}, read in {_time.GetElapsedTime(started).TotalSeconds:F1} s");
        if (request.Baseline is not { LearnsFromSingleEvents: true })
            RequirePairs(request.Data, train, "nothing to learn from");

        var result = fitBaseline is null ? Train(train, history, cancellationToken) : Fit(train, fitBaseline, cancellationToken);
        Files.SaveModel(request.Out, result.Model);
        request.Out.Refresh();
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        terminal.Out.WriteLine($"wrote {request.Out} ({Sizes.Bytes(request.Out.Length)}) after {seconds:F1} s");
        if (isGru4Rec)
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

    private TrainingResult Train(SessionSet train, HistoryFiles history, CancellationToken cancellationToken)
    {
        using var checkpoint = _checkpoints.Load();
        var old = WarmStart.Load(request.WarmStart);
        var options = OptionsFor(checkpoint, old, out var threadsAreOpen);
        if (options.Patience > 0 && request.Valid is null)
            throw new UsageException($"patience is {options.Patience}, but there is nothing to measure on; expected --valid, or --set patience=0.");
        var valid = request.Valid is null ? null : EventsFile.Read(request.Valid.ToString(), request.Columns, train.Catalog, cancellationToken);
        if (valid is not null)
            RequirePairs(request.Valid!, valid, "nothing to validate on");
        if (options.NegativeSampleCount == 0)
            RequireNegatives(train);
        var context = new TrainingContext { Validation = valid, TimeProvider = _time, Checkpoints = _checkpoints, ResumeFrom = checkpoint, WarmStart = old };
        RequireStart(train, options, context);
        Warn(options);
        var mostThreads = threadsAreOpen ? Environment.ProcessorCount : options.Threads;
        MemoryLimit.OfThisMachine().Require(Trainer.EstimateMemory(train.Catalog.Count, options with { Threads = mostThreads }), terminal);
        if (threadsAreOpen)
            options = options with { Threads = TryThreads(train, options, cancellationToken) };
        terminal.Out.WriteLine($"gru4rec: {string.Join(", ", HyperparameterNames.Describe(options).Select(o => $"{o.Name}={o.Value}"))}");
        terminal.Out.WriteLine($"memory for training: about {Sizes.Bytes(Trainer.EstimateMemory(train.Catalog.Count, options))} beside the data");
        if (checkpoint is not null)
            terminal.Out.WriteLine($"{_checkpoints.Name}: going on in epoch {checkpoint.Epoch} of {options.Epochs}, {checkpoint.Epochs.Length} finished");
        if (old is not null)
            terminal.Out.WriteLine(WarmStart.Describe(request.WarmStart!, old, train.Catalog));

        var reporter = new TrainingReporter(terminal, _time) { Metric = (options.ValidationMetric, options.ValidationCutoff) };
        reporter.Epochs.AddRange(checkpoint?.Epochs ?? []);
        history.Begin(reporter.Epochs);
        var model = Fit(train, options, context, reporter, history, cancellationToken);
        if (options.Patience > 0)
            terminal.Out.WriteLine($"kept epoch {model.Provenance.Epoch}, the best by {HyperparameterNames.MetricOf(options)}; {(reporter.Epochs.Count < options.Epochs ? $"stopped after epoch {reporter.Epochs.Count}" : "ran to the end")}");
        var comparison = old is null ? null : WarmStart.Compare(terminal, request, old, model, options.Threads, cancellationToken);
        return new TrainingResult(model) { Options = options, Settings = [.. HyperparameterNames.Describe(options)], Epochs = reporter.Epochs, Comparison = comparison };
    }

    /// <summary>The number of threads that trains faster here, tried out before training begins.</summary>
    private int TryThreads(SessionSet train, Gru4RecOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var trial = Trainer.TryThreads(train, options, _time, Environment.ProcessorCount, cancellationToken);
            terminal.Out.WriteLine(Describe(trial));
            return trial.Threads;
        }
        catch (OperationCanceledException e)
        {
            throw new StoppedException("Stopped before training began. Files are as they were before: nothing was half written.", e);
        }
    }

    private static string Describe(ThreadTrial trial) => trial switch
    {
        { Several: 1 } => "threads: 1, there is one processor",
        { MiniBatches: 0 } => "threads: 1, training is too short to try more",
        _ => $"threads: {trial.Threads}, {trial.MiniBatches} mini-batches took {trial.SecondsWithOne:F2} s with 1 and {trial.SecondsWithSeveral:F2} s with {trial.Several}",
    };

    private TrainedModel Fit(
        SessionSet train, Gru4RecOptions options, TrainingContext context, TrainingReporter reporter, HistoryFiles history, CancellationToken cancellationToken)
    {
        try
        {
            return reporter.Run(progress => history.Follow(progress, both => Trainer.Fit(train, options, context with { Progress = both }, cancellationToken)));
        }
        catch (OperationCanceledException e)
        {
            var remains = history.Remains + _checkpoints.Remains("go on with --resume");
            throw new StoppedException($"Stopped.{remains} {(remains.Length > 0 ? "Other files" : "Files")} are as they were before: nothing was half written.", e);
        }
        catch (TrainingDivergedException e)
        {
            throw new RunException($"{e.Message}{_checkpoints.Remains("go on from there with --resume and a lower learning_rate")}", e);
        }
    }

    /// <summary>Refuses what the trainer would, before anything is said of going on.</summary>
    private void RequireStart(SessionSet train, Gru4RecOptions options, TrainingContext context)
    {
        try
        {
            Trainer.RequireStart(train, options, context);
        }
        catch (TrainingStartException e)
        {
            throw new RunException($"{(request.Resume ? _checkpoints.Name : request.WarmStart?.ToString() ?? "train")}: {e.Message}", e);
        }
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

    /// <summary>What was asked for, on top of the options of the run to go on with or of the model to begin with.</summary>
    private Gru4RecOptions OptionsFor(Checkpoint? checkpoint, TrainedModel? old, out bool threadsAreOpen)
    {
        threadsAreOpen = false;
        if (checkpoint is null && old is null)
            return request.Settings.Resolve(out threadsAreOpen);
        var before = checkpoint?.Options ?? ((Gru4RecModel)old!.Model).Options;
        var options = request.Settings.Resolve(before);
        var owner = checkpoint is null ? $"{request.WarmStart}" : $"the run in {_checkpoints.Name}";
        var kept = HyperparameterNames.Describe(checkpoint is null ? Sized(before) : before).ToDictionary(option => option.Name, option => option.Value);
        var differences = HyperparameterNames.Describe(checkpoint is null ? Sized(options) : options)
            .Where(option => kept.GetValueOrDefault(option.Name) != option.Value && (checkpoint is null ? s_shape.Contains(option.Name) : !s_changeable.Contains(option.Name)))
            .Select(option => $"{option.Name}={option.Value} is asked for, but {owner} has {option.Name}={kept.GetValueOrDefault(option.Name, "none")}; leave it out.").ToArray();
        if (differences.Length > 0)
            throw new UsageException(differences);
        return checkpoint is null || options.Epochs >= checkpoint.Epochs.Length
            ? options
            : throw new UsageException($"n_epochs={options.Epochs} is asked for, but {owner} has finished {checkpoint.Epochs.Length}; expected at least as many.");
    }

    /// <summary>The options with a separate embedding's size as a number: layersize and that number are the same shape.</summary>
    private static Gru4RecOptions Sized(Gru4RecOptions options) =>
        options.Embedding == EmbeddingMode.Separate ? options with { EmbeddingSize = options.EmbeddingSize > 0 ? options.EmbeddingSize : options.Layers[0] } : options;

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
