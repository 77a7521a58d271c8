using System.CommandLine;
using NextItem.Cli.Bulk;
using NextItem.Cli.Output;
using NextItem.Data.Streaming;

namespace NextItem.Cli.Commands;

/// <summary><c>recommend</c>: a session, or a file of sessions, in; the top K with scores out.</summary>
internal static class RecommendCommand
{
    /// <summary>Unknown items of a session for which a near one is looked for; each is a search through the catalog.</summary>
    private const int Questions = 3;

    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var items = new Option<string[]>("--items", "-i") { HelpName = "keys", Description = "Items of one session, oldest first: a,b,c; or repeated, one key each, for keys with commas" };
        var data = new Option<FileInfo?>("--data", "-d") { HelpName = "file", Description = "Events of many sessions; each gets its next items. Streamed in constant memory where the events of every session stand together" };
        var top = CommonOptions.Top(20);
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items of the session itself" };
        var allow = new Option<FileInfo?>("--allow") { HelpName = "file", Description = "File of the only items to recommend, one key a line" };
        var deny = new Option<FileInfo?>("--deny") { HelpName = "file", Description = "File of items never to recommend, one key a line" };
        var explain = new Option<bool>("--explain") { Description = "Also tell which click carried each item: the one without which it falls furthest" };
        var names = CommonOptions.Names();
        var output = new Option<FileInfo?>("--out", "-o") { HelpName = "file", Description = "With --data: write SessionId, Rank, ItemId, Score (and BecauseOf, RankWithout) to this file instead of the screen: .tsv, .csv, .jsonl (each also with .gz) or .parquet" };
        var shard = Shard();
        var threads = CommonOptions.Threads("as many as there are processors; with --data");
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "recommend",
            "Recommends the next items of a session. Scores are logits: they rank within one answer, no more.",
            "recommend --model shop.nextitem --items SHOE-0012,SOCK-0003 --top 5 --explain",
            "recommend --model shop.nextitem --items SHOE-0012 --names \"artikel.csv:item=Artikel;name=Titel\"",
            "recommend --model shop.nextitem --data live.tsv --exclude-seen --out next.tsv",
            "recommend --model shop.nextitem --data live.parquet --shard 1/4 --out next-1.parquet")
        {
            model, items, data, top, excludeSeen, allow, deny, explain, names, output, shard, threads, json,
        };
        columns.AddTo(command, data);

        command.SetAction((parse, cancellationToken) =>
        {
            var session = parse.GetValue(items) ?? [];
            var sessions = parse.GetValue(data);
            if (session.Length > 0 == sessions is not null)
                throw new UsageException(sessions is null ? "recommend needs --items or --data." : "recommend takes either --items or --data, not both.");
            if (sessions is null && parse.GetValue(output) is not null)
                throw new UsageException("--out goes with --data; for --items use --json.");
            if (sessions is null && (parse.GetResult(shard) is { Implicit: false } || parse.GetResult(threads) is { Implicit: false }))
                throw new UsageException("--shard and --threads go with --data.");
            if (sessions is not null && parse.GetValue(names) is not null)
                throw new UsageException("--names goes with --items; the rows of --data have keys alone.");
            var count = parse.GetValue(top);
            FileInfo?[] reads = [parse.GetValue(model), sessions, parse.GetValue(allow), parse.GetValue(deny), CommonOptions.FileOf(parse.GetValue(names))];
            AnswerWriter.RequireKnown("--out", parse.GetValue(output));
            Files.RequireEvents(sessions);
            Files.RequireWritable("--out", parse.GetValue(output), reads);
            Files.RequireWritable("--json", parse.GetValue(json), [.. reads, parse.GetValue(output)]);
            var trained = Files.LoadModel(parse.GetValue(model)!);
            var options = new RecommendOptions
            {
                ExcludeSeen = parse.GetValue(excludeSeen),
                Filter = Filter(terminal, trained.Model.Catalog, parse.GetValue(allow), parse.GetValue(deny)),
            };
            var shown = Files.ReadNames(terminal, parse.GetValue(names), trained.Model.Catalog);
            using var recommender = new Recommender(trained.Model, new RecommenderOptions { Index = sessions is null ? IndexBuilding.Never : IndexBuilding.OnFirstUse });
            if (sessions is null)
                One(terminal, recommender, Keys(trained.Model.Catalog, session), count, options, parse.GetValue(explain), shown, parse.GetValue(json));
            else
            {
                var workers = parse.GetValue(threads) is var given and > 0 ? given : Environment.ProcessorCount;
                CommonOptions.WarnOfThreads(terminal, workers);
                new BulkJob
                {
                    Terminal = terminal,
                    Answers = new BulkAnswers(recommender, count, options, parse.GetValue(explain), workers),
                    Count = count,
                    Explain = parse.GetValue(explain),
                    Data = sessions,
                    Columns = columns.Of(parse),
                    Shard = parse.ValueOr(shard, SessionShard.Whole),
                    Output = parse.GetValue(output),
                    Json = parse.GetValue(json),
                }.Run(cancellationToken);
            }

            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>One value is a list, unless the catalog knows it as it is; several values are one key each.</summary>
    internal static IReadOnlyList<string> Keys(ItemCatalog catalog, string[] values) =>
        values.Length == 1 && catalog.IndexOf(values[0]) < 0
            ? values[0].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : values;

    private static Option<SessionShard> Shard() => CommonOptions.Parsed(
        new Option<SessionShard>("--shard") { HelpName = "i/n", Description = "With --data: only the i-th of n parts of the sessions, shared out by a hash of their ids; the n parts are the whole, each session once" },
        text => text.Split('/') is [var number, var parts] && CommonOptions.Number(number) is { } i and >= 1 && CommonOptions.Number(parts) is { } n && i <= n && n <= int.MaxValue
            ? new SessionShard((int)i, (int)n)
            : null,
        "i/n with i from 1 to n, for instance 1/4");

    private static ItemFilter? Filter(Terminal terminal, ItemCatalog catalog, FileInfo? allow, FileInfo? deny)
    {
        var allowed = allow is null ? null : ItemFilter.AllowOnly(catalog, Keys(terminal, catalog, allow, "--allow"));
        var denied = deny is null ? null : ItemFilter.Deny(catalog, Keys(terminal, catalog, deny, "--deny"));
        return allowed is null ? denied : denied is null ? allowed : allowed.And(denied);
    }

    private static IReadOnlyList<string> Keys(Terminal terminal, ItemCatalog catalog, FileInfo file, string option)
    {
        var keys = Files.ReadKeys(file, option);
        var unknown = keys.Where(key => catalog.IndexOf(key) < 0).ToArray();
        if (unknown.Length > 0)
            terminal.Errors.WriteLine($"nextitem: {option} {file}: the model does not know {unknown.Length:N0} of {keys.Count:N0} items, '{unknown[0]}' for instance.");
        return keys;
    }

    private static void One(
        Terminal terminal, Recommender recommender, IReadOnlyList<string> session, int count, RecommendOptions options, bool explain,
        Dictionary<string, string> names, FileInfo? json)
    {
        var answer = recommender.Recommend(session, count, options);
        var explanations = explain ? Explain(recommender, session, answer) : null;
        foreach (var (i, key) in answer.UnknownItems.Index())
            terminal.Errors.WriteLine($"nextitem: the model does not know the item '{key}'; it was skipped.{(i < Questions ? NearestItem.Question(recommender.Model.Catalog, key) : "")}");
        if (answer.Items.Count == 0)
            terminal.Errors.WriteLine("nextitem: the model and the filters leave no item to recommend.");
        else if (answer.IsPopularFallback)
        {
            // Imported weights may come without counts of events; the order is the file's then.
            var isCounted = recommender.Model.Catalog.Support.ContainsAnyExcept(0);
            terminal.Errors.WriteLine($"nextitem: nothing of the session is known; {(isCounted ? "these are the most popular items." : "these are items in the order of the file, which has no counts of events.")}");
        }

        if (answer.Items.Count > 0)
            Output.ItemTable.Write(terminal, answer.Items, names, explanations);
        Files.WriteJson(json, writer =>
        {
            AnswerJson.WriteItems(writer, answer, explanations, names);
            writer.WriteStartArray("unknownItems");
            foreach (var key in answer.UnknownItems)
                writer.WriteStringValue(key);
            writer.WriteEndArray();
        });
    }

    private static IReadOnlyList<Explanation> Explain(Recommender recommender, IReadOnlyList<string> session, RecommendationList answer) =>
        recommender.Explain(session, [.. answer.Items.Select(item => item.ItemKey)]);
}
