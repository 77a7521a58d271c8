using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NextItem.Preparation;

namespace NextItem.Cli.Output;

/// <summary>The report of a preparation as text.</summary>
internal static class PreparationTables
{
    private const int LongestShown = 3;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How the input was understood, warnings, counts, files, and which steps took longest.</summary>
    public static void Write(Terminal terminal, string folder, PreparationReport report, IReadOnlyList<(string Step, TimeSpan Time)> timings)
    {
        foreach (var sentence in report.Understood)
            terminal.Out.WriteLine(sentence);
        if (report.BadRowCount > 0)
        {
            terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(report.BadRowCount, "bad row")} passed over{(report.BadRows.Count < report.BadRowCount ? ", the first of them" : "")}:");
            foreach (var row in report.BadRows)
                terminal.Errors.WriteLine($"nextitem:   {row}");
        }

        foreach (var warning in report.Warnings)
            terminal.Errors.WriteLine($"nextitem: warning: {warning}");
        terminal.WriteTable(
            ["after step", "of", "events", "sessions", "items", "from", "to"],
            report.Counts.Select(count => (IReadOnlyList<string>)[count.Step, count.Table, $"{count.Events:N0}", $"{count.Sessions:N0}", $"{count.Items:N0}", Time(count.FirstTime), Time(count.LastTime)]),
            leftColumns: 2);
        terminal.Out.WriteLine($"wrote {string.Join(", ", report.Files.Select(file => file.Name))}, prepare.json, prepare.html, prepare.sql to {folder}");
        var longest = timings.GroupBy(timing => timing.Step, timing => timing.Time.TotalSeconds).Select(step => (Step: step.Key, Seconds: step.Sum())).OrderByDescending(step => step.Seconds).Take(LongestShown);
        terminal.Out.WriteLine($"took {timings.Sum(timing => timing.Time.TotalSeconds):F1} s; longest: {string.Join(", ", longest.Select(step => $"{step.Step} {step.Seconds:F1} s"))}");
    }

    /// <summary>The report with the steps' times, which prepare.json leaves out: the same input gives the same bytes there.</summary>
    public static void WriteJson(Stream stream, PreparationReport report, IReadOnlyList<(string Step, TimeSpan Time)> timings)
    {
        using var written = new MemoryStream();
        report.WriteJson(written);
        written.Position = 0;
        var json = JsonNode.Parse(written)!;
        json["timings"] = new JsonArray([.. timings.Select(timing => (JsonNode)new JsonObject { ["step"] = timing.Step, ["seconds"] = Math.Round(timing.Time.TotalSeconds, 3) })]);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(s_json) + "\n"));
    }

    private static string Time(double? seconds) => seconds is { } time ? Sizes.Time(time) : "";
}
