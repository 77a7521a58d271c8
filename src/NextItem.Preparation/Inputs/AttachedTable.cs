using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>A table of a database that DuckDB reads itself: a DuckDB file, or another one through an extension that is installed.</summary>
internal static class AttachedTable
{
    private const string Alias = "source";

    // Names that the steps give their tables.
    private static readonly string[] s_ownTables = ["events", "train_full", "train_tr", "train_valid", "test", "items"];

    /// <summary>Extension and connection of an input like <c>mysql:host=localhost database=shop</c>; null for a path.</summary>
    public static (string Extension, string Connection)? Extension(string input)
    {
        var colon = input.IndexOf(':');
        // One letter is a drive of Windows; a slash or a dot belongs to a path.
        return colon > 1 && !File.Exists(input) && input[..colon].All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? (input[..colon].ToLowerInvariant(), input[(colon + 1)..]) : null;
    }

    /// <summary>Opens it for reading and chooses the table.</summary>
    /// <param name="connection">The file, or the connection in the extension's words.</param>
    /// <param name="extension">The extension, or null for DuckDB's own files.</param>
    /// <param name="table">The table; null for the only one.</param>
    /// <param name="query">A query instead of a table.</param>
    /// <param name="database">Opens it.</param>
    public static Source Of(string connection, string? extension, string? table, string? query, Database database)
    {
        if (extension is not null && connection.StartsWith("//", StringComparison.Ordinal))
            throw new PreparationException($"'{extension}:' is an address on a network; expected a file, a folder, or a database. Download it first.");
        if (extension is not null)
            Load(extension, database);
        Attach(connection, extension, database);
        var own = database.Single("SELECT current_database()", row => row.GetString(0));
        var names = database.Query($"SELECT table_name FROM information_schema.tables WHERE table_catalog = '{Alias}' ORDER BY table_name", row => row.GetString(0));
        var asked = StreamedTable.Inner(query);
        // A comment at the end of a query ends before what follows.
        query = asked is null ? $"SELECT * FROM {Alias}.{StreamedTable.Choose(table, names, extension ?? connection)}" : $"{asked}\n";

        // The caller's query names its own tables, ours come after them.
        database.Execute($"SET search_path = '{own},{Alias}';");
        if (asked is not null && names.Exists(name => s_ownTables.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            // Its 'events' and ours would be mixed up as soon as there are ours.
            database.Execute($"CREATE TABLE {StreamedTable.Table} AS {asked}");
            query = $"SELECT * FROM {StreamedTable.Table}";
        }

        return new Source(query, new FileSources(database).Describe(query), [], false)
        {
            Remark = $"The input: ATTACH {(extension is null ? SqlText.Literal(connection) : "'...'")} AS {Alias} ({(extension is null ? "" : $"TYPE {extension}, ")}READ_ONLY);{(asked is null ? "" : $" its query: {asked.ReplaceLineEndings(" ")}")}",
        };
    }

    private static void Attach(string connection, string? extension, Database database)
    {
        try
        {
            database.Execute($"ATTACH {SqlText.Literal(connection)} AS {Alias} ({(extension is null ? "" : $"TYPE {extension}, ")}READ_ONLY);");
        }
        catch (PreparationException e) when (extension is not null)
        {
            // Some extensions repeat the connection, and the password in it.
            throw new PreparationException($"{extension}: {e.Message.Replace(connection, "...", StringComparison.Ordinal)}");
        }
    }

    private static void Load(string extension, Database database)
    {
        try
        {
            database.Execute($"LOAD {extension};");
        }
        catch (PreparationException e)
        {
            throw new PreparationException(
                $"DuckDB's extension '{extension}' is not installed on this machine, and nothing is downloaded. Install it once with DuckDB's own program (INSTALL {extension}), or export the table to Parquet or CSV.", e);
        }
    }
}
