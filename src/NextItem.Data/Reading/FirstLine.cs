namespace NextItem.Data.Reading;

/// <summary>What the first line of a file looks like.</summary>
internal static class FirstLine
{
    /// <summary>An object a line.</summary>
    public const string JsonLines = "JSON lines";

    private const string JsonArray = "a JSON array";

    private const int FewestNames = 3;

    /// <summary>
    /// The fields of a file that should have no header, by any separator, if its first line looks like one: three or more, none empty
    /// and none a number or a date, where an event has at least a time. Null if it does not.
    /// </summary>
    public static IReadOnlyList<string>? HeaderNames(ReadOnlySpan<char> line)
    {
        var names = new List<string>();
        foreach (var range in line.SplitAny('\t', ',', ';'))
        {
            var name = line[range].Trim('"');
            if (name.IsWhiteSpace() || TimeText.IsTime(name))
                return null;
            names.Add(name.ToString());
        }

        return names.Count < FewestNames ? null : names;
    }

    /// <summary>What kind of JSON it begins, or null: an object with a quoted name, or an array of objects.</summary>
    public static string? JsonKind(ReadOnlySpan<char> line)
    {
        var rest = line.TrimStart();
        var isArray = !rest.IsEmpty && rest[0] == '[';
        if (isArray && (rest = rest[1..].TrimStart()).IsEmpty)
            return JsonArray;
        if (rest.IsEmpty || rest[0] != '{' || !(rest = rest[1..].TrimStart()).StartsWith("\""))
            return null;
        return isArray ? JsonArray : JsonLines;
    }
}
