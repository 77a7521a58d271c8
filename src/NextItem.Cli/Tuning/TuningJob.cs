using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.ExceptionServices;
using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tuning;

/// <summary>The work of <c>tune</c>.</summary>
/// <param name="terminal">Where it is told.</param>
/// <param name="request">What was asked for.</param>
/// <param name="memory">Memory for all trials of a round; null for that of this machine.</param>
internal sealed class TuningJob(Terminal terminal, TuningRequest request, MemoryLimit? memory = null)
{
    private readonly TuningFiles _files = new(request.Out);
    private readonly TimeProvider _time = TimeProvider.System;
    private bool _hasWarnedOfMemory;

    /// <summary>Reads, searches, writes.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var tuned = TunedSpace.Read(request);
        (string Role, FileInfo File)[] inputs = [.. Inputs(tuned)];
        Files.RequireEvents(request.Data, request.Valid);
        _files.RequireWritable(request.Resume, request.Json, [.. inputs.Select(input => input.File)]);
        foreach (var (name, value) in tuned.Pinned)
            terminal.Errors.WriteLine($"nextitem: note: --set has {name}={value}, so it is not searched.");

        var data = TuningData.Read(terminal, request, cancellationToken);
        Trials trials = Baselines.Find(tuned.Algorithm) is null
            ? new NetworkTrials(terminal, request, _files, tuned.Algorithm, tuned.Common, data, cancellationToken)
            : new BaselineTrials(request, tuned.Algorithm, tuned.Common, data);
        var search = new ParameterSearch(tuned.Space, Options(trials));
        ImmutableArray<ReadFile> read = [.. inputs.Select(input => ReadFile.Of(input.Role, input.File))];
        using var log = TrialLog.Open(_files.Log, [.. Identity(tuned, trials, search, data, read)], read, request.Resume);
        if (!request.Resume)
            _files.DeleteCheckpoints(); // of a search whose log is gone: a trial of another learning rate could go on from them
        else
            _files.DeleteLeftovers();
        var reporter = new TuningReporter(terminal, _time, request, search);
        reporter.Begin(tuned, log.Records.Count);
        try
        {
            reporter.Run(() => Search(search, trials, log, reporter, cancellationToken));
        }
        catch (OperationCanceledException e)
        {
            throw new StoppedException($"Stopped. {_files.Log} has {Counted.Of(search.Trials.Count(trial => trial.Rung >= 0), "trial")}: go on with --resume. Other files are as they were before: nothing was half written.", e);
        }

        var result = new TuningResult(request, tuned, trials, search, log, read, _time.GetElapsedTime(started).TotalSeconds);
        reporter.End(result);
        if (search.Best is null)
            throw new RunException($"No trial came to a result: all {Counted.Of(search.Trials.Count, "trial")} failed, the first: {log.Records[(0, 0)].Failure} {_files.Log} has them all.");
        new TuningOutput(terminal, request, _files).Write(result);
        _files.DeleteCheckpoints();
    }

    private SearchOptions Options(Trials trials)
    {
        if (Baselines.Find(request.Algorithm ?? SpaceFile.AlgorithmOf(request.Space) ?? "") is not null)
            return request.Search with { Halving = false, Epochs = 1 };
        if (request.Search.Halving && !trials.CanStop)
            throw new UsageException($"Trials are halved, but {trials.WhyNotStopped}.");
        var options = request.Search with { Epochs = trials.Epochs };
        OptionWords.Validate(options.Validate, property => property switch { nameof(SearchOptions.FirstEpochs) => "--first-epochs", nameof(SearchOptions.Epochs) => "n_epochs", _ => null });
        return options;
    }

    private IEnumerable<(string Role, FileInfo File)> Inputs(TunedSpace tuned)
    {
        yield return ("data", request.Data);
        yield return ("valid", request.Valid);
        yield return ("space", request.Space);
        if (request.Params is not null)
            yield return ("params", request.Params);
        foreach (var file in new NetworkChoice(terminal, request.Training(tuned.Algorithm, tuned.Common), "").FeatureFiles())
            yield return ("features", file);
    }

    /// <summary>What must be the same for a log to be gone on with: all that the result depends on but the number of trials.</summary>
    private IEnumerable<(string Name, string Value)> Identity(TunedSpace tuned, Trials trials, ParameterSearch search, TuningData data, ImmutableArray<ReadFile> read)
    {
        yield return ("version", typeof(Trainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown");
        yield return ("algorithm", tuned.Algorithm);
        yield return ("metric", request.Metric.ToString());
        yield return ("compared after epochs", string.Join('/', search.Rungs));
        yield return ("factor", $"{request.Search.ReductionFactor}");
        yield return ("round", $"{request.Search.RoundSize}");
        yield return ("start", $"{request.Search.StartTrials}");
        yield return ("seed", $"{request.Search.Seed}");
        yield return ("training sessions", data.Train.Fingerprint());
        yield return ("validation sessions", data.Valid.Fingerprint());
        foreach (var (name, file) in ReadFile.Named(read.Where(file => file.Role is not ("space" or "params")))) // what those two say follows
            yield return (name, file.Sha256);

        foreach (var (place, source) in request.FeatureSources(tuned).Index())
            yield return ($"features{(place > 0 ? $" {place + 1}" : "")}", FeatureWords.Describe(source));
        foreach (var (name, value) in trials.Describe([]))
            yield return ($"setting {name}", value);
        foreach (var searched in tuned.Describe())
            yield return searched;
    }

    /// <summary>Round after round; what the log has already is not done again.</summary>
    private void Search(ParameterSearch search, Trials trials, TrialLog log, TuningReporter reporter, CancellationToken cancellationToken)
    {
        while (search.NextRound() is { Length: > 0 } round)
        {
            var open = round.Where(task => !log.Records.ContainsKey((task.Trial, task.Rung))).ToArray();
            if (open.Length > 0)
                Do(open, search, trials, log, reporter, cancellationToken);
            foreach (var task in round)
            {
                var record = log.Records[(task.Trial, task.Rung)];
                if (!record.Settings.SequenceEqual(search.Space.Describe(task.Point)))
                    throw new RunException($"{_files.Log}: trial {task.Trial} has the settings {record.SettingsText}; expected {string.Join(' ', search.Space.Describe(task.Point).Select(each => $"{each.Name}={each.Value}"))}, which this search comes to. The log is damaged, or was made on another kind of machine.");
                search.Report(task, record.Value);
            }

            foreach (var trial in search.Trials.Where(trial => trial.Rung >= 0 && !search.MayGoOn(trial.Number)))
                _files.DeleteCheckpoint(trial.Number);
        }
    }

    /// <summary>Trains the tasks of a round side by side. The first failure stops the others, which keep what they have.</summary>
    private void Do(SearchTask[] tasks, ParameterSearch search, Trials trials, TrialLog log, TuningReporter reporter, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? failure = null;
        var workers = Workers(tasks, search, trials);
        reporter.Workers = workers;
        var next = -1;
        var threads = Enumerable.Range(0, workers).Select(worker => new Thread(Work) { IsBackground = true, Name = $"trials {worker}" }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();

        void Work()
        {
            try
            {
                for (var place = Interlocked.Increment(ref next); place < tasks.Length && !stop.IsCancellationRequested; place = Interlocked.Increment(ref next))
                {
                    var record = trials.Run(tasks[place], [.. search.Space.Describe(tasks[place].Point)], stop.Token);
                    lock (log)
                    {
                        log.Add(record);
                        reporter.Tell(tasks[place], record);
                    }
                }
            }
            catch (Exception e)
            {
                // Of several the cause: the others were stopped by it.
                if (e is not OperationCanceledException || cancellationToken.IsCancellationRequested)
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                stop.Cancel();
            }
        }
    }

    /// <summary>How many trials run at a time: as many as were asked for, or as processors and memory allow.</summary>
    private int Workers(SearchTask[] tasks, ParameterSearch search, Trials trials)
    {
        var limit = memory ?? MemoryLimit.OfThisMachine();
        var needed = tasks.Select(task => Memory(trials, search.Space.Describe(task.Point))).Where(bytes => limit.FaultOf(bytes) is null).OrderDescending().ToArray();
        _hasWarnedOfMemory = _hasWarnedOfMemory || limit.Warn(needed.FirstOrDefault(), terminal); // once, not every round; those that can never fit fail for themselves
        var workers = Math.Min(tasks.Length, request.Parallel ?? Environment.ProcessorCount);
        while (request.Parallel is null && workers > 1 && needed.Take(workers).Sum() > limit.Available / 10 * 7)
            workers--;
        return workers;
    }

    /// <summary>Bytes of a trial; 0 of one that cannot be, which fails for itself.</summary>
    private static long Memory(Trials trials, IEnumerable<(string Name, string Value)> settings)
    {
        try
        {
            return trials.EstimateMemory([.. settings.Select(each => $"{each.Name}={each.Value}")]);
        }
        catch (Exception e) when (e is UsageException or OptionsException)
        {
            return 0;
        }
    }
}
