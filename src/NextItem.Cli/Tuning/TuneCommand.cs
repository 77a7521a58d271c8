using System.CommandLine;
using System.CommandLine.Parsing;
using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tuning;

/// <summary><c>tune</c>: a space of hyperparameters in, the best setting out.</summary>
internal static class TuneCommand
{
    private const int AutomaticTrials = 0;

    private static readonly string[] s_algorithms = [TrainingRequest.Gru4Rec, TrainingRequest.Prnn, .. Baselines.All.Where(baseline => baseline.SettingNames is not []).Select(baseline => baseline.Name)];

    public static Command Create(Terminal terminal)
    {
        var standard = new SearchOptions();
        var data = new Option<FileInfo>("--data", "-d") { HelpName = "file", Description = "Training events: tab- or comma-separated (also .gz), or .parquet", Required = true };
        var valid = new Option<FileInfo>("--valid") { HelpName = "file", Description = "Validation events, which trials are measured on; never the test file", Required = true };
        var space = new Option<FileInfo>("--space") { HelpName = "file", Description = "What is searched, as JSON: samples/spaces has examples; the official parameter spaces are read too", Required = true };
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "Settings to write, for train --params; the log of the trials, a page and a picture go beside it", Required = true };
        var algorithm = new Option<string?>("--algorithm", "-a") { HelpName = string.Join('|', s_algorithms), Description = $"What to tune [default: the space's, else {s_algorithms[0]}]" };
        algorithm.Validators.Add(result => RequireOneOf(result, algorithm.Name, s_algorithms));
        var preset = new Option<string?>("--preset") { HelpName = "name", Description = "A published setting to start from: what is not searched stays as it says" };
        preset.Validators.Add(result => RequireOneOf(result, preset.Name, SettingsFile.Presets));
        var parameters = new Option<FileInfo?>("--params") { HelpName = "file", Description = "Settings to start from, as JSON" };
        var set = new Option<string[]>("--set", "-s") { HelpName = "name=value", Description = "A hyperparameter that no trial changes, also where the space has it; repeatable" };
        var features = new Option<string[]>("--features") { HelpName = "file[:what]", Description = "prnn: item features, as for 'train'; repeatable" };
        var architecture = new Option<string?>("--architecture") { HelpName = "name", Description = "prnn: as for 'train'" };
        architecture.Validators.Add(result => RequireOneOf(result, architecture.Name, [.. Choices.Architectures.Select(choice => choice.Name)]));
        var strategy = new Option<string?>("--strategy") { HelpName = "name", Description = "prnn: as for 'train'; residual and alternating need --no-halving" };
        strategy.Validators.Add(result => RequireOneOf(result, strategy.Name, [.. Choices.Strategies.Select(choice => choice.Name)]));
        var trials = Number("--trials", $"Settings to try [default: {standard.Trials}]", 1, 1_000_000);
        var metric = CommonOptions.Parsed(new Option<TunedMetric>("--metric") { HelpName = "name@K", Description = $"What to search for, on the validation file: mrr@K or recall@K [default: {TunedMetric.Standard}]" }, TunedMetric.Read, TunedMetric.Expected);
        var noHalving = new Option<bool>("--no-halving") { Description = "Trains every trial to its last epoch, instead of stopping most of them early" };
        var factor = Number("--factor", $"With halving: of so many trials one goes on, with about so many times the epochs [default: {standard.ReductionFactor}]", 2, 1000);
        var first = Number("--first-epochs", $"With halving: epochs after which trials are first compared [default: {standard.FirstEpochs}]", 1, 1_000_000);
        var round = Number("--round", $"Trials that are decided on together, the most that can run at a time; the result depends on it [default: {standard.RoundSize}]", 1, 1024);
        var start = Number("--start", $"Trials spread evenly over the space, before what was seen counts [default: {standard.StartTrials}]", 1, 1_000_000);
        var parallel = CommonOptions.Parsed(
            new Option<int>("--parallel") { HelpName = "number|auto", Description = "Trials at a time, one thread each; auto: as many as processors and memory allow; the result does not depend on it [default: auto]" },
            text => text == "auto" ? AutomaticTrials : CommonOptions.Number(text) is { } number and >= 1 and <= 1024 ? (int)number : null,
            "a number from 1 to 1024, or auto");
        var seed = CommonOptions.Parsed(new Option<long>("--seed") { HelpName = "number", Description = $"Seed of the search; that of the trainings is --set seed [default: {standard.Seed}]" }, CommonOptions.Number, "a whole number of at least 0");
        var resume = new Option<bool>("--resume") { Description = "Goes on with a search that was stopped, to the same result as if it had not been; --trials can be more" };
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "tune",
            "Searches hyperparameters that are good on a validation file.",
            "tune --data train.tsv --valid valid.tsv --space samples/spaces/gru4rec-cross-entropy.json --out tuned.json",
            "tune --data train.tsv --valid valid.tsv --space space.json --out tuned.json --trials 100 --metric recall@20 --set n_epochs=20",
            "tune --data train.tsv --valid valid.tsv --space space.json --out tuned.json --trials 100 --resume",
            "tune --data train.tsv --valid valid.tsv --space samples/spaces/v-sknn.json --out knn.json --algorithm v-sknn --parallel 1",
            "train --data train.tsv --out shop.nextitem --params tuned.json")
        {
            data, valid, space, output, algorithm, preset, parameters, set, features, architecture, strategy, trials, metric, noHalving, factor, first, round, start, parallel, seed, resume, json,
        };
        columns.AddTo(command, data, valid);
        command.SetAction((parse, cancellationToken) =>
        {
            var request = new TuningRequest
            {
                Algorithm = parse.GetValue(algorithm),
                Data = parse.GetValue(data)!,
                Valid = parse.GetValue(valid)!,
                Space = parse.GetValue(space)!,
                Out = parse.GetValue(output)!,
                Columns = columns.Of(parse),
                Preset = parse.GetValue(preset),
                Params = parse.GetValue(parameters),
                Set = parse.GetValue(set) ?? [],
                Features = parse.GetValue(features) ?? [],
                Architecture = parse.GetValue(architecture),
                Strategy = parse.GetValue(strategy),
                Metric = parse.ValueOr(metric, TunedMetric.Standard),
                Search = new SearchOptions
                {
                    Trials = parse.ValueOr(trials, standard.Trials),
                    Halving = !parse.GetValue(noHalving),
                    ReductionFactor = parse.ValueOr(factor, standard.ReductionFactor),
                    FirstEpochs = parse.ValueOr(first, standard.FirstEpochs),
                    RoundSize = parse.ValueOr(round, standard.RoundSize),
                    StartTrials = parse.ValueOr(start, standard.StartTrials),
                    Seed = (ulong)parse.ValueOr(seed, (long)standard.Seed),
                },
                Parallel = parse.GetValue(parallel) is > AutomaticTrials and var given ? given : null,
                Resume = parse.GetValue(resume),
                Json = parse.GetValue(json),
            };
            if (request.Search.Halving is false && (parse.GetResult(factor) is not null || parse.GetResult(first) is not null))
                throw new UsageException("--factor and --first-epochs say how trials are halved, --no-halving that they are not; expected one of the two.");
            new TuningJob(terminal, request).Run(cancellationToken);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static Option<int> Number(string name, string description, int least, int most) => CommonOptions.Parsed(
        new Option<int>(name) { HelpName = "number", Description = description },
        text => CommonOptions.Number(text) is { } number && number >= least && number <= most ? (int)number : null,
        $"a number from {least:N0} to {most:N0}");

    private static void RequireOneOf(OptionResult result, string name, IReadOnlyList<string> choices)
    {
        if (result.Tokens is [var token] && !choices.Contains(token.Value))
            result.AddError($"{name} is '{token.Value}'; expected one of {string.Join(", ", choices)}.");
    }
}
