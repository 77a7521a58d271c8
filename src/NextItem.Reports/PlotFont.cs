using SkiaSharp;

namespace NextItem.Reports;

/// <summary>The font of the plots: a plain sans-serif one that the machine has.</summary>
internal static class PlotFont
{
    /// <summary>In the order of preference: what Windows, macOS and the usual Linux images come with.</summary>
    private static readonly string[] s_preferred =
        ["Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans", "Noto Sans", "Open Sans", "Roboto"];

    /// <summary>The family; null on a machine without fonts, where text is left out without a word.</summary>
    public static string? Family { get; } = Find(SKFontManager.Default.FontFamilies);

    /// <summary>The first preferred family, else any that is called sans, else any.</summary>
    internal static string? Find(IEnumerable<string> installed)
    {
        var families = installed.Where(name => name.Length > 0).Order(StringComparer.Ordinal).ToArray();
        return s_preferred.FirstOrDefault(name => families.Contains(name, StringComparer.OrdinalIgnoreCase))
            ?? families.FirstOrDefault(name => name.Contains("sans", StringComparison.OrdinalIgnoreCase))
            ?? families.FirstOrDefault();
    }
}
