using System.CommandLine;
using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>add-items</c>: items without any event get a place in a p-RNN by their features.</summary>
internal static class AddItemsCommand
{
    /// <summary>Keys of items that are told by name.</summary>
    private const int Shown = 5;

    public static Command Create(Terminal terminal)
    {
        var usual = new NewItemOptions();
        var model = new Option<FileInfo>("--model", "-m") { HelpName = "file", Description = "Model file of a p-RNN, as 'train --algorithm prnn' writes it", Required = true };
        var features = new Option<string[]>("--features") { HelpName = "file", Description = "The new items' features, in columns of the same names as in training; repeatable. Items that the model has are passed over", Required = true };
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "Model file to write", Required = true };
        var neighbours = CommonOptions.Parsed(
            new Option<int>("--neighbours") { HelpName = "number", Description = "Items with the most similar features, whose mean a new item's place is", DefaultValueFactory = _ => usual.Neighbours },
            text => CommonOptions.Number(text) is { } number and >= 1 and <= int.MaxValue ? (int)number : null,
            "a number of at least 1");
        var sharpness = CommonOptions.Parsed(
            new Option<float>("--sharpness") { HelpName = "number", Description = "Power of the similarity that they are weighted by; 0 counts all alike", DefaultValueFactory = _ => usual.Sharpness },
            text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var power) && power >= 0 && float.IsFinite(power) ? power : null,
            "a number of at least 0");
        var json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "add-items",
            "Gives items that training had no event of a place in a p-RNN by their features, so that they are recommended too.",
            "add-items --model shop.nextitem --features new.tsv --out shop-today.nextitem",
            "add-items --model shop.nextitem --features new.tsv --features images.parquet --neighbours 50 --out shop-today.nextitem")
        {
            model, features, output, neighbours, sharpness, json,
        };

        command.SetAction((parse, cancellationToken) =>
        {
            var (file, target) = (parse.GetValue(model)!, parse.GetValue(output)!);
            var settings = FeatureSettings.Parse(parse.GetValue(features)!);
            FileInfo?[] reads = [file, .. settings.Sources.Select(source => new FileInfo(source.Path))];
            Files.RequireWritable("--out", target, reads);
            Files.RequireWritable("--json", parse.GetValue(json), [.. reads, target]);
            using var trained = Files.LoadModel(file);
            if (trained.Model is not PrnnModel { Features: { } known } prnn)
                throw new RunException($"{file} holds a model of algorithm '{trained.Model.Algorithm}' that reads no item features; expected a p-RNN that does.");
            var table = FeatureFiles.ReadNewItems(settings.Sources, known, cancellationToken);
            var result = prnn.AddItems(known.Encode(table), new NewItemOptions { Neighbours = parse.GetValue(neighbours), Sharpness = parse.GetValue(sharpness) }, cancellationToken);
            using var extended = result.Model;
            terminal.Out.WriteLine($"{Counted.Of(result.Added.Length, "new item")}; {result.Known.Length:N0} of the file's are in the model already");
            if (result.WithoutPlace is not [])
                terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(result.WithoutPlace.Length, "item")} without a feature that any item of the model has, left out: {string.Join(", ", result.WithoutPlace.Take(Shown))}{(result.WithoutPlace.Length > Shown ? ", ..." : "")}");
            if (result.Added is [])
                throw new RunException($"{settings.Sources[0].Path}: there is no new item that could be added; {target} was not written.");
            Files.SaveModel(target, trained with { Model = extended });
            target.Refresh();
            terminal.Out.WriteLine($"wrote {target} ({Sizes.Bytes(target.Length)}): {extended.Catalog.Count:N0} items");
            Files.WriteJson(parse.GetValue(json), writer =>
            {
                writer.WriteString("model", target.ToString());
                writer.WriteNumber("items", extended.Catalog.Count);
                writer.WriteNumber("added", result.Added.Length);
                writer.WriteNumber("known", result.Known.Length);
                writer.WriteNumber("withoutPlace", result.WithoutPlace.Length);
            });
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
