using System.Globalization;

namespace NextItem.Data.Features;

/// <summary>What a column of texts holds by the look of it, and what that goes by. docs/features.md lists the rules in their order.</summary>
/// <param name="Kind">The kind; null for a column that is of no use.</param>
/// <param name="Separator">What separates categories; null for one an item.</param>
/// <param name="Why">What the guess goes by.</param>
internal sealed record ColumnGuess(FeatureKind? Kind, char? Separator, string Why)
{
    private const double MostlyNumbers = 0.9;
    private const double AllDifferent = 0.9;
    private const int FewestForShares = 10;
    private const double MostDistinct = 0.5;
    private const double MostWordsOfACategory = 5;
    private const double WordsOfAText = 1.2;
    private const int MostCategories = 200;
    private const int FewestCombinations = 3;

    private static readonly string[] s_categoryWords = ["id", "ids", "category", "categories", "class", "type", "code", "brand", "genre", "genres", "tag", "tags"];
    private static readonly char[] s_separators = [';', ',', ' '];

    /// <summary>Guesses.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="values">The values of items; null where there is none.</param>
    public static ColumnGuess Of(string name, IEnumerable<string?> values)
    {
        var present = values.OfType<string>().ToArray();
        if (present is [])
            return new(null, null, "it is empty in every row");
        var numbers = present.Count(value => NumberText.TryParse(value, out _));
        var distinct = present.ToHashSet(StringComparer.Ordinal);
        if (numbers == present.Length)
        {
            return NamesCategories(name) && present.All(IsWhole)
                ? new(FeatureKind.Category, null, Text($"whole numbers, but the name says that they stand for something; {distinct.Count:N0} different values"))
                : new(FeatureKind.Number, null, "every value is a number");
        }

        if (numbers >= MostlyNumbers * present.Length && present.Length >= FewestForShares)
            return new(FeatureKind.Number, null, Text($"{numbers:N0} of {present.Length:N0} values are numbers"));
        return OfSeveral(present, distinct) ?? OfTexts(present, distinct);
    }

    /// <summary>Categories with a separator, or null.</summary>
    private static ColumnGuess? OfSeveral(string[] present, HashSet<string> distinct)
    {
        var withBar = present.Count(value => value.Contains('|'));
        if (withBar > 0)
            return new(FeatureKind.Category, '|', Text($"{withBar:N0} of {present.Length:N0} values have a '|' in them"));
        foreach (var separator in s_separators)
        {
            // A few values in many combinations, none twice in one: tags, and not a sentence.
            var parts = new HashSet<string>(StringComparer.Ordinal);
            var isSet = distinct.All(value =>
            {
                var own = value.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                parts.UnionWith(own);
                return parts.Count <= MostCategories && own.Distinct(StringComparer.Ordinal).Count() == own.Length;
            });
            if (isSet && parts.Count * FewestCombinations <= distinct.Count)
                return new(FeatureKind.Category, separator, Text($"{distinct.Count:N0} combinations of {parts.Count:N0} values"));
        }

        return null;
    }

    private static ColumnGuess OfTexts(string[] present, HashSet<string> distinct)
    {
        var words = present.Average(value => (double)value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        var share = (double)distinct.Count / present.Length;
        if (share <= MostDistinct && words <= MostWordsOfACategory)
            return new(FeatureKind.Category, null, Text($"{distinct.Count:N0} different values in {present.Length:N0} rows"));
        if (share > AllDifferent && words <= WordsOfAText && present.Length >= FewestForShares)
            return new(null, null, Text($"nearly every item has a value of its own, of one word: a name and not a feature"));
        return new(FeatureKind.Text, null, Text($"{words:F1} words an item, {distinct.Count:N0} different values in {present.Length:N0} rows"));
    }

    private static bool IsWhole(string value) => NumberText.TryParseFinite(value, out var number) && number == Math.Floor(number);

    /// <summary>Whether a name ends in one of the words: <c>CategoryId</c>, <c>brand_id</c>, <c>genres</c>, <c>class:token</c>.</summary>
    private static bool NamesCategories(string name)
    {
        var plain = name.Split(':')[0];
        return s_categoryWords.Any(word =>
            plain.EndsWith(word, StringComparison.OrdinalIgnoreCase)
            && (plain.Length == word.Length || !char.IsLetter(plain[^(word.Length + 1)]) || (char.IsUpper(plain[^word.Length]) && char.IsLower(plain[^(word.Length + 1)]))));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
