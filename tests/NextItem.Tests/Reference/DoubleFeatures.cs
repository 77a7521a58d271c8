using System.Text.RegularExpressions;

namespace NextItem.Tests.Reference;

/// <summary>Item features by their definitions, with strings and dictionaries; texts of the basic plane only.</summary>
internal static class DoubleFeatures
{
    /// <summary>TF-IDF rows by term. An item is the texts of its columns, null where there is none.</summary>
    public static Dictionary<string, double>[] TfIdf(string?[][] items, int longestTerm, int leastCount)
    {
        var documents = items.Select(texts => texts.SelectMany(text => Terms(text ?? "", longestTerm)).ToArray()).ToArray();
        var n = items.Count(texts => texts.Any(text => !string.IsNullOrWhiteSpace(text)));
        var vocabulary = documents.SelectMany(terms => terms).GroupBy(term => term).Where(group => group.Count() >= leastCount).Select(group => group.Key).ToHashSet();
        return [.. documents.Select(terms =>
        {
            var row = terms.Where(vocabulary.Contains).Distinct().ToDictionary(
                term => term,
                term => terms.Count(other => other == term) * (Math.Log((1.0 + n) / (1.0 + documents.Count(document => document.Contains(term)))) + 1));
            var norm = Math.Sqrt(row.Values.Sum(value => value * value));
            return row.ToDictionary(pair => pair.Key, pair => pair.Value / norm);
        })];
    }

    /// <summary>Values by category: 1/√m at each of an item's m different ones.</summary>
    public static Dictionary<string, double>[] Categories(string?[] items, char separator) =>
    [
        .. items.Select(text => (text ?? "").Split(separator).Select(value => value.Trim()).Where(value => value.Length > 0).Distinct().ToArray())
            .Select(values => values.ToDictionary(value => value, _ => 1 / Math.Sqrt(values.Length))),
    ];

    /// <summary>Standardised numbers, 0 where there is none.</summary>
    public static double[] Standardised(double[] numbers)
    {
        var there = numbers.Where(number => !double.IsNaN(number)).ToArray();
        var mean = there.Average();
        var deviation = Math.Sqrt(there.Average(number => (number - mean) * (number - mean)));
        return [.. numbers.Select(number => double.IsNaN(number) ? 0 : (number - mean) / deviation)];
    }

    private static IEnumerable<string> Terms(string text, int longestTerm)
    {
        var words = Regex.Matches(text.ToLowerInvariant(), @"[\p{L}\p{Nd}\p{M}]+").Select(match => match.Value).ToArray();
        for (var length = 1; length <= longestTerm; length++)
        {
            for (var first = 0; first + length <= words.Length; first++)
                yield return string.Join(' ', words[first..(first + length)]);
        }
    }
}
