using System.Globalization;
using System.Text;

namespace NextItem.Reports;

/// <summary>The comparison as a LaTeX table in the manner of booktabs.</summary>
internal static class ComparisonLatex
{
    private static readonly Dictionary<char, string> s_escapes = new()
    {
        ['\\'] = @"\textbackslash{}",
        ['{'] = @"\{",
        ['}'] = @"\}",
        ['$'] = @"\$",
        ['&'] = @"\&",
        ['#'] = @"\#",
        ['%'] = @"\%",
        ['_'] = @"\_",
        ['^'] = @"\textasciicircum{}",
        ['~'] = @"\textasciitilde{}",
        ['<'] = @"\textless{}",
        ['>'] = @"\textgreater{}",
        ['|'] = @"\textbar{}",
        ['"'] = @"\textquotedbl{}",
        ['`'] = @"\textasciigrave{}",
        ['\''] = @"\textquotesingle{}",
        ['-'] = @"{-}", // two of them would become a dash
    };

    public static void Write(TextWriter writer, ModelComparison comparison)
    {
        var metrics = comparison.Models[0].Evaluation.Result.Metrics.Where(metric => metric.Cutoff == comparison.Cutoff).Select(metric => metric.Name)
            .ToLookup(metric => comparison.IntervalOf(0, metric, comparison.Cutoff) is not null);
        writer.WriteLine(@"% \usepackage[T1]{fontenc} \usepackage{textcomp} \usepackage{booktabs}");
        writer.WriteLine("% Names in other than Latin letters need XeLaTeX or LuaLaTeX and a font that has them.");
        writer.WriteLine(@"\begin{table}");
        writer.WriteLine(@"  \centering");
        writer.WriteLine($@"  \caption{{{Caption(comparison, metrics[false].Any())}}}");
        writer.WriteLine(@"  \label{tab:comparison}");
        writer.WriteLine(@"  \medskip");
        WriteTable(writer, [.. metrics[true].Select(metric => MetricLabels.At(metric, comparison.Cutoff))], Enumerable.Range(0, comparison.Models.Length).SelectMany(model => new[]
        {
            (comparison.Models[model].Name, metrics[true].Select(metric => Number(comparison, model, metric))),
            ("", metrics[true].Select(metric => Interval(comparison.IntervalOf(model, metric, comparison.Cutoff)!.Value))),
        }));
        if (metrics[false].Any())
        {
            // A table of their own: both beside each other are wider than a page.
            writer.WriteLine(@"  \par\medskip");
            WriteTable(writer, [.. metrics[false].Select(MetricLabels.Of)], Enumerable.Range(0, comparison.Models.Length).Select(model =>
                (comparison.Models[model].Name, metrics[false].Select(metric => Text(comparison.Models[model].Evaluation.Result.ValueOf(metric, comparison.Cutoff))))));
        }

        writer.WriteLine(@"\end{table}");
    }

    private static void WriteTable(TextWriter writer, string[] labels, IEnumerable<(string Name, IEnumerable<string> Cells)> rows)
    {
        writer.WriteLine($@"  \begin{{tabular}}{{l{new string('r', labels.Length)}}}");
        writer.WriteLine(@"    \toprule");
        writer.WriteLine($@"    Model & {string.Join(" & ", labels.Select(Escaped))} \\");
        writer.WriteLine(@"    \midrule");
        foreach (var (name, cells) in rows)
            writer.WriteLine($@"    {Escaped(name)} & {string.Join(" & ", cells)} \\");
        writer.WriteLine(@"    \bottomrule");
        writer.WriteLine(@"  \end{tabular}");
    }

    /// <summary>A text in which no character is a command.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
            escaped.Append(s_escapes.TryGetValue(character, out var command) ? command : char.IsControl(character) ? " " : character);
        return escaped.ToString();
    }

    /// <summary>A number, bold where it is the largest, with a dagger where it may be level with the best model's.</summary>
    private static string Number(ModelComparison comparison, int model, string metric)
    {
        double Of(ComparedModel which) => which.Evaluation.Result.ValueOf(metric, comparison.Cutoff);
        var value = Of(comparison.Models[model]);
        var isLargest = comparison.Models.Length > 1 && value == comparison.Models.Max(Of);
        var mayBeLevel = comparison.Differences.Any(each => each.Model == model && each.Metric == metric && each.Cutoff == comparison.Cutoff && !each.IsBeyondChance);
        return $"{(isLargest ? $@"\textbf{{{Text(value)}}}" : Text(value))}{(mayBeLevel ? @"$^{\dagger}$" : "")}";
    }

    private static string Interval(ConfidenceInterval interval) => $@"{{\scriptsize {Text(interval.Low)}--{Text(interval.High)}}}";

    private static string Text(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    private static string Caption(ModelComparison comparison, bool hasLists)
    {
        var result = comparison.Models[0].Evaluation.Result;
        var caption = new StringBuilder($"{(comparison.Models.Length == 1 ? "A model" : "Models")} on {comparison.Data}: {result.Cases:N0} cases of {comparison.SessionsWithCases:N0} sessions, ranked among all items "
            + $"(ties: {Lower(result.Ties)}; unknown items: {Lower(result.Unknown)}). "
            + $"Small print: {ComparisonSentences.Percent(comparison.Resampling.Level)} intervals, bootstrap over sessions ({comparison.Resampling.Resamples:N0} draws, seed {comparison.Resampling.Seed}).");
        var escaped = Escaped(caption.ToString());
        if (comparison.Models.Length > 1)
            escaped += " Bold: the largest.";
        if (comparison.Differences.Any(each => !each.IsBeyondChance))
            escaped += $@" $\dagger$: the difference from {Escaped(comparison.Models[comparison.Best].Name)} may be chance (permutation test within sessions, $p \ge 0.05$ after Holm).";
        if (hasLists)
            escaped += $" Below: the lists of {comparison.Cutoff} themselves.";
        return escaped;
    }

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();
}
