using ScottPlot;

namespace NextItem.Reports;

/// <summary>Where a plot's legend stands: to the right of the data, or below them where the paper is narrow.</summary>
/// <param name="IsBelow">Whether it stands below.</param>
/// <param name="Right">The room at the right edge.</param>
/// <param name="Below">The room that it takes below the axis.</param>
internal readonly record struct LegendPlace(bool IsBelow, float Right, float Below)
{
    private const float Line = 21;
    private const float Key = 56; // a sign and the room around it
    private const float Spare = 80;
    private const float Edging = 16; // half a tick label stands out

    /// <summary>The place for the legend of these names.</summary>
    public static LegendPlace For(IReadOnlyCollection<string> names, int width) => Picture.IsNarrow(width)
        ? new(true, Edging, HeightOf(names.Count))
        : new(false, Key + (names.Max(name => Math.Min(Picture.LongestName, name.Length)) * Picture.TickSize * Picture.GlyphWidth), 0);

    /// <summary>The height of a legend of so many names.</summary>
    public static float HeightOf(int names) => (Line * names) + 16;

    /// <summary>Puts the legend there.</summary>
    public void Show(Plot plot)
    {
        var panel = plot.ShowLegend(IsBelow ? Edge.Bottom : Edge.Right);
        panel.Alignment = Alignment.UpperLeft;
        if (IsBelow)
            panel.Padding = new PixelPadding(0, 0, 0, Spare); // it measures itself without the room around its lines, and would leave the last ones out
    }
}
