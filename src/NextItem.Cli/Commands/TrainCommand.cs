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
        var data = new Option<FileInfo>("--data", "-d") { Description = "Training events: tab- or comma-separated (also .gz), or .parquet", Required = true };
        var valid = new Option<FileInfo?>("--valid") { Description = "Validation events, evaluated after each epoch (gru4rec)" };
        var output = new Option<FileInfo>("--out", "-o") { Description = "Model file to write", Required = true };
        var algorithm = new Option<string>("--algorithm", "-a") { Description = $"One of {string.Join(", ", s_algorithms)}", DefaultValueFactory = _ => s_algorithms[0] };
        var preset = new Option<string?>("--preset") { Description = $"A published setting: {string.Join(", ", SettingsFile.Presets)}" };
        var parameters = new Option<FileInfo?>("--params") { Description = "Settings as a JSON file; samples/settings has examples" };
        var set = new Option<string[]>("--set", "-s") { Description = "A hyperparameter, name=value, ours or the official name; repeatable, applied last" };
        var threads = CommonOptions.Threads();
        var seed = new Option<ulong?>("--seed") { Description = "Seed of all randomness (default 42)" };
        var json = CommonOptions.Json();
        var columns = new CommonOptions.Columns();
        var command = new Command("train", "Trains a model on sessions and writes it to one file.")
        {
            data, valid, output, algorithm, preset, parameters, set, threads, seed, json,
        };
        columns.AddTo(command);
        CommonOptions.SetExamples(
            command,
            "train --data train.tsv --out shop.nextitem",
            "train --data train.tsv.gz --out shop.nextitem --preset rsc15-table --set n_epochs=5 --set layers=200",
            "train --data train.parquet --out baseline.nextitem --algorithm markov");

        command.SetAction((parse, cancellationToken) =>
        {
            var request = new Request(
                parse.GetValue(data)!,
                parse.GetValue(valid),
                parse.GetValue(output)!,
                parse.GetValue(json),
                columns.Of(parse));
            var name = parse.GetValue(algorithm)!;
            if (!s_algorithms.Contains(name))
                throw new UsageException($"--algorithm is '{name}'; expected one of {string.Join(", ", s_algorithms)}.");
            Gru4RecOptions? options = null;
            if (name == "gru4rec")
            {
                options = Options(parse.GetValue(preset), parse.GetValue(parameters), parse.GetValue(set) ?? [], parse.GetValue(threads)!, parse.GetResult(threads) is { Implicit: false }, parse.GetValue(seed));
            }
            else if (parse.GetValue(preset) is not null || parse.GetValue(parameters) is not null || parse.GetValue(set) is { Length: > 0 } || parse.GetValue(valid) is not null)
            {
                throw new UsageException($"--preset, --params, --set and --valid are for gru4rec; '{name}' has nothing to set.");
            }

            Run(terminal, request, name, options, cancellationToken);
            return Task.FromResult(CommandLine.Success);
        });
        return command;
    }

    private sealed record Request(FileInfo Data, FileInfo? Valid, FileInfo Out, FileInfo? Json, EventColumns Columns);

    /// <summary>Defaults, then the preset, then the file, then --set, then --threads and --seed.</summary>
    internal static Gru4RecOptions Options(string? preset, FileInfo? parameters, string[] set, string threads, bool threadsGiven, ulong? seed)
    {
        var automatic = CommonOptions.ThreadCount(threads);
        var options = new Gru4RecOptions { Threads = automatic };
        if (preset is not null)
            options = SettingsFile.ApplyPreset(options, preset);
        if (parameters is not null)
            options = SettingsFile.ApplyFile(options, parameters.FullName);
        foreach (var assignment in set)
            options = HyperparameterNames.SetAll(options, assignment);
        if (threadsGiven)
            options = options with { Threads = automatic };
        if (seed is { } number)
            options = options with { Seed = number };
        options.Validate();
        return options;
    }

    private static void Run(Terminal terminal, Request request, string algorithm, Gru4RecOptions? options, CancellationToken cancellationToken)
    {
        Files.RequireWritable(request.Out, "--out");
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var train = EventsFile.Read(request.Data.FullName, request.Columns, null, cancellationToken);
        terminal.Out.WriteLine($"{request.Data.Name}: {train.EventCount:N0} events, {train.Count:N0} sessions, {train.Catalog.Count:N0} items, read in {time.GetElapsedTime(started).TotalSeconds:F1} s");

        TrainedModel model;
        IReadOnlyList<EpochSummary> epochs = [];
        if (options is null)
        {
            ISessionModel baseline = algorithm == "markov" ? MarkovModel.Fit(train) : PopularityModel.Fit(train);
            model = Trainer.Describe(baseline, train);
        }
        else
        {
            var valid = request.Valid is null ? null : EventsFile.Read(request.Valid.FullName, request.Columns, train.Catalog, cancellationToken);
            terminal.Out.WriteLine($"gru4rec: {string.Join(", ", HyperparameterNames.Describe(options).Select(o => $"{o.Name}={o.Value}"))}");
            terminal.Out.WriteLine($"memory for training: about {Sizes.Bytes(Trainer.EstimateMemory(train.Catalog.Count, options))} beside the data");
            var reporter = new TrainingReporter(terminal, time);
            model = reporter.Run(progress => Trainer.Fit(train, options, valid, progress, time, cancellationToken));
            epochs = reporter.Epochs;
        }

        Files.SaveModel(request.Out, model);
        request.Out.Refresh();
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        terminal.Out.WriteLine($"wrote {request.Out} ({Sizes.Bytes(request.Out.Length)}) after {seconds:F1} s");
        Files.WriteJson(request.Json, json => WriteReport(json, request, algorithm, options, model, epochs, seconds));
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
        if (options is null)
            return;
        json.WriteStartObject("options");
        foreach (var (name, value) in HyperparameterNames.Describe(options))
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
