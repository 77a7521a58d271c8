using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using NextItem.Preparation.Engine;
using Npgsql;

namespace NextItem.Preparation.Inputs;

/// <summary>A table of another database (PostgreSQL, SQLite), streamed into <c>source_rows</c> as text, row after row.</summary>
internal static class StreamedTable
{
    /// <summary>What the copy is called.</summary>
    public const string Table = "source_rows";

    private const int RowsBetweenChecks = 4096;

    /// <summary>Copies a table of PostgreSQL.</summary>
    public static Source OfPostgres(string address, string? table, string? query, Database database, Action<long> told, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = new NpgsqlConnection(PostgresAddress.ConnectionString(address));
            connection.Open();
            // Dates as text in the one form that is read, whatever the server's custom.
            using (var custom = new NpgsqlCommand("SET datestyle = 'ISO, YMD'", connection))
                custom.ExecuteNonQuery();
            query = Inner(query) ?? $"SELECT * FROM {Choose(table, Names(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name"), PostgresAddress.WithoutPassword(address))}";
            var columns = ColumnNames(connection, $"SELECT * FROM ({query}\n) AS asked LIMIT 0");
            var texts = string.Join(", ", columns.Select(name => $"{SqlText.Name(name)}::text"));
            return Copy(connection, $"SELECT {texts} FROM ({query}\n) AS asked", columns, database, told, cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            cancellationToken.ThrowIfCancellationRequested(); // first: the server calls a query that was stopped a failure
            throw new PreparationException($"{PostgresAddress.WithoutPassword(address)}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Copies a table of a SQLite file.</summary>
    public static Source OfSqlite(string path, string? table, string? query, Database database, Action<long> told, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            connection.Open();
            query = Inner(query) ?? $"SELECT * FROM {Choose(table, Names(connection, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"), path)}";
            var columns = ColumnNames(connection, $"SELECT * FROM ({query}\n) LIMIT 0");
            return Copy(connection, query, columns, database, told, cancellationToken);
        }
        catch (SqliteException e)
        {
            throw new PreparationException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>A query as it can stand in brackets: without a semicolon at its end.</summary>
    public static string? Inner(string? query) => query?.TrimEnd().TrimEnd(';');

    /// <summary>The table asked for, or the only one.</summary>
    public static string Choose(string? table, IReadOnlyList<string> names, string where)
    {
        if (table is not null)
        {
            // A schema may stand before the name.
            var name = table.Split('.')[^1];
            return names.Contains(name) ? string.Join('.', table.Split('.').Select(SqlText.Name))
                : throw new PreparationException($"{where} has no table '{table}'; it has {Listed(names)}.");
        }

        return names is [var only] ? SqlText.Name(only) : throw new PreparationException($"{where} has {Listed(names)}; --table says which one to read.");
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count == 0 ? "no table" : $"the tables {string.Join(", ", names)}";

    private static List<string> Names(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    private static List<string> ColumnNames(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    private static Source Copy(DbConnection connection, string sql, List<string> columns, Database database, Action<long> told, CancellationToken cancellationToken)
    {
        database.Execute($"CREATE TABLE {Table} ({string.Join(", ", columns.Select(name => $"{SqlText.Name(name)} VARCHAR"))});");
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var stop = cancellationToken.Register(command.Cancel);
        using (var appender = database.Connection.CreateAppender(Table))
        {
            using var reader = command.ExecuteReader();
            for (var rows = 1L; reader.Read(); rows++)
            {
                var row = appender.CreateRow();
                for (var column = 0; column < columns.Count; column++)
                {
                    if (reader.IsDBNull(column))
                        row.AppendNullValue();
                    else
                        row.AppendValue(Text(reader.GetValue(column)));
                }

                row.EndRow();
                if (rows % RowsBetweenChecks == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    told(rows);
                }
            }
        }

        return new Source($"SELECT * FROM {Table}", [.. columns.Select(name => new SourceColumn(name, "VARCHAR"))], [], false)
        {
            Remark = $"The input: {Table} has all rows, as text, of: {sql.ReplaceLineEndings(" ")}",
        };
    }

    // SQLite's values have types of their own; its own conversion to text would cut numbers at 15 digits.
    private static string Text(object value) => value switch
    {
        string text => text,
        byte[] bytes => System.Text.Encoding.UTF8.GetString(bytes),
        IFormattable number => number.ToString(value is double ? "R" : null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
