using NextItem.Features;

namespace NextItem.Tests.Features;

public class WordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\n", "")]
    [InlineData("...!?", "")]
    [InlineData("Toy Story (1995)", "toy|story|1995")]
    [InlineData("Children's T-shirt, 3XL", "children|s|t|shirt|3xl")]
    [InlineData("snake_case", "snake|case")]
    [InlineData("ÄRGER über Straße", "ärger|über|straße")]
    [InlineData("Cafe\u0301 CAFÉ", "cafe\u0301|café")]
    [InlineData("हिन्दी भाषा", "हिन्दी|भाषा")]
    [InlineData("東京タワー 2階", "東京タワー|2階")]
    [InlineData("١٢ ½ x²", "١٢|x")]
    [InlineData("𐐀𐐁 a𝟙b", "𐐨𐐩|a𝟙b")]
    [InlineData("a🛒b", "a|b")]
    [InlineData("a\uD800b \uDC00", "a|b")]
    [InlineData("a\0b", "a|b")]
    public void Read_Text_SplitsAtAllButLettersDigitsAndMarks(string text, string expected)
    {
        var words = new Words();
        words.Read("something longer that was read before");
        words.Read(text);
        Assert.Equal(expected, string.Join('|', Enumerable.Range(0, words.Count).Select(i => words.Sequence(i, 1).ToString())));
    }

    [Fact]
    public void Sequence_OfSeveralWords_HasOneBlankBetween()
    {
        var words = new Words();
        words.Read("One,  two...\n\tTHREE");
        Assert.Equal("one two", words.Sequence(0, 2).ToString());
        Assert.Equal("two three", words.Sequence(1, 2).ToString());
        Assert.Equal("one two three", words.Sequence(0, 3).ToString());
    }

    [Fact]
    public void Read_LongText_IsRead()
    {
        var words = new Words();
        words.Read(string.Join(' ', Enumerable.Repeat("wörd", 10_000)));
        Assert.Equal(10_000, words.Count);
        Assert.Equal("wörd wörd", words.Sequence(9_998, 2).ToString());
    }
}
