using System.Net;
using System.Text;
using NextItem.Preparation.Contract;

namespace NextItem.Preparation.Output;

/// <summary>The report as one HTML file that needs no other.</summary>
internal static class PreparationPage
{
    private const string Style = """
        :root { color-scheme: light dark; --bar: #2a6fb0; --line: #8886; }
        * { box-sizing: border-box; } p, li, h1, h2 { overflow-wrap: anywhere; }
        body { font: 15px/1.5 system-ui, "DejaVu Sans", sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th:first-child, td:first-child, th.text, td.text { text-align: left; }
        td.wrap { white-space: normal; overflow-wrap: anywhere; font-family: monospace; font-size: .8rem; }
        .warning { border-left: 4px solid #c77700; padding: .3rem .8rem; margin: .5rem 0; }
        .wide { overflow-x: auto; } svg { width: 100%; min-width: 36rem; height: auto; } svg text { font-size: 11px; fill: currentColor; }
        """;

    /// <summary>The page.</summary>
    public static string Of(PreparationReport report)
    {
        var title = report.Format == FormatNames.Events ? "Preparation of a log" : $"Preparation of a log, format {Text(report.Format)}";
        var html = new StringBuilder($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>
            {Style}
            </style></head><body>
            <h1>{title}</h1>

            """);
        foreach (var warning in report.Warnings)
            html.Append($"<p class=\"warning\">{Text(warning)}</p>\n");
        foreach (var sentence in report.Understood)
            html.Append($"<p>{Text(sentence)}</p>\n");
        if (report.BadRowCount > 0)
            html.Append($"<h2>Bad rows: {report.BadRowCount:N0}</h2>\n<ul>{string.Concat(report.BadRows.Select(row => $"<li>{Text(row)}</li>"))}</ul>\n");
        html.Append("<h2>Counts after each step</h2>\n");
        Table(html, ["step", "table", "events", "sessions", "items", "from", "to"], 2, report.Counts.Select(count => new[]
        {
            count.Step, count.Table, $"{count.Events:N0}", $"{count.Sessions:N0}", $"{count.Items:N0}", ShownTime.Of(count.FirstTime), ShownTime.Of(count.LastTime),
        }));
        foreach (var histogram in report.Histograms)
            html.Append($"<h2>{Text(char.ToUpperInvariant(histogram.Name[0]) + histogram.Name[1..])}: {Text(histogram.Counted)}</h2>\n<div class=\"wide\">{HistogramSvg.Of(histogram)}</div>\n");
        html.Append("<h2>Files</h2>\n");
        Table(html, ["file", "rows", "fingerprint of the sessions, as in model files", "SHA-256"], 1, report.Files.Select(file => new[] { file.Name, $"{file.Rows:N0}", file.Fingerprint ?? "", file.Sha256 }), wrapFrom: 2);
        html.Append("<h2>Input</h2>\n");
        Table(html, ["name", "bytes"], 1, report.Inputs.Select(input => new[] { input.Name, $"{input.Bytes:N0}" }));
        return html.Append("</body></html>\n").ToString();
    }

    private static void Table(StringBuilder html, string[] header, int textColumns, IEnumerable<string[]> rows, int wrapFrom = int.MaxValue)
    {
        html.Append("<div class=\"wide\"><table><tr>").AppendJoin("", header.Select((cell, i) => $"<th{Class(i, textColumns, int.MaxValue)}>{Text(cell)}</th>")).Append("</tr>\n");
        foreach (var row in rows)
            html.Append("<tr>").AppendJoin("", row.Select((cell, i) => $"<td{Class(i, textColumns, wrapFrom)}>{Text(cell)}</td>")).Append("</tr>\n");
        html.Append("</table></div>\n");
    }

    private static string Class(int column, int textColumns, int wrapFrom) => column >= wrapFrom ? " class=\"text wrap\"" : column < textColumns ? " class=\"text\"" : "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
