using System.Globalization;
using System.Text;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>
/// Writes a comparison: as a table for other programs, as pictures, and as one HTML page that needs no other file and no network.
/// </summary>
public static class ComparisonReport
{
    /// <summary>The width of pictures, in pixels or units.</summary>
    internal const int Width = 960;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>
    /// Writes a table in UTF-8 with commas: a row for each model, metric and cutoff, with all digits. Cells are empty where there is
    /// nothing to tell: metrics of lists have no interval, and only the others of the best model a difference, at one cutoff.
    /// </summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="comparison">The comparison.</param>
    public static void WriteCsv(Stream destination, ModelComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(comparison);
        using var culture = OneCulture.Here();
        using var writer = new StreamWriter(destination, s_utf8, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("model,algorithm,metric,cutoff,value,low,high,behind_best,behind_low,behind_high,p,p_holm,cases");
        for (var model = 0; model < comparison.Models.Length; model++)
        {
            var (name, algorithm, result) = (comparison.Models[model].Name, comparison.Models[model].Algorithm, comparison.Models[model].Evaluation.Result);
            foreach (var metric in result.Metrics)
            {
                var interval = comparison.IntervalOf(model, metric.Name, metric.Cutoff);
                var behind = comparison.Differences.FirstOrDefault(each => each.Model == model && each.Metric == metric.Name && each.Cutoff == metric.Cutoff);
                writer.WriteLine(string.Join(',',
                [
                    Cell(name), Cell(algorithm), metric.Name, Text(metric.Cutoff), Text(metric.Value), Text(interval?.Low), Text(interval?.High),
                    Text(behind?.Paired.Difference.Value), Text(behind?.Paired.Difference.Low), Text(behind?.Paired.Difference.High), Text(behind?.Paired.PValue), Text(behind?.AdjustedP),
                    Text(result.Cases),
                ]));
            }
        }
    }

    /// <summary>
    /// Writes a table for LaTeX with the package booktabs: a row a model, the metrics at one cutoff, intervals in small print below the
    /// numbers. The best number of each metric of single cases is bold; a dagger stands where a number may be level with the best
    /// model's. In UTF-8; names are escaped.
    /// </summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="comparison">The comparison.</param>
    public static void WriteLatex(Stream destination, ModelComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(comparison);
        using var culture = OneCulture.Here();
        using var writer = new StreamWriter(destination, s_utf8, leaveOpen: true) { NewLine = "\n" };
        ComparisonLatex.Write(writer, comparison);
    }

    /// <summary>
    /// Writes a page that opens with what follows from the numbers, then warnings, tables and pictures. On a machine where the
    /// drawing library does not load it has no pictures and says so.
    /// </summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="note">One more sentence for the reader, below those that follow from the numbers: what the best possible is, for instance. Default none.</param>
    public static void WriteHtml(Stream destination, ModelComparison comparison, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(comparison);
        using var culture = OneCulture.Here();
        using var writer = new StreamWriter(destination, s_utf8, leaveOpen: true) { NewLine = "\n" };
        writer.Write(new ComparisonPage(comparison, note).ToString());
    }

    /// <summary>Draws a picture as PNG.</summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="picture">Which of its pictures.</param>
    /// <exception cref="ArgumentException">The models were not measured for this picture (<see cref="CanDraw"/>).</exception>
    /// <exception cref="PlatformNotSupportedException">The native drawing library does not load on this machine.</exception>
    public static void WritePng(Stream destination, ModelComparison comparison, ComparisonPicture picture)
    {
        using var culture = OneCulture.Here();
        var (height, draw) = Drawing(destination, comparison, picture, Width);
        DrawingLibrary.Run(() => Picture.WritePng(destination, Width, height, draw));
    }

    /// <summary>Draws a picture as SVG.</summary>
    /// <param name="destination">Is written to and left open.</param>
    /// <param name="comparison">The comparison.</param>
    /// <param name="picture">Which of its pictures.</param>
    /// <exception cref="ArgumentException">The models were not measured for this picture (<see cref="CanDraw"/>).</exception>
    /// <exception cref="PlatformNotSupportedException">The native drawing library does not load on this machine.</exception>
    public static void WriteSvg(Stream destination, ModelComparison comparison, ComparisonPicture picture) => WriteSvg(destination, comparison, picture, Width);

    /// <summary>The same as wide as said; on a narrow paper panels and legends stand below each other.</summary>
    internal static void WriteSvg(Stream destination, ModelComparison comparison, ComparisonPicture picture, int width)
    {
        using var culture = OneCulture.Here();
        var (height, draw) = Drawing(destination, comparison, picture, width);
        DrawingLibrary.Run(() => Picture.WriteSvg(destination, width, height, draw));
    }

    /// <summary>Whether the models were measured for a picture: by position in the session, in time, or in the epochs of their training.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <param name="picture">Which of its pictures.</param>
    public static bool CanDraw(ModelComparison comparison, ComparisonPicture picture)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return ComparisonPictures.LackOf(comparison, picture) is null;
    }

    private static (int Height, Action<SKCanvas> Draw) Drawing(Stream destination, ModelComparison comparison, ComparisonPicture picture, int width)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(comparison);
        return ComparisonPictures.LackOf(comparison, picture) is { } lack
            ? throw new ArgumentException(lack, nameof(comparison))
            : ComparisonPictures.Drawing(comparison, picture, width);
    }

    /// <summary>Quoted where it must be.</summary>
    private static string Cell(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static string Text(double? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
