namespace NextItem.Reports.Tests;

public class PlotFontTests
{
    [Theory]
    [InlineData("DejaVu Sans", "DejaVu Serif", "DejaVu Sans", "DejaVu Sans Mono")]
    [InlineData("Arial", "DejaVu Sans", "Arial", "Wingdings")]
    [InlineData("Fira Sans", "Cantarell", "Fira Sans", "Fira Mono")]
    [InlineData("Cantarell", "Utopia", "Cantarell")]
    public void Find_SomeFonts_PrefersAPlainSansSerif(string expected, params string[] installed) =>
        Assert.Equal(expected, PlotFont.Find(installed));

    [Fact]
    public void Find_NoFonts_FindsNone() => Assert.Null(PlotFont.Find([]));
}
