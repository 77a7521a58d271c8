using System.Globalization;

namespace NextItem.Data.Features;

/// <summary>Columns that are the elements of one vector: v0, v1, v2 and so on. Together they are called <c>v*</c>.</summary>
internal static class NumberedColumns
{
    public const char Star = '*';

    /// <summary>Fewer columns are taken for columns of their own, where nothing says that they are a vector.</summary>
    private const int FewestGuessed = 4;

    /// <summary>The names that a pattern stands for, by their numbers.</summary>
    public static string[] Of(string pattern, IEnumerable<string> names) =>
    [
        .. names.Select(name => (Name: name, Number: NumberOf(name, pattern[..^1])))
            .Where(column => column.Number >= 0)
            .OrderBy(column => column.Number)
            .Select(column => column.Name),
    ];

    /// <summary>The patterns that are vectors by the look of it: four or more names that differ in a number alone, which counts up from 0 or 1.</summary>
    public static string[] Guess(IEnumerable<string> names)
    {
        var numbers = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var prefix = name.TrimEnd("0123456789".ToCharArray());
            if (NumberOf(name, prefix) is >= 0 and var number)
                (numbers.TryGetValue(prefix, out var list) ? list : numbers[prefix] = []).Add(number);
        }

        return [.. numbers.Where(pair => CountsUp(pair.Value)).Select(pair => pair.Key + Star)];
    }

    private static bool CountsUp(List<int> numbers)
    {
        numbers.Sort();
        return numbers.Count >= FewestGuessed && numbers[0] is 0 or 1 && numbers[^1] - numbers[0] == numbers.Count - 1 && numbers.Distinct().Count() == numbers.Count;
    }

    /// <summary>The number behind a prefix; -1 where there is none.</summary>
    private static int NumberOf(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
