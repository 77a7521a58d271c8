using NextItem.Data.Features;

namespace NextItem.Data.Tests.Features;

public class ColumnGuessTests
{
    [Theory]
    [InlineData("price", "1|2.5|-3e4||7", ";", "Number")]
    [InlineData("price", "1;NaN;3", ";", "Number")]
    [InlineData("CategoryId", "31;268;31", ";", "Category")]
    [InlineData("category_id:token", "31;268;31", ";", "Category")]
    [InlineData("Paid", "31;268;31", ";", "Number")]
    [InlineData("id", "3.5;268;31", ";", "Number")]
    [InlineData("brand", "A;B;A;A;B", ";", "Category")]
    [InlineData("flag", "true;false;true;true", ";", "Category")]
    [InlineData("genres", "A|B;C", ";", "Category |")]
    [InlineData("title", "Toy Story;GoldenEye;Four Rooms", ";", "Text")]
    [InlineData("nothing", ";;", ";", "")]
    public void Of_FewValues_GoesByTheRules(string name, string values, string between, string expected)
    {
        if (name == "price" && values.Contains('|'))
            between = "|";
        Assert.Equal(expected, Shown(ColumnGuess.Of(name, values.Split(between).Select(value => value.Length == 0 ? null : value))));
    }

    [Theory]
    [InlineData(' ')]
    [InlineData(',')]
    [InlineData(';')]
    public void Of_FewValuesInManyCombinations_IsSeveralCategories(char separator)
    {
        string[] tags = ["Action", "Comedy", "Drama", "War", "Western"];
        var combinations = Enumerable.Range(1, 31).Select(bits => string.Join(separator, tags.Where((_, i) => (bits >> i & 1) != 0)));
        Assert.Equal($"Category {separator}", Shown(ColumnGuess.Of("class", combinations)));
    }

    [Fact]
    public void Of_SentencesOfFewWords_AreText()
    {
        var random = new Random(2);
        string[] words = ["the", "red", "shoe", "hat", "and", "of"];
        var sentences = Enumerable.Range(0, 100).Select(_ => string.Join(' ', Enumerable.Range(0, 8).Select(_ => words[random.Next(words.Length)])));
        Assert.Equal("Text", Shown(ColumnGuess.Of("description", sentences)));
    }

    [Fact]
    public void Of_ValuesAllDifferentOfOneWord_IsLeftOut() => Assert.Equal("", Shown(ColumnGuess.Of("sku", Enumerable.Range(0, 20).Select(i => $"A-{i}"))));

    [Theory]
    [InlineData(18, "Number")]
    [InlineData(17, "Category")]
    public void Of_MostlyNumbers_IsNumber(int numbers, string expected) =>
        Assert.Equal(expected, Shown(ColumnGuess.Of("n", Enumerable.Range(0, 20).Select(i => i < numbers ? "1" : "x"))));

    [Theory]
    [InlineData("a,v0,v1,v2,v3,b", "v*")]
    [InlineData("v1,v2,v3,v4", "v*")]
    [InlineData("v4,v2,v3,v1,w0,w1,w2,w3", "v*,w*")]
    [InlineData("v0,v1,v2", "")]
    [InlineData("v2,v3,v4,v5", "")]
    [InlineData("v0,v1,v2,v4", "")]
    [InlineData("v0,v1,v1,v2", "")]
    [InlineData("0,1,2,3", "*")]
    public void Guess_NumberedColumns_CountUpFrom0Or1(string names, string expected) =>
        Assert.Equal(expected, string.Join(',', NumberedColumns.Guess(names.Split(','))));

    private static string Shown(ColumnGuess guess) => $"{guess.Kind}{(guess.Separator is { } separator ? $" {separator}" : "")}";
}
