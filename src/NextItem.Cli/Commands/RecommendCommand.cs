using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>recommend</c>: a session, or a file of sessions, in; the top K with scores out.</summary>
internal static class RecommendCommand
{
    /// <summary>Sessions of a file that are asked for together.</summary>
    private const int SessionsAtOnce = 256;

    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var items = new Option<string[]>("--items", "-i") { HelpName = "keys", Description = "Items of one session, oldest first: a,b,c; or repeated, one key each, for keys with commas" };
        var data = new Option<FileInfo?>("--data", "-d") { HelpName = "file", Description = "Events of many sessions; each gets its next items" };
        var top = CommonOptions.Top(20);
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Leave out the items of the session itself" };
        var allow = new Option<FileInfo?>("--allow") { HelpName = "file", Description = "File of the only items to recommend, one key a line" };
        var deny = new Option<FileInfo?>("--deny") { HelpName = "file", Description = "File of items never to recommend, one key a line" };
        var explain = new Option<bool>("--explain") { Description = "Also tell which click carried each item: the one without which it falls furthest" };
        var names = CommonOptions.Names();
        var output = new Option<FileInfo?>("--out", "-o") { HelpName = "file", Description = "With --data: write SessionId, Rank, ItemId, Score (and BecauseOf, RankWithout) to this file instead of the screen" };
        var json = CommonOptions.Json();
        var columns = new EventColumnOptions();
        var command = new CommandWithExamples(
            "recommend",
            "Recommends the next items of a session. Scores are logits: they rank within one answer, no more.",
            "recommend --model shop.nextitem --items SHOE-0012,SOCK-0003 --top 5 --explain",
            "recommend --model shop.nextitem --data live.tsv --exclude-seen --out next.tsv")
        {
            model, items, data, top, excludeSeen, allow, deny, explain, names, output, json,
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
            if (sessions is not null && parse.GetValue(names) is not null)
                throw new UsageException("--names goes with --items; the rows of --data have keys alone.");
            var count = parse.GetValue(top);
            FileInfo?[] reads = [parse.GetValue(model), sessions, parse.GetValue(allow), parse.GetValue(deny), parse.GetValue(names)];
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
                Many(terminal, recommender, sessions, columns.Of(parse), count, options, parse.GetValue(explain), parse.GetValue(output), parse.GetValue(json), cancellationToken);
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    /// <summary>One value is a list, unless the catalog knows it as it is; several values are one key each.</summary>
    internal static IReadOnlyList<string> Keys(ItemCatalog catalog, string[] values) =>
        values.Length == 1 && catalog.IndexOf(values[0]) < 0
            ? values[0].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : values;

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
        foreach (var key in answer.UnknownItems)
            terminal.Errors.WriteLine($"nextitem: the model does not know the item '{key}'; it was skipped.");
        if (answer.Items.Count == 0)
            terminal.Errors.WriteLine("nextitem: the model and the filters leave no item to recommend.");
        else if (answer.IsPopularFallback)
            terminal.Errors.WriteLine("nextitem: nothing of the session is known; these are the most popular items.");
        if (answer.Items.Count > 0)
            Output.ItemTable.Write(terminal, answer.Items, names, explanations);
        Files.WriteJson(json, writer =>
        {
            WriteItems(writer, answer, explanations, names);
            writer.WriteStartArray("unknownItems");
            foreach (var key in answer.UnknownItems)
                writer.WriteStringValue(key);
            writer.WriteEndArray();
        });
    }

    private static void Many(
        Terminal terminal, Recommender recommender, FileInfo data, EventColumns columns, int count, RecommendOptions options, bool explain,
        FileInfo? output, FileInfo? json, CancellationToken cancellationToken)
    {
        var sessions = EventsFile.Read(data.ToString(), columns, recommender.Model.Catalog, cancellationToken);
        if (json is not null)
        {
            Files.WriteJson(json, writer =>
            {
                writer.WriteStartArray("sessions");
                foreach (var (key, unknown, answer, explanations) in Answers(recommender, sessions, count, options, explain, cancellationToken))
                {
                    writer.WriteStartObject();
                    writer.WriteString("sessionId", key);
                    WriteItems(writer, answer, explanations, []);
                    writer.WriteNumber("unknownEvents", unknown); // a set of sessions keeps their number, not their keys
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
        }

        if (output is not null)
        {
            AtomicFile.Write(output.FullName, stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                WriteRows(writer, Answers(recommender, sessions, count, options, explain, cancellationToken), explain);
            });
            terminal.Out.WriteLine($"wrote the next {Counted.Of(count, "item")} of {Counted.Of(sessions.Count, "session")} to {output}");
        }
        else if (json is null)
        {
            WriteRows(terminal.Out, Answers(recommender, sessions, count, options, explain, cancellationToken), explain);
        }

        if (sessions.UnknownEventCount > 0)
            terminal.Errors.WriteLine($"nextitem: {sessions.UnknownEventCount:N0} of {sessions.EventCount:N0} events have items that the model does not know; they were skipped.");
    }

    private static IEnumerable<Answer> Answers(
        Recommender recommender, SessionSet sessions, int count, RecommendOptions options, bool explain, CancellationToken cancellationToken)
    {
        foreach (var some in Enumerable.Range(0, sessions.Count).Chunk(SessionsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var items = Array.ConvertAll(some, session => sessions.ItemsOf(session).ToArray());
            var positions = Array.ConvertAll(items, all => Enumerable.Range(0, all.Length).Where(i => all[i] >= 0).ToArray());
            var keys = items.Select((all, i) => Array.ConvertAll(positions[i], at => recommender.Model.Catalog.KeyOf(all[at]))).ToArray();
            var answers = recommender.RecommendMany(keys, count, options);
            for (var i = 0; i < some.Length; i++)
            {
                // Of the known events alone: the places in the whole session are told.
                var explanations = explain
                    ? Explain(recommender, keys[i], answers[i])
                        .Select(explanation => explanation is { CarriedBy: { } click } ? explanation with { CarriedBy = click with { Position = positions[i][click.Position] } } : explanation)
                        .ToArray()
                    : null;
                yield return new Answer(sessions.KeyOf(some[i]), items[i].Length - positions[i].Length, answers[i], explanations);
            }
        }
    }

    private static IReadOnlyList<Explanation> Explain(Recommender recommender, IReadOnlyList<string> session, RecommendationList answer) =>
        recommender.Explain(session, [.. answer.Items.Select(item => item.ItemKey)]);

    private static void WriteRows(TextWriter writer, IEnumerable<Answer> answers, bool explain)
    {
        writer.Write(explain ? "SessionId\tRank\tItemId\tScore\tBecauseOf\tRankWithout\n" : "SessionId\tRank\tItemId\tScore\n");
        foreach (var (key, _, answer, explanations) in answers)
        {
            for (var i = 0; i < answer.Items.Count; i++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Field(key)}\t{i + 1}\t{Field(answer.Items[i].ItemKey)}\t{(float)answer.Items[i].Score:R}"));
                if (explanations is not null)
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $"\t{Field(explanations[i].CarriedBy?.ItemKey ?? "")}\t{explanations[i].CarriedBy?.RankWithout}"));
                writer.Write('\n');
            }
        }
    }

    /// <summary>A key as a field: quoted where it holds what would end a field.</summary>
    private static string Field(string key) =>
        key.AsSpan().IndexOfAny("\t\n\r\"") < 0 ? key : $"\"{key.Replace("\"", "\"\"")}\"";

    private static void WriteItems(Utf8JsonWriter json, RecommendationList answer, IReadOnlyList<Explanation>? explanations, Dictionary<string, string> names)
    {
        json.WriteStartArray("items");
        foreach (var (i, item) in answer.Items.Index())
        {
            json.WriteStartObject();
            json.WriteString("itemId", item.ItemKey);
            json.WriteNumber("score", item.Score);
            if (names.TryGetValue(item.ItemKey, out var name))
                json.WriteString("title", name);
            if (explanations is not null)
                WriteExplanation(json, explanations[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("fallback", answer.IsPopularFallback ? "popular" : "none");
    }

    /// <summary>The click that carried an item; null where none did, as with popular items.</summary>
    private static void WriteExplanation(Utf8JsonWriter json, Explanation explanation)
    {
        if (explanation.CarriedBy is not { } click)
        {
            json.WriteNull("explanation");
            return;
        }

        json.WriteStartObject("explanation");
        json.WriteString("itemId", click.ItemKey);
        json.WriteNumber("position", click.Position);
        WriteOrNull(json, "rank", explanation.Rank);
        WriteOrNull(json, "rankWithout", click.RankWithout);
        WriteOrNull(json, "scoreWithout", click.ScoreWithout);
        json.WriteEndObject();
    }

    private static void WriteOrNull(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    /// <summary>The answer for one session of a file.</summary>
    private sealed record Answer(string Key, int UnknownEvents, RecommendationList List, IReadOnlyList<Explanation>? Explanations);
}
