using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Commands;

/// <summary><c>train</c>: sessions in, model file out.</summary>
internal static class TrainCommand
{
    private static readonly string[] s_algorithms = [TrainingRequest.Gru4Rec, TrainingRequest.Prnn, .. Baselines.All.Select(baseline => baseline.Name)];

    public static Command Create(Terminal terminal)
    {
        var data = new Option<FileInfo>("--data", "-d") { HelpName = "file", Description = "Training events: tab- or comma-separated (also .gz), or .parquet", Required = true };
        var valid = new Option<FileInfo?>("--valid") { HelpName = "file", Description = "Validation events, evaluated after each epoch (gru4rec, prnn)" };
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "Model file to write", Required = true };
        var algorithm = OneOf(new Option<string>("--algorithm", "-a") { HelpName = string.Join('|', s_algorithms), Description = "What to train", DefaultValueFactory = _ => s_algorithms[0] }, s_algorithms);
        var preset = OneOf(new Option<string?>("--preset") { HelpName = "name", Description = $"A published setting: {string.Join(", ", SettingsFile.Presets)}" }, SettingsFile.Presets);
        var parameters = new Option<FileInfo?>("--params") { HelpName = "file", Description = "Settings as a JSON file, such as 'tune' writes; samples/settings has examples" };
        var set = new Option<string[]>("--set", "-s") { HelpName = "name=value", Description = "A hyperparameter, ours or the official name, or several with commas between; repeatable, applied last" };
        var features = new Option<string[]>("--features") { HelpName = "file[:what]", Description = "prnn: item features, such as items.tsv or items.tsv:text=title;category=genres; repeatable, see docs/features.md" };
        var architecture = OneOf(new Option<string?>("--architecture") { HelpName = "name", Description = $"prnn: {string.Join(", ", Choices.Architectures.Select(choice => choice.Name))} [default: {Choices.Architectures[0].Name}]" }, [.. Choices.Architectures.Select(choice => choice.Name)]);
        var strategy = OneOf(new Option<string?>("--strategy") { HelpName = "name", Description = $"prnn, how its subnets are trained: {string.Join(", ", Choices.Strategies.Select(choice => choice.Name))} [default: {Choices.Strategies[0].Name}]" }, [.. Choices.Strategies.Select(choice => choice.Name)]);
        var threads = CommonOptions.Threads("one, or as many as there are processors where a trial of some 200 mini-batches says that they are clearly faster; the model depends on the number, which is printed");
        var seed = CommonOptions.Parsed(
            new Option<long>("--seed") { HelpName = "number", Description = $"Seed of all randomness [default: {new Gru4RecOptions().Seed}]" },
            CommonOptions.Number,
            "a whole number of at least 0");
        var checkpoint = new Option<FileInfo?>("--checkpoint") { HelpName = "file", Description = "Keeps the run in this file after every epoch and on Ctrl+C (gru4rec, prnn) [default: --out with .checkpoint behind it, until the model is written]" };
        var resume = new Option<bool>("--resume") { Description = "Goes on from the checkpoint, to the same model as if it had never stopped; --set can raise n_epochs (not with --strategy residual or alternating)" };
        var warmStart = new Option<FileInfo?>("--warm-start") { HelpName = "model", Description = "Begins with a trained model: items that both have keep what was learned, new ones are added, the others removed" };
        var teacher = new Option<FileInfo[]>("--teacher") { HelpName = "model", Description = "A trained model of the same items to learn from too; repeatable, 'distillation' is their share: --set distillation=0.5 (gru4rec)" };
        var json = CommonOptions.Json();
        var history = HistoryFiles.Option();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "train",
            "Trains a model on sessions and writes it to one file.",
            "train --data train.tsv --out shop.nextitem",
            "train --data train.tsv.gz --out shop.nextitem --preset rsc15-table --set n_epochs=5 --set layers=200",
            "train --data train.tsv --valid valid.tsv --out shop.nextitem --history history.csv --history history.png",
            "train --data today.tsv --valid valid.tsv --out today.nextitem --warm-start yesterday.nextitem --set n_epochs=2",
            "train --data train.tsv --out shop.nextitem --teacher seed1.nextitem --teacher seed2.nextitem --set distillation=0.5",
            "train --data train.tsv --out shop.nextitem --algorithm prnn --features items.tsv --strategy residual --set text.units=50",
            "train --data train.tsv --out shop.nextitem --resume",
            "train --data train.parquet --out baseline.nextitem --algorithm markov")
        {
            data, valid, output, algorithm, features, architecture, strategy, preset, parameters, set, threads, seed, checkpoint, resume, warmStart, teacher, json, history,
        };
        columns.AddTo(command, data, valid);

        command.SetAction((parse, cancellationToken) =>
        {
            var request = new TrainingRequest
            {
                Algorithm = parse.GetValue(algorithm)!,
                Data = parse.GetValue(data)!,
                Valid = parse.GetValue(valid),
                Columns = columns.Of(parse),
                Settings = new TrainingSettings(
                    parse.GetValue(preset),
                    parse.GetValue(parameters),
                    parse.GetValue(set) ?? [],
                    parse.GetValue(threads) is > CommonOptions.AutomaticThreads and var given ? given : null,
                    parse.GetResult(seed) is null ? null : (ulong)parse.GetValue(seed)),
                Out = parse.GetValue(output)!,
                Checkpoint = parse.GetValue(checkpoint),
                Resume = parse.GetValue(resume),
                WarmStart = parse.GetValue(warmStart),
                Teachers = parse.GetValue(teacher) ?? [],
                Features = parse.GetValue(features) ?? [],
                Architecture = parse.GetValue(architecture),
                Strategy = parse.GetValue(strategy),
                Json = parse.GetValue(json),
                History = parse.GetValue(history) ?? [],
            };
            request.Validate();
            new TrainingJob(terminal, request).Run(cancellationToken);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
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
}
