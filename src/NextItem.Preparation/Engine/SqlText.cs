namespace NextItem.Preparation.Engine;

/// <summary>Pieces of SQL.</summary>
internal static class SqlText
{
    /// <summary>A string literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>A name of a column or table.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>A list of literals, as in <c>['a', 'b']</c>.</summary>
    public static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Literal))}]";

    /// <summary>A struct of columns that are all text, as the readers take it.</summary>
    public static string TextColumns(IEnumerable<string> names) => $"{{{string.Join(", ", names.Select(name => $"{Literal(name)}: 'VARCHAR'"))}}}";
}
