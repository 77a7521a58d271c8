using System.Globalization;
using System.Net;
using System.Text;

namespace NextItem.Preparation.Output;

/// <summary>A histogram as a drawing inside a page.</summary>
internal static class HistogramSvg
{
    private const int Width = 900;
    private const int Height = 220;
    private const int Left = 80;
    private const int Bottom = 40;
    private const int Top = 20;
    private const int LetterWidth = 7;

    /// <summary>The drawing; heights are proportional to the counts.</summary>
    public static string Of(Histogram histogram)
    {
        var most = Math.Max(1, histogram.Bars.Max(bar => bar.Count));
        var step = (double)(Width - Left) / histogram.Bars.Count;
        var bar = Math.Max(1, Math.Min(step - 1, 60));
        var everyLabel = (int)Math.Ceiling((histogram.Bars.Max(each => each.Label.Length) + 2) * LetterWidth / step);
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(histogram.Name)}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Top + 4}\" text-anchor=\"end\">{most:N0}</text><text x=\"{Left - 6}\" y=\"{Height - Bottom}\" text-anchor=\"end\">0</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {Height - Bottom}H{Width}\" stroke=\"currentColor\" opacity=\".4\"/>");
        for (var i = 0; i < histogram.Bars.Count; i++)
        {
            var (label, count) = (WebUtility.HtmlEncode(histogram.Bars[i].Label), histogram.Bars[i].Count);
            var height = (Height - Bottom - Top) * ((double)count / most);
            var x = Left + (i * step) + ((step - bar) / 2);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:F1}\" y=\"{Height - Bottom - height:F1}\" width=\"{bar:F1}\" height=\"{height:F1}\" fill=\"var(--bar)\"><title>{label}: {count:N0}</title></rect>");
            var middle = Left + ((i + 0.5) * step);
            if (i % everyLabel == 0 && middle + (histogram.Bars[i].Label.Length * LetterWidth / 2.0) <= Width) // what would be cut at the edge is left out
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{middle:F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{label}</text>");
        }

        return svg.Append("</svg>").ToString();
    }
}
