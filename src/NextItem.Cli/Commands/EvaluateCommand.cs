using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>evaluate</c>: model and test file in, Recall@K and MRR@K out.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var data = new Option<FileInfo>("--data", "-d") { Description = "Test events", Required = true };
        var cutoffs = new Option<string>("--cutoffs") { Description = "Cutoffs K, separated by commas", DefaultValueFactory = _ => "1,5,10,20" };
        var ties = new Option<TieBreaking>("--ties") { Description = "Rank of equal scores: standard (first of them), conservative (last) or median", DefaultValueFactory = _ => TieBreaking.Standard };
        var unknown = new Option<UnknownItems>("--unknown") { Description = "Test items that training never saw: drop (their events are removed first) or miss (they count as misses)", DefaultValueFactory = _ => UnknownItems.Drop };
        var threads = CommonOptions.Threads();
        var json = CommonOptions.Json();
        var columns = new CommonOptions.Columns();
        var command = new Command("evaluate", "Measures a model on test sessions: every event after the first of each, ranked among all items.")
        {
            model, data, cutoffs, ties, unknown, threads, json,
        };
        columns.AddTo(command);
        CommonOptions.SetExamples(
            command,
            "evaluate --model shop.nextitem --data test.tsv",
            "evaluate --model shop.nextitem --data test.tsv --cutoffs 1,20 --ties conservative --unknown miss --json result.json");

        command.SetAction((parse, cancellationToken) =>
        {
            var options = new EvaluationOptions
            {
                Cutoffs = Cutoffs(parse.GetValue(cutoffs)!),
                Ties = parse.GetValue(ties),
                Unknown = parse.GetValue(unknown),
                Threads = CommonOptions.ThreadCount(parse.GetValue(threads)!),
            };
            options.Validate();
            var modelFile = parse.GetValue(model)!;
            var dataFile = parse.GetValue(data)!;
            var trained = Files.LoadModel(modelFile);
            var test = EventsFile.Read(dataFile.FullName, columns.Of(parse), trained.Model.Catalog, cancellationToken);
            var time = TimeProvider.System;
            var started = time.GetTimestamp();
            var result = Measure(trained.Model, test, options, dataFile, cancellationToken);
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            EvaluationReport.Write(terminal, result);
            terminal.Out.WriteLine($"{trained.Model.Algorithm} on {dataFile.Name}, {result.Sessions:N0} sessions, {seconds:F2} s, {result.Cases / Math.Max(seconds, 1e-9):N0} cases/s");
            Files.WriteJson(parse.GetValue(json), writer =>
            {
                writer.WriteString("model", modelFile.ToString());
                writer.WriteString("algorithm", trained.Model.Algorithm);
                writer.WriteString("data", dataFile.ToString());
                EvaluationReport.Write(writer, result);
                writer.WriteNumber("seconds", seconds);
            });
            return Task.FromResult(CommandLine.Success);
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

    private static ImmutableArray<int> Cutoffs(string text)
    {
        var cutoffs = ImmutableArray.CreateBuilder<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var cutoff) || cutoff < 1)
                throw new UsageException($"--cutoffs is '{text}'; expected numbers of at least 1, separated by commas.");
            cutoffs.Add(cutoff);
        }

        return [.. cutoffs.Distinct().Order()];
    }
}
