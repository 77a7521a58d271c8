using System.Text.RegularExpressions;

namespace NextItem.Data.Reading;

/// <summary>
/// The grammar of a file and what to make of it in one text: the file's name, and after a colon parts separated by ';', each
/// <c>word=value</c>. A value in quote marks may hold any character. Item features and item names are told so.
/// </summary>
internal static partial class SpecificationText
{
    private const char Quote = '"';

    /// <summary>The file's name, and the parts; no parts where there is no colon.</summary>
    public static (string Path, IReadOnlyList<string> Parts) Read(string text)
    {
        var colon = Start().Match(text);
        return colon.Success ? (text[..colon.Index].Trim(), Split(text[(colon.Index + 1)..], ';')) : (text.Trim(), []);
    }

    /// <summary>A value without its quote marks and the blanks around.</summary>
    public static string Unquoted(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length >= 2 && trimmed[0] == Quote && trimmed[^1] == Quote ? trimmed[1..^1] : trimmed;
    }

    /// <summary>Splits where a character stands outside quote marks and brackets.</summary>
    public static List<string> Split(string text, char at)
    {
        var parts = new List<string>();
        var (start, isQuoted, isBracketed) = (0, false, false);
        for (var i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == Quote;
            if (!isQuoted)
                isBracketed = text[i] == '[' || (isBracketed && text[i] != ']');
            if (text[i] != at || isQuoted || isBracketed)
                continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>The colon before the first word with '=', for file names may have colons.</summary>
    [GeneratedRegex(@":(?=\s*[A-Za-z_-]+\s*=)")]
    private static partial Regex Start();
}
