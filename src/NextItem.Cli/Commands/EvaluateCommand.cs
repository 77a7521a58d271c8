using System.Collections.Immutable;
using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>evaluate</c>: model and test file in, Recall@K and MRR@K out.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var data = new Option<FileInfo>("--data", "-d") { HelpName = "file", Description = "Test events", Required = true };
        var cutoffs = new Option<string>("--cutoffs") { HelpName = "numbers", Description = "Cutoffs K, separated by commas", DefaultValueFactory = _ => "1,5,10,20" };
        cutoffs.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Cutoffs(token.Value) is null)
                result.AddError($"--cutoffs is '{token.Value}'; expected numbers of at least 1, separated by commas.");
        });
        var ties = CommonOptions.Choice("--ties", "Rank of equal scores: standard (first of them), conservative (last) or median", TieBreaking.Standard);
        var unknown = CommonOptions.Choice("--unknown", "Test items that training never saw: drop (their events are removed first) or miss (they count as misses)", UnknownItems.Drop);
        var threads = CommonOptions.Threads("as many as there are processors");
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "evaluate",
            "Measures a model on test sessions: every event after the first of each, ranked among all items.",
            "evaluate --model shop.nextitem --data test.tsv",
            "evaluate --model shop.nextitem --data test.tsv --cutoffs 1,20 --ties conservative --unknown miss --json result.json")
        {
            model, data, cutoffs, ties, unknown, threads, json,
        };
        columns.AddTo(command, data);

        command.SetAction((parse, cancellationToken) =>
        {
            var options = new EvaluationOptions
            {
                Cutoffs = Cutoffs(parse.GetValue(cutoffs)!)!.Value,
                Ties = parse.ValueOr(ties, TieBreaking.Standard),
                Unknown = parse.ValueOr(unknown, UnknownItems.Drop),
                Threads = parse.GetValue(threads) is > CommonOptions.AutomaticThreads and var given ? given : Environment.ProcessorCount,
            };
            options.Validate();
            CommonOptions.WarnOfThreads(terminal, options.Threads);
            var modelFile = parse.GetValue(model)!;
            var dataFile = parse.GetValue(data)!;
            Files.RequireWritable("--json", parse.GetValue(json), modelFile, dataFile);
            var trained = Files.LoadModel(modelFile);
            var test = EventsFile.Read(dataFile.ToString(), columns.Of(parse), trained.Model.Catalog, cancellationToken);
            var time = TimeProvider.System;
            var started = time.GetTimestamp();
            var result = Measure(trained.Model, test, options, dataFile, cancellationToken);
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            EvaluationReport.Write(terminal, result);
            terminal.Out.WriteLine($"{trained.Model.Algorithm} on {dataFile.Name}, {Counted.Of(result.Sessions, "session")}, {seconds:F2} s, {result.Cases / Math.Max(seconds, 1e-9):N0} cases/s");
            Files.WriteJson(parse.GetValue(json), writer =>
            {
                writer.WriteString("model", modelFile.ToString());
                writer.WriteString("algorithm", trained.Model.Algorithm);
                writer.WriteString("data", dataFile.ToString());
                EvaluationReport.Write(writer, result);
                writer.WriteNumber("seconds", seconds);
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static EvaluationResult Measure(ISessionModel model, SessionSet test, EvaluationOptions options, FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return Evaluator.Evaluate(model, test, options, cancellationToken);
        }
        catch (ArgumentException e) when (e is not OptionsException)
        {
            throw new RunException($"{file}: {e.Message.Split(" (Parameter")[0]}", e);
        }
    }

    /// <summary>The cutoffs that a text means, in order and without repetitions; null where it means none.</summary>
    private static ImmutableArray<int>? Cutoffs(string text)
    {
        var cutoffs = ImmutableArray.CreateBuilder<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (CommonOptions.Number(part) is not ({ } cutoff and >= 1 and <= int.MaxValue))
                return null;
            cutoffs.Add((int)cutoff);
        }

        return [.. cutoffs.Distinct().Order()];
    }
}
