namespace NextItem.Data.Reading;

/// <summary>Quoted fields: a field in quote marks may hold separators and line breaks; a quote mark inside is written twice.</summary>
internal static class Quoting
{
    public const char Mark = '"';

    /// <summary>
    /// Whether a raw field is well formed: quoted as a whole, or free of separators and line breaks. One that is neither comes
    /// from a stray quote mark, under which the splitting of the line went wrong and rows may have been run together.
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<char> field, char separator)
    {
        if (field.IsEmpty || field[0] != Mark)
            return field.IndexOfAny(separator, '\r', '\n') < 0;
        if (field.Length < 2 || field[^1] != Mark)
            return false;
        var inside = field[1..^1];
        for (var at = inside.IndexOf(Mark); at >= 0; at = inside.IndexOf(Mark))
        {
            if (at + 1 == inside.Length || inside[at + 1] != Mark)
                return false;
            inside = inside[(at + 2)..];
        }

        return true;
    }

    /// <summary>Copies what a well-formed quoted field says; returns its length, at most that of the field.</summary>
    public static int Unquote(ReadOnlySpan<char> field, Span<char> destination)
    {
        var inside = field[1..^1];
        var length = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            destination[length++] = inside[i];
            i += inside[i] == Mark ? 1 : 0;
        }

        return length;
    }

    /// <summary>The text of a well-formed field.</summary>
    public static string Text(ReadOnlySpan<char> field)
    {
        if (field.IsEmpty || field[0] != Mark)
            return field.ToString();
        var text = new char[field.Length];
        return new string(text, 0, Unquote(field, text));
    }

    /// <summary>A field as it must be written between tabs.</summary>
    public static string Quote(string text) =>
        text.AsSpan().IndexOfAny("\"\t\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
