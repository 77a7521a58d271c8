using System.Security.Cryptography;
using NextItem.Preparation.Contract;
using NextItem.Preparation.Engine;
using NextItem.Preparation.Steps;

namespace NextItem.Preparation.Output;

/// <summary>Writes all files aside, in the temporary folder, and moves them when the last is done.</summary>
internal sealed class OutputFiles(PreparationOptions options, Database database, StepRunner runner, string aside)
{
    private readonly bool _isParquet = options.OutputFormat == OutputFormat.Parquet;

    /// <summary>Data files a preparation may leave; those of an earlier one that are not made again are removed.</summary>
    private static readonly string[] s_tables = ["train_full", "test", "train_tr", "train_valid", "items"];

    /// <summary>The report of everything.</summary>
    public const string Report = "prepare.json";

    /// <summary>The same to be looked at.</summary>
    public const string Page = "prepare.html";

    /// <summary>The SQL that was run.</summary>
    public const string Script = "prepare.sql";

    /// <summary>The sets of events.</summary>
    public static IReadOnlyList<string> EventTables(bool validation) => validation ? ["train_full", "test", "train_tr", "train_valid"] : ["train_full", "test"];

    /// <summary>Writes the catalogue and the sets of events.</summary>
    public List<PreparedFile> Write(CatalogColumns features, bool validation)
    {
        WriteItems(features);
        var files = new List<PreparedFile>();
        foreach (var table in EventTables(validation))
        {
            if (!_isParquet)
                RequireKeysOfOneLine(table);
            WriteEvents(table);
            runner.Tell($"fingerprint of {table}");
            files.Add(new PreparedFile(NameOf(table), Rows(table), Sha256(PathOf(table)), TableFingerprint.Of(database, table)));
        }

        files.Add(new PreparedFile(NameOf("items"), Rows("items"), Sha256(PathOf("items")), null));
        return files;
    }

    /// <summary>Writes the steps' text alone.</summary>
    public void WriteScript(CatalogColumns features, bool validation)
    {
        WriteItems(features);
        foreach (var table in EventTables(validation))
            WriteEvents(table);
    }

    private void WriteItems(CatalogColumns features)
    {
        runner.Run("12-items", ("feature_columns", features.Columns), ("feature_joins", features.Joins));
        runner.Run("14-write-items", ("file", SqlText.Literal(PathOf("items"))), ("file_options", FileOptions), ("feature_names", string.Concat(features.Names.Select(name => $", {SqlText.Name(name)}"))));
    }

    private void WriteEvents(string table) =>
        runner.Run("13-write-events", ("events", table), ("file", SqlText.Literal(PathOf(table))), ("file_options", FileOptions));

    /// <summary>Of Parquet, JSON and databases a key may have several lines; of text the reader refuses it.</summary>
    private void RequireKeysOfOneLine(string table)
    {
        var (count, key) = database.Single(
            $"SELECT count(*), min(CASE WHEN one_line(item_key) IS NULL THEN item_key ELSE session_key END) FROM {table} WHERE one_line(item_key) IS NULL OR one_line(session_key) IS NULL",
            row => (row.GetInt64(0), row.IsDBNull(1) ? "" : row.GetString(1)));
        if (count > 0)
            throw new PreparationException($"{count:N0} of the events of {table} have a key with a line break, such as '{SqlText.Shown(key)}'; text files are read with keys in one line alone. --write parquet has them.");
    }

    private string PathOf(string table) => Path.Combine(aside, NameOf(table));

    /// <summary>Moves everything into the output folder, the report last: the old files stay until all new ones are complete.</summary>
    public void Publish(PreparationReport report, string script)
    {
        // The text names the files as they will be.
        File.WriteAllText(Path.Combine(aside, Script), script.Replace(aside.Replace("'", "''"), options.OutputFolder.Replace("'", "''")));
        File.WriteAllText(Path.Combine(aside, Page), PreparationPage.Of(report));
        using (var stream = File.Create(Path.Combine(aside, Report)))
            PreparationJson.Write(stream, report);
        var names = report.Files.Select(file => file.Name).Append(Script).Append(Page).Append(Report).ToArray();
        foreach (var name in names)
        {
            using var handle = File.OpenHandle(Path.Combine(aside, name), FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }

        foreach (var name in names)
            File.Move(Path.Combine(aside, name), Path.Combine(options.OutputFolder, name), overwrite: true);
        foreach (var stale in s_tables.SelectMany(table => new[] { $"{table}.parquet", $"{table}.tsv" }).Except(names))
            File.Delete(Path.Combine(options.OutputFolder, stale));
    }

    // Text as EventsFile reads it: a field with a tab is quoted, and so is a line break in a feature.
    private string FileOptions => _isParquet ? "FORMAT parquet, COMPRESSION zstd" : "FORMAT csv, DELIMITER '\t', HEADER true";

    private string NameOf(string table) => $"{table}.{(_isParquet ? "parquet" : "tsv")}";

    private long Rows(string table) => database.Single($"SELECT count(*) FROM {table}", row => row.GetInt64(0));

    private static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
