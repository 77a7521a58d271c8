using System.Text.RegularExpressions;
using NextItem.Data.Reading;

namespace NextItem.Cli.Output;

/// <summary>Which item is probably meant by a key that the model does not know.</summary>
internal static partial class NearestItem
{
    /// <summary>Items among which is looked: of a million, a question would take seconds.</summary>
    private const int MostItems = 100_000;

    /// <summary>" Did you mean 'SKU-00012'?", or nothing.</summary>
    public static string Question(ItemCatalog catalog, string key) => Of(catalog, key) is { } near ? $" Did you mean '{near}'?" : "";

    /// <summary>
    /// The key that differs in letter case, signs and leading zeros alone; else the nearest one, if no other is as near: of numbered items most are
    /// near one another, and which of them is meant nobody knows.
    /// </summary>
    public static string? Of(ItemCatalog catalog, string key)
    {
        if (catalog.Count > MostItems)
            return null;
        string[] keys = [.. Enumerable.Range(0, catalog.Count).Select(catalog.KeyOf)];
        var plain = Plain(key);
        if (plain.Length > 0 && keys.Where(each => Plain(each) == plain).Take(2).ToArray() is [var same])
            return same;
        if (NearestName.Of(key, keys) is not { } near)
            return null;
        var distance = EditDistance.Between(key, near);
        return keys.Any(each => each != near && EditDistance.Between(key, each) <= distance) ? null : near;
    }

    private static string Plain(string key) => LeadingZeros().Replace(string.Concat(key.Where(char.IsLetterOrDigit)).ToLowerInvariant(), "");

    [GeneratedRegex(@"(?<![0-9])0+(?=[0-9])")]
    private static partial Regex LeadingZeros();
}
