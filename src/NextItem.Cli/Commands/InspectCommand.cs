using System.CommandLine;
using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary><c>inspect</c>: what is in a model file or in a data file.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Option<FileInfo?>("--model", "-m") { Description = "A model file" };
        var data = new Option<FileInfo?>("--data", "-d") { Description = "An event file" };
        var json = CommonOptions.Json();
        var columns = new CommonOptions.Columns();
        var command = new Command("inspect", "Tells what is in a model file or in an event file, with the warnings of an honest reviewer.")
        {
            model, data, json,
        };
        columns.AddTo(command);
        CommonOptions.SetExamples(command, "inspect --model shop.nextitem", "inspect --data train.tsv");

        command.SetAction((parse, cancellationToken) =>
        {
            var (modelFile, dataFile) = (parse.GetValue(model), parse.GetValue(data));
            if (modelFile is null == dataFile is null)
                throw new UsageException("inspect needs either --model or --data.");
            var facts = modelFile is not null
                ? OfModel(modelFile)
                : OfData(dataFile!, EventsFile.Read(dataFile!.FullName, columns.Of(parse), null, cancellationToken));
            foreach (var (name, value) in facts.Lines)
                terminal.Out.WriteLine($"{name,-18} {value}");
            foreach (var warning in facts.Warnings)
                terminal.Out.WriteLine($"warning: {warning}");
            Files.WriteJson(parse.GetValue(json), writer => WriteJson(writer, facts));
            return Task.FromResult(CommandLine.Success);
        });
        return command;
    }

    private sealed record Facts(IReadOnlyList<(string Name, string Value)> Lines, IReadOnlyList<string> Warnings);

    private static Facts OfModel(FileInfo file)
    {
        var (model, provenance) = Files.LoadModel(file);
        var lines = new List<(string, string)>
        {
            ("file", $"{file} ({Sizes.Bytes(file.Length)}), format version {ModelFile.FormatVersion}"),
            ("algorithm", model.Algorithm),
            ("items", $"{model.Catalog.Count:N0}"),
        };
        switch (model)
        {
            case Gru4RecModel gru4Rec:
                lines.Add(("parameters", $"{gru4Rec.ParameterCount:N0}"));
                lines.AddRange(HyperparameterNames.Describe(gru4Rec.Options).Select(option => ($"  {option.Name}", option.Value)));
                break;
            case MarkovModel markov:
                lines.Add(("transitions", $"{markov.TransitionCount:N0}"));
                break;
            case PopularityModel popularity:
                lines.Add(("listed items", $"{popularity.ListedItemCount:N0}"));
                break;
        }

        lines.Add(("trained on", $"{provenance.Events:N0} events, {provenance.Sessions:N0} sessions, up to {Sizes.Time(provenance.TrainedUntil)}"));
        lines.Add(("data fingerprint", provenance.DataFingerprint));
        lines.Add(("trained by", $"NextItem {provenance.NextItemVersion}, seed {provenance.Seed}, {provenance.Threads} threads, vectors of {provenance.VectorWidth} floats"));
        if (!provenance.EpochLosses.IsDefaultOrEmpty)
            lines.Add(("epoch losses", string.Join(' ', provenance.EpochLosses.Select(loss => $"{loss:F3}"))));
        if (!provenance.ValidationMetrics.IsDefaultOrEmpty)
            lines.Add(("validation", string.Join(' ', provenance.ValidationMetrics.Select(metric => $"{metric.Name}@{metric.Cutoff} {metric.Value:F4}"))));
        return new Facts(lines, []);
    }

    private static Facts OfData(FileInfo file, SessionSet data)
    {
        var summary = DataSummary.Of(data);
        return new Facts(
            [
                ("file", $"{file} ({Sizes.Bytes(file.Length)})"),
                ("events", $"{data.EventCount:N0}"),
                ("sessions", $"{data.Count:N0}, of one event {summary.SingleEventSessions:N0}"),
                ("items", $"{data.Catalog.Count:N0}, with fewer than 5 events {summary.RareItems:N0}"),
                ("predictions", $"{summary.Pairs:N0}"),
                ("session length", $"mean {summary.MeanLength:F2}, median {summary.MedianLength}, longest {summary.LongestSession}"),
                ("repeats", $"{summary.RepeatShare:P1} of the events repeat the event before"),
                ("most popular", $"'{summary.MostPopularKey}' with {summary.MostPopularShare:P1} of the events"),
                ("time", $"{Sizes.Time(summary.FirstTime)} to {Sizes.Time(summary.LastTime)}"),
                ("fingerprint", data.Fingerprint()),
            ],
            summary.Warnings());
    }

    private static void WriteJson(Utf8JsonWriter json, Facts facts)
    {
        json.WriteStartObject("facts");
        foreach (var (name, value) in facts.Lines)
            json.WriteString(name.Trim(), value);
        json.WriteEndObject();
        json.WriteStartArray("warnings");
        foreach (var warning in facts.Warnings)
            json.WriteStringValue(warning);
        json.WriteEndArray();
    }
}
