using System.Collections.Immutable;
using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Cli.Review;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>evaluate</c>: model and test file in, Recall@K, MRR@K and other metrics out.</summary>
internal static class EvaluateCommand
{
    private const string Latency = "latency";

    private static readonly Dictionary<string, EvaluationProtocol> s_protocols = new()
    {
        ["next-item"] = EvaluationProtocol.NextItem,
        ["rest-of-session"] = EvaluationProtocol.RestOfSession,
    };

    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var data = new Option<FileInfo>("--data", "-d") { HelpName = "file", Description = "Test events", Required = true };
        var metrics = CommonOptions.Words("--metrics", "What to measure; latency: time of an event; default: recall,mrr, or of the rest of the session recall,precision,ndcg,map, and diversity with --features", [.. Enum.GetNames<EvaluationMetric>(), Latency]);
        var protocol = CommonOptions.Parsed(
            new Option<EvaluationProtocol>("--protocol") { HelpName = string.Join('|', s_protocols.Keys), Description = "What counts as right: the next item, or every item that still comes [default: next-item]" },
            text => s_protocols.TryGetValue(text, out var value) ? value : null,
            $"one of {string.Join(", ", s_protocols.Keys)}");
        var slices = CommonOptions.Words("--slices", "Also measure apart: by position in the session, its length, the target's popularity, or whether it was seen in the session", Enum.GetNames<SliceBy>());
        var intervals = new Option<bool>("--intervals") { Description = "Also give each metric's 95 % interval, by resampling the test sessions" };
        var measuring = new MeasuringOptions(TieBreaking.Standard, UnknownChoice.Drop);
        var features = new FeaturesOption(terminal);
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "evaluate",
            "Measures a model on test sessions: every event after the first of each, ranked among all items.",
            "evaluate --model shop.nextitem --data test.tsv",
            "evaluate --model shop.nextitem --data test.tsv --cutoffs 1,20 --ties conservative --unknown miss --json result.json",
            "evaluate --model shop.nextitem --data test.tsv --metrics recall,mrr,ndcg,coverage,popularity,latency --slices position,popularity --intervals",
            "evaluate --model shop.nextitem --data test.tsv --features items.tsv",
            "evaluate --model shop.nextitem --data test.tsv --protocol rest-of-session")
        {
            model, data, metrics, protocol, slices, intervals,
        };
        features.AddTo(command);
        measuring.AddTo(command);
        command.Add(json);
        columns.AddTo(command, data);

        command.SetAction((parse, cancellationToken) =>
        {
            var asked = CommonOptions.Split(parse.GetValue(metrics));
            var options = measuring.Of(parse) with
            {
                Metrics = [.. asked.Where(name => name != Latency).Select(Enum.Parse<EvaluationMetric>)],
                Protocol = parse.ValueOr(protocol, EvaluationProtocol.NextItem),
            };
            SliceBy[] by = [.. CommonOptions.Split(parse.GetValue(slices)).Select(Enum.Parse<SliceBy>)];
            var featureSettings = features.Of(parse, asked);
            RequirePossible(options, by);
            CommonOptions.WarnOfThreads(terminal, options.Threads);
            var modelFile = parse.GetValue(model)!;
            var dataFile = parse.GetValue(data)!;
            Files.RequireWritable("--json", parse.GetValue(json), modelFile, dataFile);
            Files.RequireEvents(dataFile);
            var trained = Files.LoadModel(modelFile);
            var test = EventsFile.Read(dataFile.ToString(), columns.Of(parse), trained.Model.Catalog, cancellationToken);
            options = options with { Features = features.Read(featureSettings, trained.Model.Catalog, cancellationToken) };
            options.Validate();
            var time = TimeProvider.System;
            var inDetail = by.Length > 0 || parse.GetValue(intervals);
            var started = time.GetTimestamp();
            var detail = inDetail ? Measure(dataFile, () => Evaluator.EvaluateInDetail(trained.Model, test, options, by, cancellationToken)) : null;
            var result = detail?.Result ?? Measure(dataFile, () => Evaluator.Evaluate(trained.Model, test, options, cancellationToken));
            var seconds = time.GetElapsedTime(started).TotalSeconds;
            var underMiss = measuring.UnknownOf(parse) == UnknownChoice.Both
                ? Measure(dataFile, () => Evaluator.Evaluate(trained.Model, test, options with { Unknown = UnknownItems.Miss }, cancellationToken))
                : null;
            var report = new EvaluationReport(result, options.Protocol)
            {
                UnderMiss = underMiss,
                Slices = detail?.Slices ?? [],
                Intervals = parse.GetValue(intervals) ? Intervals(detail!.Sessions, options.Threads, cancellationToken) : [],
                Latency = asked.Contains(Latency) ? Measure(dataFile, () => ScoringLatency.Measure(trained.Model, test, time, cancellationToken: cancellationToken)) : null,
            };
            if (DataReview.OfEvaluation(trained, test) is { } seen)
                terminal.Errors.WriteLine($"nextitem: warning: {seen.Message}");
            report.Write(terminal);
            terminal.Out.WriteLine($"{trained.Model.Algorithm} on {dataFile.Name}, {Counted.Of(result.Sessions, "session")}, {seconds:F2} s, {result.Cases / Math.Max(seconds, 1e-9):N0} cases/s");
            Files.WriteJson(parse.GetValue(json), writer =>
            {
                writer.WriteString("model", modelFile.ToString());
                writer.WriteString("algorithm", trained.Model.Algorithm);
                writer.WriteString("data", dataFile.ToString());
                report.Write(writer);
                writer.WriteNumber("seconds", seconds);
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>Measures, and names the file where it leaves nothing to measure.</summary>
    internal static T Measure<T>(FileInfo file, Func<T> measure)
    {
        try
        {
            return measure();
        }
        catch (ArgumentException e) when (e is not OptionsException)
        {
            throw new RunException($"{file}: {e.Message.Split(" (Parameter")[0]}", e);
        }
    }

    private static ImmutableArray<(string Name, int Cutoff, ConfidenceInterval Interval)> Intervals(SessionSums sessions, int threads, CancellationToken cancellationToken) =>
        [.. sessions.Metrics.Zip(SessionResampling.Intervals(sessions, new ResamplingOptions { Threads = threads }, cancellationToken), (metric, interval) => (metric.Name, metric.Cutoff, interval))];

    private static void RequirePossible(EvaluationOptions options, SliceBy[] by)
    {
        if (options.Protocol == EvaluationProtocol.RestOfSession && options.Metrics.Contains(EvaluationMetric.Mrr))
            throw new UsageException("--metrics has mrr, which is the next item's; expected of recall, precision, ndcg, map, coverage, gini, popularity, novelty, diversity, latency with --protocol rest-of-session.");
        if (options.Protocol == EvaluationProtocol.NextItem && options.Metrics.Contains(EvaluationMetric.Precision))
            throw new UsageException("--metrics has precision, which of one next item is recall / K; expected --protocol rest-of-session with it.");
        if (options.Protocol == EvaluationProtocol.RestOfSession && by.Length > 0)
            throw new UsageException("--slices tell next items apart; expected none with --protocol rest-of-session.");
    }
}
