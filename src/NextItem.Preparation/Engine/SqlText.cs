using System.Text.RegularExpressions;

namespace NextItem.Preparation.Engine;

/// <summary>Pieces of SQL.</summary>
internal static partial class SqlText
{
    private const int LongestShown = 60;

    /// <summary>A string literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>A literal of a path that names this file alone: the readers would take <c>[1]</c> in a name for a pattern, and read another file.</summary>
    public static string Path(string path) => Literal(Pattern().Replace(path, "[$0]"));

    /// <summary>A key as a person can be shown it: short, and without what would move a terminal's cursor.</summary>
    public static string Shown(string text)
    {
        text = string.Concat(text.Trim().Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= LongestShown ? text : text[..(char.IsHighSurrogate(text[LongestShown - 4]) ? LongestShown - 4 : LongestShown - 3)] + "...";
    }

    /// <summary>A name of a column or table.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>A list of literals, as in <c>['a', 'b']</c>.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    /// <summary>A struct of columns that are all text, as the readers take it.</summary>
    public static string TextColumns(IEnumerable<string> names) => $"{{{string.Join(", ", names.Select(name => $"{Literal(name)}: 'VARCHAR'"))}}}";

    [GeneratedRegex(@"[*?\[]")]
    private static partial Regex Pattern();
}
