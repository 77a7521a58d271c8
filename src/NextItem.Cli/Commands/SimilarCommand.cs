using System.CommandLine;
using NextItem.Cli.Output;

namespace NextItem.Cli.Commands;

/// <summary><c>similar</c>: items like one item.</summary>
internal static class SimilarCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var item = new Option<string>("--item", "-i") { HelpName = "key", Description = "Key of the item", Required = true };
        var top = CommonOptions.Top(10);
        var names = CommonOptions.Names();
        var json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "similar",
            "Items whose vectors point in the most similar direction (cosine, -1 to 1).",
            "similar --model shop.nextitem --item SHOE-0012 --top 5")
        {
            model, item, top, names, json,
        };

        command.SetAction((parse, _) =>
        {
            var reads = new[] { parse.GetValue(model), CommonOptions.FileOf(parse.GetValue(names)) };
            Files.RequireWritable("--json", parse.GetValue(json), reads);
            var trained = Files.LoadModel(parse.GetValue(model)!);
            var shown = Files.ReadNames(terminal, parse.GetValue(names), trained.Model.Catalog);
            using var recommender = new Recommender(trained.Model);
            var key = parse.GetValue(item)!;
            var similar = Similar(recommender, key, parse.GetValue(top));
            ItemTable.Write(terminal, similar, shown);
            Files.WriteJson(parse.GetValue(json), writer =>
            {
                writer.WriteString("itemId", key);
                writer.WriteStartArray("items");
                foreach (var other in similar)
                {
                    writer.WriteStartObject();
                    writer.WriteString("itemId", other.ItemKey);
                    writer.WriteNumber("score", other.Score);
                    if (shown.TryGetValue(other.ItemKey, out var name))
                        writer.WriteString("title", name);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static IReadOnlyList<Recommendation> Similar(Recommender recommender, string key, int count)
    {
        try
        {
            return recommender.Similar(key, count);
        }
        catch (KeyNotFoundException e)
        {
            throw new RunException(e.Message + NearestItem.Question(recommender.Model.Catalog, key), e);
        }
        catch (NotSupportedException e)
        {
            throw new RunException(e.Message, e);
        }
    }
}
