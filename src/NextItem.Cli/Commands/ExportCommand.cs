using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Interchange;

namespace NextItem.Cli.Commands;

/// <summary><c>export</c>: a model for programs without NextItem.</summary>
internal static class ExportCommand
{
    private const string Onnx = "onnx";
    private const string Npy = "npy";
    private const string Both = "both";

    public static Command Create(Terminal terminal)
    {
        var usual = new OnnxOptions();
        var model = CommonOptions.Model();
        var to = CommonOptions.Word("--to", "What is written: networks (onnx), or item vectors for a vector database (npy)", Onnx, [Onnx, Npy]);
        var output = new Option<FileInfo>("--out", "-o") { HelpName = "file", Description = "shop.onnx: writes shop.step.onnx and shop.sessions.onnx; shop.npy: writes it and shop.keys.jsonl", Required = true };
        var graph = CommonOptions.Word("--graph", "Of onnx: one event of each session (step), the best items of whole sessions (sessions), or both, a file each", Both, [Both, "step", "sessions"]);
        var top = CommonOptions.Top(usual.Top);
        top.Description = "Of the graph of sessions: how many items it gives, K, where a call does not say it";
        var excludeSeen = new Option<bool>("--exclude-seen") { Description = "Of the graph of sessions: leaves the session's own items out, where a call does not say otherwise" };
        var command = new CommandWithExamples(
            "export",
            "Writes a model for programs without NextItem: ONNX graphs of a network, or item vectors. docs/export.md tells inputs and outputs.",
            "export --model shop.nextitem --out shop.onnx",
            "export --model shop.nextitem --graph sessions --top 10 --exclude-seen --out shop.onnx",
            "export --model shop.nextitem --to npy --out vectors.npy")
        {
            model, to, output, graph, top, excludeSeen,
        };

        command.SetAction(parse =>
        {
            var (file, target) = (parse.GetValue(model)!, parse.GetValue(output)!);
            if (parse.GetValue(to) == Npy)
            {
                foreach (var option in (Option[])[graph, top, excludeSeen])
                {
                    if (parse.GetResult(option) is { Implicit: false })
                        throw new UsageException($"{option.Name} is for --to {Onnx}; expected --to {Npy} without it.");
                }

                WriteNpy(terminal, file, target);
            }
            else
            {
                foreach (var option in (Option[])[top, excludeSeen])
                {
                    if (parse.GetValue(graph) == NameOf(OnnxGraph.Step) && parse.GetResult(option) is { Implicit: false })
                        throw new UsageException($"{option.Name} is for the graph of sessions; expected --graph {NameOf(OnnxGraph.Step)} without it.");
                }

                WriteOnnx(terminal, file, target, parse.GetValue(graph)!, new OnnxOptions { Top = parse.GetValue(top), ExcludeSeen = parse.GetValue(excludeSeen) });
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static void WriteOnnx(Terminal terminal, FileInfo file, FileInfo target, string graph, OnnxOptions options)
    {
        var graphs = Enum.GetValues<OnnxGraph>().Where(each => graph == Both || graph == NameOf(each)).ToArray();
        var targets = Array.ConvertAll(graphs, each => Beside(target, ".onnx", $".{NameOf(each)}.onnx"));
        foreach (var each in targets)
            Files.RequireWritable("--out", each, file);
        using var trained = Files.LoadModel(file);
        if (!OnnxFile.CanWrite(trained.Model))
            throw new RunException($"{file} holds a model of algorithm '{trained.Model.Algorithm}', which has no ONNX graph; expected gru4rec or prnn.");
        try
        {
            AtomicFile.WriteAll([.. graphs.Select((each, g) => (targets[g].FullName, (Action<Stream>)(stream => OnnxFile.Write(stream, trained, each, options))))]);
        }
        catch (NotSupportedException e)
        {
            throw new RunException($"{file}: {e.Message}", e);
        }

        for (var g = 0; g < graphs.Length; g++)
            Report(terminal, targets[g], graphs[g] == OnnxGraph.Step ? "one event of each session: items, state -> scores, next_state, query" : $"best {options.Top} items of each session: sessions -> items, scores, popular");
    }

    private static void WriteNpy(Terminal terminal, FileInfo file, FileInfo target)
    {
        var keys = Beside(target, ".npy", ".keys.jsonl");
        Files.RequireWritable("--out", target, file);
        Files.RequireWritable("--out", keys, file, target);
        using var trained = Files.LoadModel(file);
        if (!ItemVectorsFile.CanWrite(trained.Model))
            throw new RunException($"{file} holds a model of algorithm '{trained.Model.Algorithm}', which has no item vectors; expected gru4rec, prnn or bpr-mf.");
        AtomicFile.WriteAll(
            (keys.FullName, stream => ItemVectorsFile.WriteKeys(stream, trained.Model.Catalog)),
            (target.FullName, stream => ItemVectorsFile.WriteVectors(stream, trained.Model)));
        var length = ItemVectorsFile.LengthOf(trained.Model);
        Report(terminal, target, $"{Counted.Of(trained.Model.Catalog.Count, "vector")} of {length:N0} floats{(length > ((IItemVectors)trained.Model).VectorLength ? ", the last one the item's bias" : "")}");
        Report(terminal, keys, "the key of each, a JSON string a line");
    }

    private static void Report(Terminal terminal, FileInfo file, string what)
    {
        file.Refresh();
        terminal.Out.WriteLine($"wrote {file} ({Sizes.Bytes(file.Length)}): {what}");
    }

    private static string NameOf(OnnxGraph graph) => graph.ToString().ToLowerInvariant();

    /// <summary>The path with another end in the place of an extension, or behind it where it has another one.</summary>
    private static FileInfo Beside(FileInfo file, string extension, string end)
    {
        var path = file.ToString();
        return new FileInfo((path.EndsWith(extension, StringComparison.OrdinalIgnoreCase) ? path[..^extension.Length] : path) + end);
    }
}
