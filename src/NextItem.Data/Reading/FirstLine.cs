namespace NextItem.Data.Reading;

/// <summary>The first line of a file that should have no header.</summary>
internal static class FirstLine
{
    private const int FewestNames = 3;

    /// <summary>
    /// Its fields, by any separator, if it looks like a header: three or more, none empty and none a number or a date, where
    /// an event has at least a time. Null if it does not.
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
}
