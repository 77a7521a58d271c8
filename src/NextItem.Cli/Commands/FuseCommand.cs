using System.CommandLine;
using System.Globalization;
using NextItem.Cli.Output;

namespace NextItem.Cli.Commands;

/// <summary><c>fuse</c>: several models in, one model of their weighted ranks out.</summary>
internal static class FuseCommand
{
    private static readonly FusionOptions s_defaults = new();

    public static Command Create(Terminal terminal)
    {
        var models = new Option<string[]>("--models", "-m") { HelpName = "files", Description = "Model files of the same training events, separated by commas; repeatable", Required = true };
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "Model file to write; it holds all of them", Required = true };
        var weights = new Option<string?>("--weights", "-w") { HelpName = "list", Description = "A weight above 0 for each model, separated by commas [default: all the same]" };
        var rankOffset = CommonOptions.Parsed(
            new Option<float>("--rank-offset", "-c") { HelpName = "number", Description = "c of weight / (c + rank): the higher, the less the first places decide alone", DefaultValueFactory = _ => s_defaults.RankOffset },
            Number,
            "a number");
        var depth = CommonOptions.Parsed(
            new Option<int>("--depth") { HelpName = "number", Description = "How many of each model's best items score; 0: all", DefaultValueFactory = _ => s_defaults.Depth },
            text => CommonOptions.Number(text) is { } number and <= int.MaxValue ? (int)number : null,
            "a number of at least 0");
        var command = new CommandWithExamples(
            "fuse",
            "Makes one model of several: an item's score is the sum of weight / (c + its rank) over the models.",
            "fuse --models shop.nextitem,knn.nextitem --out both.nextitem",
            "fuse --models shop.nextitem,knn.nextitem --weights 0.7,0.3 --out both.nextitem")
        {
            models, output, weights, rankOffset, depth,
        };
        command.SetAction(parse =>
        {
            FileInfo[] files = [.. parse.GetValue(models)!.SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(path => new FileInfo(path))];
            if (files.Length < 2)
                throw new UsageException($"--models names {files.Length} files; expected two or more, separated by commas.");
            var options = new FusionOptions
            {
                Weights = [.. (parse.GetValue(weights) is { } list ? list.Split(',', StringSplitOptions.TrimEntries) : []).Select(WeightOf)],
                RankOffset = parse.GetValue(rankOffset),
                Depth = parse.GetValue(depth),
            };
            options.Validate();
            var file = parse.GetValue(output)!;
            Files.RequireWritable("--out", file, files);
            Files.SaveModel(file, Fuse(files, options));
            file.Refresh();
            terminal.Out.WriteLine($"wrote {file} ({Sizes.Bytes(file.Length)})");
            return ExitCodes.Success;
        });
        return command;
    }

    private static TrainedModel Fuse(FileInfo[] files, FusionOptions options)
    {
        var models = Array.ConvertAll(files, Files.LoadModel);
        try
        {
            return ModelFusion.Of(models, options);
        }
        catch (ArgumentException e) when (e is not OptionsException)
        {
            var numbered = string.Join(", ", files.Select((file, i) => $"{i + 1} is {file}"));
            throw new RunException($"{e.Message.Replace(" (Parameter 'models')", "", StringComparison.Ordinal)} Of these, {numbered}.", e);
        }
    }

    private static float WeightOf(string text) => Number(text) ?? throw new UsageException($"--weights has '{text}'; expected numbers above 0, separated by commas.");

    private static float? Number(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
