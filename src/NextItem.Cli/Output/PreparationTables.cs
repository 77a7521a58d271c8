using NextItem.Preparation;

namespace NextItem.Cli.Output;

/// <summary>The report of a preparation as text.</summary>
internal static class PreparationTables
{
    /// <summary>How the input was understood, warnings, counts, files.</summary>
    public static void Write(Terminal terminal, string folder, PreparationReport report)
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
    }

    private static string Time(double? seconds) => seconds is { } time ? Sizes.Time(time) : "";
}
