using System.CommandLine;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>train</c>: sessions in, model file out.</summary>
internal static class TrainCommand
{
    private static readonly string[] s_algorithms = ["gru4rec", "pop", "markov"];

    public static Command Create(Terminal terminal)
    {
        var data = new Option<FileInfo>("--data", "-d") { HelpName = "file", Description = "Training events: tab- or comma-separated (also .gz), or .parquet", Required = true };
        var valid = new Option<FileInfo?>("--valid") { HelpName = "file", Description = "Validation events, evaluated after each epoch (gru4rec)" };
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "Model file to write", Required = true };
        var algorithm = OneOf(new Option<string>("--algorithm", "-a") { HelpName = string.Join('|', s_algorithms), Description = "What to train", DefaultValueFactory = _ => s_algorithms[0] }, s_algorithms);
        var preset = OneOf(new Option<string?>("--preset") { HelpName = "name", Description = $"A published setting: {string.Join(", ", SettingsFile.Presets)}" }, SettingsFile.Presets);
        var parameters = new Option<FileInfo?>("--params") { HelpName = "file", Description = "Settings as a JSON file; samples/settings has examples" };
        var set = new Option<string[]>("--set", "-s") { HelpName = "name=value", Description = "A hyperparameter, ours or the official name, or several with commas between; repeatable, applied last" };
        var threads = CommonOptions.Threads("one for a small network, else as many as there are processors");
        var seed = CommonOptions.Parsed(
            new Option<long>("--seed") { HelpName = "number", Description = $"Seed of all randomness [default: {new Gru4RecOptions().Seed}]" },
            CommonOptions.Number,
            "a whole number of at least 0");
        var json = CommonOptions.Json();
        var history = HistoryFiles.Option();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "train",
            "Trains a model on sessions and writes it to one file.",
            "train --data train.tsv --out shop.nextitem",
            "train --data train.tsv.gz --out shop.nextitem --preset rsc15-table --set n_epochs=5 --set layers=200",
            "train --data train.tsv --valid valid.tsv --out shop.nextitem --history history.csv --history history.png",
            "train --data train.parquet --out baseline.nextitem --algorithm markov")
        {
            data, valid, output, algorithm, preset, parameters, set, threads, seed, json, history,
        };
        columns.AddTo(command, data, valid);

        command.SetAction((parse, cancellationToken) =>
        {
            var request = new Request(
                parse.GetValue(data)!,
                parse.GetValue(valid),
                parse.GetValue(parameters),
                parse.GetValue(output)!,
                parse.GetValue(json),
                parse.GetValue(history) ?? [],
                columns.Of(parse));
            var name = parse.GetValue(algorithm)!;
            var asked = new Settings(
                parse.GetValue(preset),
                parse.GetValue(parameters),
                parse.GetValue(set) ?? [],
                parse.GetValue(threads) is > CommonOptions.AutomaticThreads and var given ? given : null,
                parse.GetResult(seed) is null ? null : (ulong)parse.GetValue(seed));
            if (name != "gru4rec" && (asked is not { Preset: null, File: null, Set: [] } || request.Valid is not null))
                throw new UsageException($"--preset, --params, --set and --valid are for gru4rec; '{name}' has nothing to set.");
            if (name != "gru4rec" && request.History is not [])
                throw new UsageException($"--history is for gru4rec; '{name}' has no epochs.");

            Run(terminal, request, name, name == "gru4rec" ? Options(asked) : null, cancellationToken);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>Hyperparameters as asked for on the command line; null where they were not.</summary>
    internal sealed record Settings(string? Preset, FileInfo? File, string[] Set, int? Threads, ulong? Seed);

    /// <summary>Below this many floating-point operations a step, waiting for each other costs threads more than they gain.</summary>
    private const double OperationsWorthThreads = 200e6;

    /// <summary>A number of threads that no setting can have: automatic, unless a setting says otherwise.</summary>
    private const int AutomaticThreads = int.MaxValue;

    /// <summary>One thread for steps too small to share, else as many as there are processors: a function of the settings and the machine alone.</summary>
    internal static int ThreadsFor(Gru4RecOptions options)
    {
        double lanes = options.BatchSize, columns = options.BatchSize + (double)options.NegativeSampleCount;
        var operations = 6 * lanes * options.Layers[^1] * columns;
        foreach (var units in options.Layers)
            operations += 30 * lanes * units * units;
        return operations < OperationsWorthThreads ? 1 : Environment.ProcessorCount;
    }

    /// <summary>Defaults, then the preset, then the file, then --set, then --threads and --seed.</summary>
    /// <exception cref="UsageException">Names or values that cannot be read: all of them.</exception>
    /// <exception cref="OptionsException">Values out of range: all of them.</exception>
    internal static Gru4RecOptions Options(Settings asked)
    {
        var assignments = new Assignments();
        if (asked.Preset is not null)
            SettingsFile.AddPreset(asked.Preset, assignments);
        if (asked.File is not null)
            SettingsFile.AddFile(asked.File.ToString(), assignments);
        foreach (var line in asked.Set)
            assignments.AddLine(line);
        var options = assignments.ApplyTo(new Gru4RecOptions { Threads = AutomaticThreads });
        options.Validate();
        var threads = asked.Threads ?? (options.Threads == AutomaticThreads ? ThreadsFor(options) : options.Threads);
        options = options with { Threads = threads, Seed = asked.Seed ?? options.Seed };
        return options;
    }

    private static Option<T> OneOf<T>(Option<T> option, IReadOnlyList<string> choices)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !choices.Contains(token.Value))
                result.AddError($"{option.Name} is '{token.Value}'; expected one of {string.Join(", ", choices)}.");
        });
        return option;
    }

    private sealed record Request(FileInfo Data, FileInfo? Valid, FileInfo? Params, FileInfo Out, FileInfo? Json, FileInfo[] History, EventColumns Columns);

    private static void Run(Terminal terminal, Request request, string algorithm, Gru4RecOptions? options, CancellationToken cancellationToken)
    {
        Files.RequireWritable("--out", request.Out, request.Data, request.Valid, request.Params);
        Files.RequireWritable("--json", request.Json, request.Data, request.Valid, request.Params, request.Out);
        var history = new HistoryFiles(terminal, request.History, $"{algorithm} on {request.Data.Name}");
        history.RequireWritable(request.Data, request.Valid, request.Params, request.Out, request.Json);
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var train = EventsFile.Read(request.Data.ToString(), request.Columns, null, cancellationToken);
        terminal.Out.WriteLine($"{request.Data.Name}: {train.EventCount:N0} events, {train.Count:N0} sessions, {train.Catalog.Count:N0} items, read in {time.GetElapsedTime(started).TotalSeconds:F1} s");
        if (algorithm != "pop")
            RequirePairs(request.Data, train, "nothing to learn from");

        TrainedModel model;
        IReadOnlyList<EpochSummary> epochs = [];
        if (options is null)
        {
            ISessionModel baseline = algorithm == "markov" ? MarkovModel.Fit(train) : PopularityModel.Fit(train);
            model = Trainer.Describe(baseline, train);
        }
        else
        {
            var valid = request.Valid is null ? null : EventsFile.Read(request.Valid.ToString(), request.Columns, train.Catalog, cancellationToken);
            if (valid is not null)
                RequirePairs(request.Valid!, valid, "nothing to validate on");
            terminal.Out.WriteLine($"gru4rec: {string.Join(", ", HyperparameterNames.Describe(options).Select(o => $"{o.Name}={o.Value}"))}");
            terminal.Out.WriteLine($"memory for training: about {Sizes.Bytes(Trainer.EstimateMemory(train.Catalog.Count, options))} beside the data");
            var reporter = new TrainingReporter(terminal, time);
            model = reporter.Run(progress => history.Follow(progress, both => Trainer.Fit(train, options, valid, both, time, cancellationToken)));
            epochs = reporter.Epochs;
        }

        Files.SaveModel(request.Out, model);
        request.Out.Refresh();
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        terminal.Out.WriteLine($"wrote {request.Out} ({Sizes.Bytes(request.Out.Length)}) after {seconds:F1} s");
        history.Finish();
        Files.WriteJson(request.Json, json => WriteReport(json, request, algorithm, options, model, epochs, seconds));
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

    private static void WriteReport(
        Utf8JsonWriter json, Request request, string algorithm, Gru4RecOptions? options, TrainedModel model, IReadOnlyList<EpochSummary> epochs, double seconds)
    {
        json.WriteString("model", request.Out.ToString());
        json.WriteString("algorithm", algorithm);
        json.WriteString("data", request.Data.ToString());
        json.WriteString("dataFingerprint", model.Provenance.DataFingerprint);
        json.WriteNumber("sessions", model.Provenance.Sessions);
        json.WriteNumber("events", model.Provenance.Events);
        json.WriteNumber("items", model.Model.Catalog.Count);
        json.WriteNumber("seconds", seconds);
        json.WriteStartObject("options");
        foreach (var (name, value) in options is null ? [] : HyperparameterNames.Describe(options))
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("epochs");
        foreach (var epoch in epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            json.WriteNumber("loss", epoch.Loss);
            json.WriteNumber("seconds", epoch.Seconds);
            json.WriteNumber("miniBatches", epoch.MiniBatches);
            json.WriteNumber("miniBatchesPerSecond", epoch.MiniBatchesPerSecond);
            json.WriteNumber("eventsPerSecond", epoch.EventsPerSecond);
            if (epoch.Validation is { } validation)
                EvaluationReport.WriteMetrics(json, "validation", validation.Metrics);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
