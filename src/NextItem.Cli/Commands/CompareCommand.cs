using System.CommandLine;
using NextItem.Cli.Output;

namespace NextItem.Cli.Commands;

/// <summary><c>compare</c>: several models on one test file; tables, intervals, tests, pictures and a page to read.</summary>
internal static class CompareCommand
{
    private static readonly string[] s_metrics =
        [.. Enum.GetNames<EvaluationMetric>().Where(name => name is not (nameof(EvaluationMetric.Precision) or nameof(EvaluationMetric.Map))), ComparisonJob.Latency];

    public static Command Create(Terminal terminal)
    {
        var models = new Option<string[]>("--models", "-m") { HelpName = "files", Description = "Model files, separated by commas; repeatable", Required = true };
        var data = new Option<FileInfo>("--data", "-d") { HelpName = "file", Description = "Test events", Required = true };
        var train = new Option<FileInfo?>("--train") { HelpName = "file", Description = "Training events, to be checked against the test events for warnings" };
        var output = new Option<DirectoryInfo>("--out", "-o") { HelpName = "folder", Description = $"Folder for {string.Join(", ", ComparisonFiles.Names)}", Required = true };
        var metrics = CommonOptions.Words("--metrics", "What to measure; the first decides which model is best; default: all, diversity with --features alone", s_metrics);
        var measuring = new MeasuringOptions(TieBreaking.Conservative, UnknownChoice.Both);
        var resamples = CommonOptions.Parsed(
            new Option<int>("--resamples") { HelpName = "number", Description = "How often sessions are drawn anew for intervals and tests", DefaultValueFactory = _ => new ResamplingOptions().Resamples },
            text => CommonOptions.Number(text) is { } count and >= 100 and <= 10_000_000 ? (int)count : null,
            "a number from 100 to 10,000,000");
        var seed = CommonOptions.Parsed(
            new Option<long>("--seed") { HelpName = "number", Description = "Seed of these draws", DefaultValueFactory = _ => (long)new ResamplingOptions().Seed },
            CommonOptions.Number,
            "a whole number of at least 0");
        var features = new FeaturesOption(terminal);
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "compare",
            "Compares models on the same test sessions: numbers with intervals, differences with tests, warnings, and a report to read.",
            "compare --models pop.nextitem,shop.nextitem --data test.tsv --out comparison",
            "compare --models pop.nextitem,shop.nextitem --data test.tsv --train train.tsv --out comparison --metrics mrr,recall --cutoffs 20 --json comparison.json")
        {
            models, data, train, output, metrics,
        };
        features.AddTo(command);
        measuring.AddTo(command);
        command.Add(resamples);
        command.Add(seed);
        command.Add(json);
        columns.AddTo(command, data, train);

        command.SetAction((parse, cancellationToken) =>
        {
            var asked = CommonOptions.Split(parse.GetValue(metrics));
            var featureSettings = features.Of(parse, asked);
            if (asked is [])
                asked = [.. s_metrics.Where(name => name != nameof(EvaluationMetric.Diversity) || featureSettings is not null)];
            if (asked.All(name => name is not (nameof(EvaluationMetric.Recall) or nameof(EvaluationMetric.Mrr) or nameof(EvaluationMetric.Ndcg))))
                throw new UsageException("--metrics has none that decides which model is best; expected recall, mrr or ndcg among them.");
            var options = measuring.Of(parse);
            var job = new ComparisonJob(terminal)
            {
                Models = [.. parse.GetValue(models)!.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(path => new FileInfo(path))],
                Data = parse.GetValue(data)!,
                Train = parse.GetValue(train),
                Columns = columns.Of(parse),
                FeatureSettings = featureSettings,
                Features = features,
                Options = options with { Metrics = [.. asked.Where(name => name != ComparisonJob.Latency).Select(Enum.Parse<EvaluationMetric>)] },
                Unknown = measuring.UnknownOf(parse),
                MeasuresLatency = asked.Contains(ComparisonJob.Latency),
                Resampling = new ResamplingOptions { Resamples = parse.GetValue(resamples), Seed = (ulong)parse.GetValue(seed), Threads = options.Threads },
                Files = new ComparisonFiles(parse.GetValue(output)!, parse.GetValue(json)),
            };
            job.Run(cancellationToken);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
