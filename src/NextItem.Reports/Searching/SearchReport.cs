using System.Net;
using System.Text;

namespace NextItem.Reports;

/// <summary>Writes what a search came to: a page, and a picture of the trials and of what mattered.</summary>
public static class SearchReport
{
    private const int Width = 960;
    private const int PhoneWidth = 420;

    /// <summary>Writes the picture as PNG.</summary>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="summary">The search.</param>
    /// <exception cref="PlatformNotSupportedException">The drawing library does not load here.</exception>
    public static void WritePng(Stream destination, SearchSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        using var culture = OneCulture.Here();
        DrawingLibrary.Run(() => Picture.WritePng(destination, Width, SearchPlot.Height(summary, Width), canvas => SearchPlot.Draw(canvas, summary, Width)));
    }

    /// <summary>Writes the picture as SVG.</summary>
    /// <inheritdoc cref="WritePng"/>
    public static void WriteSvg(Stream destination, SearchSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        using var culture = OneCulture.Here();
        WriteSvg(destination, summary, Width);
    }

    /// <summary>Writes a page that needs nothing beside it; without a picture where the drawing library does not load. Text from outside is encoded.</summary>
    /// <param name="destination">Receives the page.</param>
    /// <param name="summary">The search.</param>
    public static void WriteHtml(Stream destination, SearchSummary summary)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(summary);
        using var culture = OneCulture.Here();
        using var stream = typeof(SearchReport).Assembly.GetManifestResourceStream("NextItem.Reports.SearchPage.html")!;
        using var reader = new StreamReader(stream);
        Dictionary<string, string> parts = new()
        {
            ["title"] = Encoded(summary.Title),
            ["sentences"] = Paragraphs(summary.Sentences),
            ["picture"] = PictureOf(summary),
            ["trials"] = Table(summary),
            ["facts"] = string.Join('\n', summary.Facts.Select(fact => $"<li>{Encoded(fact)}</li>")),
        };
        var page = new StringBuilder();
        var rest = reader.ReadToEnd().AsSpan();
        while (rest.IndexOf("{{") is >= 0 and var start)
        {
            var end = rest.IndexOf("}}");
            page.Append(rest[..start]).Append(parts[rest[(start + 2)..end].ToString()]);
            rest = rest[(end + 2)..];
        }

        destination.Write(Encoding.UTF8.GetBytes(page.Append(rest).ToString()));
    }

    private static void WriteSvg(Stream destination, SearchSummary summary, int width) =>
        DrawingLibrary.Run(() => Picture.WriteSvg(destination, width, SearchPlot.Height(summary, width), canvas => SearchPlot.Draw(canvas, summary, width)));

    private static string PictureOf(SearchSummary summary)
    {
        try
        {
            return $"<picture><source media=\"(max-width: 42rem)\" srcset=\"{Data(PhoneWidth)}\"><img src=\"{Data(Width)}\" alt=\"{Encoded(summary.Metric)} of the trials, what mattered, and the values that were tried\"></picture>";
        }
        catch (PlatformNotSupportedException e)
        {
            return $"<p class=\"note\">{Encoded(e.Message)}</p>";
        }

        string Data(int width)
        {
            using var buffer = new MemoryStream();
            WriteSvg(buffer, summary, width);
            return $"data:image/svg+xml;base64,{Convert.ToBase64String(buffer.ToArray())}";
        }
    }

    private static string Table(SearchSummary summary)
    {
        var rows = new StringBuilder();
        var names = summary.Space.Parameters.Select(parameter => parameter.Name).ToArray();
        string[] header = ["trial", summary.Metric, .. summary.HasEpochs ? ["epochs"] : Array.Empty<string>(), .. summary.Seconds.IsDefaultOrEmpty ? [] : new[] { "seconds" }, .. names];
        rows.Append($"<div class=\"scroll\"><table><thead><tr>{string.Concat(header.Select(cell => $"<th>{Encoded(cell)}</th>"))}</tr></thead><tbody>\n");
        var ranked = summary.Trials.Where(trial => trial.Rung >= 0).OrderBy(trial => trial.IsFailed).ThenByDescending(trial => trial.Value).ThenByDescending(trial => trial.Rung).ThenBy(trial => trial.Number).ToArray();
        foreach (var trial in ranked)
        {
            string[] cells =
            [
                $"{trial.Number}",
                trial.IsFailed ? "failed" : $"{trial.Value:F4}",
                .. summary.HasEpochs ? [$"{summary.Rungs[trial.Rung]}"] : Array.Empty<string>(),
                .. summary.Seconds.IsDefaultOrEmpty ? [] : new[] { $"{summary.Seconds[trial.Number]:F1}" },
                .. summary.Space.Parameters.Select((parameter, i) => double.IsNaN(trial.Point[i]) ? "" : parameter.TextOf(trial.Point[i])),
            ];
            rows.Append($"<tr{(trial == ranked[0] ? " class=\"best\"" : "")}>{string.Concat(cells.Select(cell => $"<td>{Encoded(cell)}</td>"))}</tr>\n");
        }

        return rows.Append("</tbody></table></div>").ToString();
    }

    private static string Paragraphs(IEnumerable<string> sentences) => string.Join('\n', sentences.Select(sentence => $"<p>{Encoded(sentence)}</p>"));

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
