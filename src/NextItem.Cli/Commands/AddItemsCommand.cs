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
        var penalty = Number("--penalty", "Ridge penalty of the regression from features to what was learned of items: larger, and new items are more alike", usual.Penalty, number => number > 0, "a number above 0");
        var halfTrust = Number("--half-trust", "Events from which on what was learned of an item is half trusted; 0 trusts all alike", usual.HalfTrust, number => number >= 0, "a number of at least 0");
        var boost = Number("--boost", "Added to the scores of new items: above 0 they are recommended more often", usual.Boost, _ => true, "a number");
        var json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "add-items",
            "Gives items that training had no event of a place in a p-RNN by their features, so that they are recommended too.",
            "add-items --model shop.nextitem --features new.tsv --out shop-today.nextitem",
            "add-items --model shop.nextitem --features new.tsv --features images.parquet --boost 1 --out shop-today.nextitem")
        {
            model, features, output, penalty, halfTrust, boost, json,
        };

        command.SetAction((parse, cancellationToken) =>
        {
            var (file, target) = (parse.GetValue(model)!, parse.GetValue(output)!);
            var settings = FeatureSettings.Parse(parse.GetValue(features)!);
            if (settings.Sources.FirstOrDefault(source => !source.Blocks.IsEmpty || source.Block is not null) is { } said)
                throw new UsageException($"--features {said.Path}: add-items reads the columns that the model was trained with; expected the file alone, with item=, keys= or missing= at most.");
            FileInfo?[] reads = [file, .. settings.Sources.Select(source => new FileInfo(source.Path))];
            Files.RequireWritable("--out", target, reads);
            Files.RequireWritable("--json", parse.GetValue(json), [.. reads, target]);
            using var trained = Files.LoadModel(file);
            if (trained.Model is not PrnnModel { Features: { } known } prnn)
                throw new RunException($"{file} holds a model of algorithm '{trained.Model.Algorithm}' that reads no item features; expected a p-RNN that does.");
            var table = FeatureFiles.ReadNewItems(settings.Sources, known, cancellationToken);
            var result = prnn.AddItems(known.Encode(table), new NewItemOptions { Penalty = parse.GetValue(penalty), HalfTrust = parse.GetValue(halfTrust), Boost = (float)parse.GetValue(boost) }, cancellationToken);
            using var extended = result.Model;
            terminal.Out.WriteLine($"{Counted.Of(result.Added.Length, "new item")}; {result.Known.Length:N0} of the file's are in the model already");
            if (result.WithoutPlace is not [])
                terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(result.WithoutPlace.Length, "item")} without a word, category or number that the model knows, left out: {string.Join(", ", result.WithoutPlace.Take(Shown))}{(result.WithoutPlace.Length > Shown ? ", ..." : "")}");
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

    private static Option<double> Number(string name, string description, double usual, Func<double, bool> isFine, string expected) => CommonOptions.Parsed(
        new Option<double>(name) { HelpName = "number", Description = description, DefaultValueFactory = _ => usual },
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && isFine(number) ? number : null,
        expected);
}
