using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using SkiaSharp;

namespace NextItem.Reports;

/// <summary>What all plots share: the paper they are drawn on and the look of their axes.</summary>
internal static class Picture
{
    public const float TitleSize = 18;
    public const float LabelSize = 14;
    public const float TickSize = 12;
    public const float GlyphWidth = 0.62f; // of the size: about the mean, to make a long text fit
    public const int LongestName = 28; // of a model; a longer one is shortened
    private const int NarrowWidth = 600;

    /// <summary>Colours that differ in lightness too, so that they stay apart in grey and for most colour-blind people.</summary>
    public static readonly Color[] Series =
    [
        Color.FromHex("#0b4f8a"), Color.FromHex("#c2570c"), Color.FromHex("#0e6b3c"), Color.FromHex("#8a63c7"),
        Color.FromHex("#b3261e"), Color.FromHex("#3fa7c4"), Color.FromHex("#6b5b2e"), Color.FromHex("#d18bb0"),
    ];

    public static readonly MarkerShape[] Markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledDiamond];

    /// <summary>The marker of one of many series. It shifts where the colours begin anew, so that no two of the first 32 look alike.</summary>
    public static MarkerShape MarkerOf(int series) => Markers[(series + (series / Series.Length)) % Markers.Length];

    /// <summary>The colour of one of many series.</summary>
    public static Color ColorOf(int series) => Series[series % Series.Length];

    private static readonly Color s_ink = Color.FromHex("#24292f");
    private static readonly Color s_grid = Color.FromHex("#e4e7eb");

    /// <summary>Draws as a PNG of so many pixels.</summary>
    public static void WritePng(Stream destination, int width, int height, Action<SKCanvas> draw)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.White);
        draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(destination);
    }

    /// <summary>Draws as SVG of that size.</summary>
    public static void WriteSvg(Stream destination, int width, int height, Action<SKCanvas> draw)
    {
        // By way of memory: the drawing library seeks in what it writes to, and closes it.
        using var buffer = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(width, height), buffer))
        {
            canvas.Clear(SKColors.White);
            draw(canvas);
        }

        buffer.WriteTo(destination);
    }

    /// <summary>Draws one plot on a part of the paper.</summary>
    public static void Render(Plot plot, SKCanvas canvas, PixelRect area)
    {
        // Clearing would reach the other panel, and would be a black rectangle in an SVG.
        plot.RenderManager.Remove<ClearCanvas>();

        // The first rendering of a plot draws twice, to learn the sizes of its parts: an SVG would hold everything twice.
        using (var nowhere = SKSurface.Create(new SKImageInfo((int)area.Right, (int)area.Bottom)))
            plot.Render(nowhere.Canvas, area);
        plot.Render(canvas, area);
    }

    /// <summary>Two axes in ink, a pale grid, no frame; text in the plots' font.</summary>
    public static void Style(Plot plot, string title, float widthForTitle)
    {
        plot.Title(title, Math.Min(TitleSize, widthForTitle / (GlyphWidth * Math.Max(1, title.Length))));
        plot.Axes.Bottom.TickLabelStyle.FontSize = TickSize;
        plot.Axes.Left.TickLabelStyle.FontSize = TickSize;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Left.MinorTickStyle.Length = 0;
        plot.Axes.Color(s_ink);
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = s_grid;
        plot.Legend.FontSize = TickSize;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        if (PlotFont.Family is { } family)
            plot.Font.Set(family);
    }

    /// <summary>Whether the paper is a phone's: panels and legends stand below each other.</summary>
    public static bool IsNarrow(int width) => width < NarrowWidth;

    /// <summary>A text that is no longer than so many characters.</summary>
    public static string Shortened(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest - 1), "…");
}
