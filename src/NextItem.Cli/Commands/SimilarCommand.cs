using System.CommandLine;
using NextItem.Cli.Output;

namespace NextItem.Cli.Commands;

/// <summary><c>similar</c>: items like one item.</summary>
internal static class SimilarCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = CommonOptions.Model();
        var item = new Option<string>("--item", "-i") { Description = "Key of the item", Required = true };
        var top = CommonOptions.Top(10);
        var names = CommonOptions.Names();
        var json = CommonOptions.Json();
        var command = new Command("similar", "Items whose vectors point in the most similar direction (cosine, -1 to 1).")
        {
            model, item, top, names, json,
        };
        CommonOptions.SetExamples(command, "similar --model shop.nextitem --item SHOE-0012 --top 5");

        command.SetAction((parse, _) =>
        {
            var count = CommonOptions.TopCount(parse.GetValue(top));
            var trained = Files.LoadModel(parse.GetValue(model)!);
            var shown = Files.ReadNames(parse.GetValue(names));
            using var recommender = new Recommender(trained.Model);
            var key = parse.GetValue(item)!;
            var similar = recommender.Similar(key, count);
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
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return Task.FromResult(CommandLine.Success);
        });
        return command;
    }
}
