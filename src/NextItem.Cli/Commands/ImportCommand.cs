using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Interchange;

namespace NextItem.Cli.Commands;

/// <summary><c>import</c>: weights or settings of another program.</summary>
internal static class ImportCommand
{
    private const string PyTorch = "gru4rec-pytorch";
    private const string RecBoleName = "recbole";

    public static Command Create(Terminal terminal)
    {
        var from = CommonOptions.Word("--from", "Whose files: weights of the authors' PyTorch version (.npz), or RecBole's settings of GRU4Rec (YAML)", "", [PyTorch, RecBoleName]);
        from.Required = true;
        from.DefaultValueFactory = null;
        var input = new Option<FileInfo[]>("--input", "-i") { HelpName = "file", Description = "The archive of arrays, or a configuration; of several configurations the later ones count. docs/coming-from.md has the lines that write the archive", Required = true };
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "Model file to write, or settings file for train --params", Required = true };
        var command = new CommandWithExamples(
            "import",
            "Takes over a network of the authors' PyTorch version, or the settings of RecBole's GRU4Rec, field by field.",
            $"import --from {PyTorch} --input weights.npz --out shop.nextitem",
            $"import --from {RecBoleName} --input gru4rec.yaml --out settings.json")
        {
            from, input, output,
        };

        command.SetAction(parse =>
        {
            var (files, target) = (parse.GetValue(input)!, parse.GetValue(output)!);
            Files.RequireWritable("--out", target, files);
            if (parse.GetValue(from) == RecBoleName)
                ImportSettings(terminal, files, target);
            else if (files is [var only])
                ImportWeights(terminal, only, target);
            else
                throw new UsageException($"--input names {files.Length} files; expected one archive.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static void ImportWeights(Terminal terminal, FileInfo file, FileInfo target)
    {
        if (!file.Exists)
            throw new RunException($"{file} {(Directory.Exists(file.FullName) ? "is a directory" : "does not exist")}; expected an .npz archive of weights.");
        using var trained = PyTorchWeights.Read(file.ToString());
        Files.SaveModel(target, trained);
        target.Refresh();
        var model = (Gru4RecModel)trained.Model;
        terminal.Out.WriteLine($"{Counted.Of(model.Catalog.Count, "item")}; layers={string.Join('/', model.Options.Layers)}, variant={Choices.NameOf(Choices.Variants, model.Options.Variant)}, embedding_mode={Choices.NameOf(Choices.EmbeddingModes, model.Options.Embedding)}");
        if (model.Catalog.Support.IndexOfAnyExcept(0) < 0)
            terminal.Errors.WriteLine($"nextitem: warning: {file} has no 'item_support': sessions without a known item get items in the order of the archive instead of popular ones.");
        terminal.Out.WriteLine($"wrote {target} ({Sizes.Bytes(target.Length)})");
    }

    private static void ImportSettings(Terminal terminal, FileInfo[] files, FileInfo target)
    {
        var fields = RecBole.Map(RecBoleFile.Read(files));
        (string Name, string Value)[] settings = [.. RecBole.Always.Select(each => (each.Name, each.Value)), .. fields.SelectMany(field => field.Settings)];
        var assignments = new Assignments();
        foreach (var (name, value) in settings)
            assignments.Add(name, value);
        OptionWords.Validate(assignments.ApplyTo(new Gru4RecOptions()).Validate, assignments.NameOf);
        JsonFile.Write(target, json =>
        {
            json.WriteString("algorithm", "gru4rec");
            json.WriteString("source", $"RecBole: {string.Join(", ", files.Select(file => file.Name))}");
            json.WriteStartObject("parameters");
            foreach (var (name, value) in settings)
                json.WriteString(name, value);
            json.WriteEndObject();
        });

        foreach (var field in fields)
        {
            var left = $"{field.Name}: {field.Value}{(field.IsDefault ? " (RecBole's default)" : "")}";
            var right = field.Settings is [] ? field.HasNoCounterpart ? "no counterpart" : "" : string.Join(", ", field.Settings.Select(setting => $"{setting.Name}={setting.Value}"));
            terminal.Out.WriteLine($"{left} -> {right}{(field.Note.Length == 0 ? "" : right.Length == 0 ? field.Note : $"; {field.Note}")}");
        }

        foreach (var (name, value, why) in RecBole.Always)
            terminal.Out.WriteLine($"always -> {name}={value}; {why}");
        var without = fields.Where(field => field.HasNoCounterpart).Select(field => field.Name).ToArray();
        if (without is not [])
            terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(without.Length, "field")} without a counterpart: {string.Join(", ", without)}");
        terminal.Out.WriteLine($"wrote {target}: train --params {ShellText.Quoted(target)}");
    }
}
