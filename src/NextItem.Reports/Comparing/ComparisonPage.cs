using System.Net;
using System.Text;

namespace NextItem.Reports;

/// <summary>The comparison's HTML page: a template, and the parts that are put in it. Every text from outside is encoded.</summary>
internal sealed partial class ComparisonPage(ModelComparison comparison, string? note)
{
    private const int PhoneWidth = 420; // of the pictures on a phone, which is a little narrower: their letters stay legible
    private const string Template = "NextItem.Reports.ComparisonPage.html";

    private static readonly (SliceBy By, string Heading, string First)[] s_slicings =
    [
        (SliceBy.Position, "by how many events of the session the model has seen", "events seen"),
        (SliceBy.Length, "by length of the session", "events"),
        (SliceBy.Popularity, "by the target's popularity in training", "target"),
        (SliceBy.Seen, "by whether the session has had the target before", "target"),
    ];

    private static readonly string[] s_rules = ["drop", "miss"];

    private bool _cannotDraw;

    private static string Title(ModelComparison comparison) => comparison.Models.Length == 1 ? $"{comparison.Models[0].Name} on {comparison.Data}" : $"{comparison.Models.Length} models on {comparison.Data}";

    public override string ToString()
    {
        using var stream = typeof(ComparisonPage).Assembly.GetManifestResourceStream(Template)!;
        using var reader = new StreamReader(stream);
        Dictionary<string, string> parts = new()
        {
            ["title"] = Encoded(Title(comparison)),
            ["sentences"] = string.Join('\n', comparison.Sentences.Concat(note is null ? [] : [note]).Select(sentence => $"<p>{Encoded(sentence)}</p>")),
            ["warnings"] = Warnings(),
            ["interval-note"] = $"In small print: the {ComparisonSentences.Percent(comparison.Resampling.Level)} interval, by drawing the {comparison.SessionsWithCases:N0} sessions anew {comparison.Resampling.Resamples:N0} times.",
            ["models"] = Models(),
            ["circumstances"] = Circumstances(),
            ["speed"] = Speed(),
            ["training"] = Training(),
            ["differences"] = Differences(),
            ["pictures"] = Pictures(),
            ["metrics"] = Metrics(),
            ["unknown"] = Unknown(),
            ["slices"] = Slices(),
            ["facts"] = string.Join('\n', Facts().Select(fact => $"<li>{Encoded(fact)}</li>")),
        };

        // One pass over the template: a name that looks like a place of it stays what it is.
        var page = new StringBuilder();
        var rest = reader.ReadToEnd().AsSpan();
        while (rest.IndexOf("{{") is >= 0 and var start)
        {
            var end = rest.IndexOf("}}");
            page.Append(rest[..start]).Append(parts[rest[(start + 2)..end].ToString()]);
            rest = rest[(end + 2)..];
        }

        return page.Append(rest).ToString();
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private string Warnings() => comparison.Warnings.IsEmpty ? "" :
        $"<h2>Warnings</h2>\n<ul class=\"warnings\">\n{string.Join('\n', comparison.Warnings.Select(warning => $"<li>{Encoded(warning)}</li>"))}\n</ul>";

    private string Models()
    {
        var metrics = comparison.Models[0].Evaluation.Result.Metrics.Where(metric => metric.Cutoff == comparison.Cutoff).ToArray();
        return Table(["model", .. metrics.Select(metric => MetricLabels.At(metric.Name, metric.Cutoff))], Enumerable.Range(0, comparison.Models.Length).Select(model =>
            (model == comparison.Best && comparison.Models.Length > 1, (string[])
            [
                $"<td>{Encoded(comparison.Models[model].Name)}</td>",
                .. metrics.Select(metric => $"<td>{comparison.Models[model].Evaluation.Result.ValueOf(metric.Name, metric.Cutoff):F4}{Interval(comparison.IntervalOf(model, metric.Name, metric.Cutoff))}</td>"),
            ])));
    }

    /// <summary>What no metric says: how much hangs on ties, how often there is no score at all, and how long an event takes.</summary>
    private string Circumstances()
    {
        var timed = comparison.Models.Any(model => model.Latency is not null);
        var diverse = comparison.Models.Any(model => model.Evaluation.Result.ListedFeatures is not null);
        return Table(
            ["model", "algorithm", "cases tied", "targets without a score", .. diverse ? ["listed without features"] : Array.Empty<string>(), .. timed ? ["ms an event, median", "95 % within"] : Array.Empty<string>()],
            comparison.Models.Select(model => (false, (string[])
            [
                $"<td>{Encoded(model.Name)}</td>",
                $"<td>{Encoded(model.Algorithm)}</td>",
                $"<td>{model.Evaluation.Result.TieShare:P2}</td>",
                $"<td>{(double)model.Evaluation.Result.UnscoredCases / model.Evaluation.Result.Cases:P2}</td>",
                .. diverse ? [$"<td>{WithoutFeatures(model.Evaluation.Result.ListedFeatures)}</td>"] : Array.Empty<string>(),
                .. timed ? [$"<td>{model.Latency?.Median.TotalMilliseconds:F3}</td>", $"<td>{model.Latency?.Percentile95.TotalMilliseconds:F3}</td>"] : Array.Empty<string>(),
            ])),
            textColumns: 2);
    }

    private static string WithoutFeatures(ListedFeatures? listed) => listed is { Places: > 0 } ? $"{(double)listed.PlacesWithoutFeatures / listed.Places:P2}" : "";

    private static string Interval(ConfidenceInterval? interval) => interval is { } range ? $"<span class=\"interval\">{range.Low:F4} to {range.High:F4}</span>" : "";

    private string Differences()
    {
        if (comparison.Models.Length == 1)
            return "";
        var rows = comparison.Differences.Select(each => (false, (string[])
        [
            $"<td>{Encoded(comparison.Models[each.Model].Name)}</td>",
            $"<td>{MetricLabels.At(each.Metric, each.Cutoff)}</td>",
            $"<td>{each.Paired.Difference.Value:F4}{Interval(each.Paired.Difference)}</td>",
            $"<td>{each.Paired.PValue:F4}</td>",
            $"<td>{each.AdjustedP:F4}</td>",
            $"<td>{(each.IsBeyondChance ? "beyond chance" : "may be chance")}</td>",
        ]));
        return $"<h2>Behind {Encoded(comparison.Models[comparison.Best].Name)}</h2>\n"
            + "<p class=\"note\">The best model's number less the other's, on the same cases. p: how often exchanging the two models within sessions drawn by chance gives a difference as large; "
            + "corrected after Holm for the models compared in one metric.</p>\n"
            + Table(["model", "metric", "behind by", "p", "p corrected", ""], rows, textColumns: 2);
    }

    private string Pictures() => $"<h2>Pictures</h2>\n{Image(ComparisonPicture.Intervals)}\n{Image(ComparisonPicture.Positions)}";

    /// <summary>A picture in the page itself; nothing where the models were not measured for it, and one sentence where none can be drawn.</summary>
    private string Image(ComparisonPicture picture)
    {
        if (!ComparisonReport.CanDraw(comparison, picture) || _cannotDraw)
            return "";
        try
        {
            return $"<picture><source media=\"(max-width: 42rem)\" srcset=\"{Data(picture, PhoneWidth)}\">"
                + $"<img alt=\"{Encoded(ComparisonPictures.Says(comparison, picture))}\" src=\"{Data(picture, ComparisonReport.Width)}\"></picture>";
        }
        catch (PlatformNotSupportedException e)
        {
            _cannotDraw = true;
            return $"<p>{Encoded(e.Message)}</p>";
        }
    }

    private string Data(ComparisonPicture picture, int width)
    {
        using var svg = new MemoryStream();
        ComparisonReport.WriteSvg(svg, comparison, picture, width);
        return $"data:image/svg+xml;base64,{Convert.ToBase64String(svg.GetBuffer(), 0, (int)svg.Length)}";
    }

    private string Metrics() => Table(
        ["metric", .. comparison.Models.Select(model => Encoded(model.Name))],
        comparison.Models[0].Evaluation.Result.Metrics.Select(metric => (false, (string[])
        [
            $"<td>{MetricLabels.At(metric.Name, metric.Cutoff)}</td>",
            .. comparison.Models.Select((model, place) => $"<td data-model=\"{place}\" data-metric=\"{metric.Name}@{metric.Cutoff}\">{model.Evaluation.Result.ValueOf(metric.Name, metric.Cutoff):F4}</td>"),
        ])));

    private string Unknown()
    {
        if (comparison.Models.Any(model => model.UnderMiss is null))
            return "";
        var metrics = comparison.Models[0].Evaluation.Sessions.Metrics.Where(metric => metric.Cutoff == comparison.Cutoff).ToArray();
        string[] header = ["model", .. s_rules.SelectMany(rule => metrics.Select(metric => $"{MetricLabels.At(metric.Name, metric.Cutoff)}, {rule}").Append($"cases, {rule}"))];
        return "<h2>Unknown items: both protocols</h2>\n<p class=\"note\">drop: events of items that training never saw are removed before cases are formed. miss: they stay, and as targets are misses.</p>\n"
            + Table(header, comparison.Models.Select(model => (false, (string[])
            [
                $"<td>{Encoded(model.Name)}</td>",
                .. new[] { model.Evaluation.Result, model.UnderMiss! }.SelectMany(result => metrics.Select(metric => $"<td>{result.ValueOf(metric.Name, metric.Cutoff):F4}</td>").Append($"<td>{result.Cases:N0}</td>")),
            ])));
    }

    private string Slices()
    {
        var parts = new StringBuilder();
        foreach (var (by, heading, first) in s_slicings)
        {
            var buckets = comparison.Models.SelectMany(model => model.Evaluation.Slices.Where(slice => slice.By == by).Select(slice => slice.Bucket)).Distinct().ToArray();
            if (buckets.Length == 0)
                continue;
            var label = MetricLabels.At(comparison.Headline, comparison.Cutoff);
            parts.Append($"<h2>{label} {heading}</h2>\n").Append(Table(
                [first, "cases", .. comparison.Models.Select(model => Encoded(model.Name))],
                buckets.Select(bucket => (false, (string[])
                [
                    $"<td>{Encoded(bucket)}</td>",
                    $"<td>{Slice(comparison.Models[0], by, bucket)?.Cases:N0}</td>",
                    .. comparison.Models.Select(model => $"<td>{Slice(model, by, bucket)?.Metrics.First(metric => metric.Name == comparison.Headline && metric.Cutoff == comparison.Cutoff).Value:F4}</td>"),
                ])))).Append('\n');
        }

        return parts.ToString();
    }

    private static EvaluationSlice? Slice(ComparedModel model, SliceBy by, string bucket) => model.Evaluation.Slices.FirstOrDefault(slice => slice.By == by && slice.Bucket == bucket);

    private IEnumerable<string> Facts()
    {
        var result = comparison.Models[0].Evaluation.Result;
        yield return $"Test data: {comparison.Data}, {result.Sessions:N0} sessions, of which {comparison.SessionsWithCases:N0} have a case.";
        yield return $"Every event after the first of every session is one case ({result.Cases:N0}), ranked among all items; no negatives are sampled.";
        yield return $"Unknown items: {result.Unknown.ToString().ToLowerInvariant()} ({result.UnknownEvents:N0} events of the first model's; {result.CasesUnderDrop:N0} cases under drop, {result.CasesUnderMiss:N0} under miss).";
        yield return $"Equal scores: {result.Ties.ToString().ToLowerInvariant()} rank. A target without a score is a miss.";
        yield return $"Intervals: percentile bootstrap over sessions; tests: sign flips within sessions; {comparison.Resampling.Resamples:N0} draws each, seed {comparison.Resampling.Seed}.";
        yield return "The best model is the one best on these very data: its own number is a little flattered by that choice, the more so the more models there are.";
    }

    /// <summary>A table; header texts and cells are HTML already.</summary>
    /// <param name="header">The header.</param>
    /// <param name="rows">The cells of each row.</param>
    /// <param name="textColumns">How many of the first columns are words, which begin below each other; 1 or 2.</param>
    private static string Table(IEnumerable<string> header, IEnumerable<(bool IsBest, string[] Cells)> rows, int textColumns = 1)
    {
        var table = new StringBuilder($"<div class=\"scroll\"><table{(textColumns == 2 ? " class=\"words\"" : "")}>\n<thead><tr>");
        foreach (var text in header)
            table.Append("<th>").Append(text).Append("</th>");
        table.Append("</tr></thead>\n<tbody>\n");
        foreach (var (isBest, cells) in rows)
            table.Append(isBest ? "<tr class=\"best\">" : "<tr>").AppendJoin("", cells).Append("</tr>\n");
        return table.Append("</tbody>\n</table></div>").ToString();
    }
}
