using System.Text.RegularExpressions;

namespace NextItem.Preparation.Inputs;

/// <summary>How a text file is divided.</summary>
/// <param name="Separator">Between fields.</param>
/// <param name="Names">Names of the columns.</param>
/// <param name="HasHeader">Whether the names are the file's first line.</param>
internal sealed partial record TextLayout(string Separator, IReadOnlyList<string> Names, bool HasHeader)
{
    /// <summary>
    /// The separator of the first lines: two colons after a number at the start, else of tab, comma, semicolon and bar the one that divides
    /// most lines into as many fields as the first, and of several the one that makes most fields. What stands in quotes divides nothing.
    /// </summary>
    public static string SeparatorOf(IReadOnlyList<string> lines)
    {
        if (TwoColons().IsMatch(lines[0]))
            return "::";
        var best = (Separator: ",", Agreeing: 0, Fields: 1);
        foreach (var separator in (string[])["\t", ",", ";", "|"])
        {
            var fields = Fields(lines[0], separator).Count;
            if (fields == 1)
                continue;
            var agreeing = lines.Count(line => Fields(line, separator).Count == fields);
            if (agreeing > best.Agreeing || (agreeing == best.Agreeing && fields > best.Fields))
                best = (separator, agreeing, fields);
        }

        return best.Separator;
    }

    /// <summary>The fields of a line; quoted ones without their marks.</summary>
    public static List<string> Fields(string line, string separator)
    {
        var fields = new List<string>();
        var rest = line;
        while (true)
        {
            var end = FieldEnd(rest, separator);
            var field = end < 0 ? rest : rest[..end];
            fields.Add(field is ['"', .., '"'] ? field[1..^1].Replace("\"\"", "\"") : field);
            if (end < 0)
                return fields;
            rest = rest[(end + separator.Length)..];
        }
    }

    public bool Equals(TextLayout? other) =>
        other is not null && Separator == other.Separator && HasHeader == other.HasHeader && Names.SequenceEqual(other.Names);

    public override int GetHashCode() => HashCode.Combine(Separator, HasHeader, Names.Count);

    private static int FieldEnd(string rest, string separator)
    {
        var from = 0;
        if (rest.StartsWith('"'))
        {
            // To the closing mark; a mark written twice is part of the text.
            for (from = 1; from < rest.Length && rest[from] != '"' || from + 1 < rest.Length && rest[from + 1] == '"'; from++)
                from += rest[from] == '"' ? 1 : 0;
        }

        return from >= rest.Length ? -1 : rest.IndexOf(separator, from, StringComparison.Ordinal);
    }

    [GeneratedRegex("^[0-9]+::")]
    private static partial Regex TwoColons();
}
