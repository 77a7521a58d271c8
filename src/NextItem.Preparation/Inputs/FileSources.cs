using NextItem.Data;
using NextItem.Data.Reading;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>How files are read: their layout is looked up, and files of one layout are read together.</summary>
/// <param name="database">Looks into the files.</param>
internal sealed class FileSources(Database database)
{
    private const string TextReader = "read_csv";
    private const string JsonReader = "read_json";
    private const string Utf8 = "utf-8";
    private const int LinesLookedAt = 100;
    private const int LongestObject = 16_777_216;

    // A folder called 'item_id=7' would otherwise take the place of the file's own column.
    private const string ParquetSettings = ", hive_partitioning = false";

    /// <summary>Names of columns of text without a header, by the first line's fields; null where there is a header.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>?> Headerless { get; init; } = _ => null;

    /// <summary>The separator; null to find it.</summary>
    public string? Separator { get; init; }

    /// <summary>DuckDB's word for the encoding of text.</summary>
    public string Encoding { get; init; } = Utf8;

    /// <summary>Types of JSON fields that are no plain values.</summary>
    public IReadOnlyDictionary<string, string> JsonTypes { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether fields inside of objects are columns too: <c>product.sku</c>.</summary>
    public bool OpensObjects { get; init; }

    /// <summary>Makes a row an event.</summary>
    public Func<IReadOnlyList<string>, string, string>? Explode { get; init; }

    /// <summary>Files to sources, in the order of the files' first members.</summary>
    public List<Source> Of(IEnumerable<RawFile> files) =>
        [.. files.Select(file => (File: file, Reader: ReaderOf(file))).GroupBy(pair => pair.Reader, pair => pair.File).Select(group => Of(group.Key, [.. group]))];

    private Source Of(Reader reader, List<RawFile> files)
    {
        // A condition that every row meets, and that needs every column.
        var all = database.ReadsAllColumns && reader.Function == TextReader ? $" WHERE coalesce({string.Join(", ", reader.Names.Select(SqlText.Name))}, '') IS NOT NULL" : "";
        var rows = $"SELECT *{reader.Inner} FROM {reader.Call(files)}{all}";
        var names = reader.Names;
        var source = new Source(rows, [], files, reader.HasHeader)
        {
            Explode = Explode is null ? null : inner => Explode(names, inner),
            IsJson = reader.Function == JsonReader,
            IsText = reader.Function == TextReader,
            RowsOf = file => $"SELECT *{reader.Inner}, row_number() OVER () AS row_number FROM {reader.Call([file])}{all}",
            Remark = all.Length > 0 ? "All columns of the text are read, by a condition that every row meets: the reader fails at text that is not UTF-8 where it reads some alone." : null,
        };
        return source with { Columns = [.. Describe(source.Query).Select(column => column with { IsNested = reader.Nested.Contains(column.Name) })] };
    }

    /// <summary>Names and types of a query's columns.</summary>
    public List<SourceColumn> Describe(string query) =>
        database.Query($"DESCRIBE {query}", row => new SourceColumn(row.GetString(0), row.GetString(1)));

    private Reader ReaderOf(RawFile file)
    {
        var reader = LayoutOf(file);
        // A NUL byte would end the text of the SQL that names the column, and nobody can name it by an option.
        if (reader.AllNames.FirstOrDefault(name => name.Any(char.IsControl)) is { } odd)
        {
            throw new EventsFileException(
                file.Path, null, $"the column {Shown.Value(odd)} has control characters in its name", "names of text",
                odd.Contains('\0') ? "NUL bytes are what a log has after a power cut: tr -d '\\000' takes them out." : null);
        }

        return reader;
    }

    private Reader LayoutOf(RawFile file)
    {
        if (file.Kind == RawFileKind.Parquet)
            return new("read_parquet", [.. Describe($"SELECT * FROM read_parquet({SqlText.Path(file.Path)}{ParquetSettings})").Select(column => column.Name)], ParquetSettings, false);
        database.TextFiles.Add((file.Path, file.Compression));
        var lines = FirstLines.Of(file, LinesLookedAt, Encoding, database);
        if (lines.Count == 0)
            throw FirstLines.Fault(file) ?? new EventsFileException(file.Path, null, $"there are only blank lines{(file.Compression == "zstd" ? ", or lines that are not UTF-8" : "")}", "rows of events");
        return file.Kind == RawFileKind.JsonLines || (file.Compression == "zstd" && lines[0].TrimStart().StartsWith('{')) ? Json(file, lines) : Text(file, lines);
    }

    private Reader Text(RawFile file, List<string> lines)
    {
        var separator = Separator ?? TextLayout.SeparatorOf(lines);
        var fields = TextLayout.Fields(lines[0], separator);
        var names = Headerless(fields);
        var hasHeader = names is null;
        if (hasHeader && Encoding == Utf8 && FirstLines.Fault(file) is { } fault)
            throw fault;
        names ??= fields;
        if (!hasHeader && names.Count != fields.Count)
            throw new EventsFileException(file.Path, 1, $"there are {fields.Count} fields, separated by {ShownSeparator(separator)}", $"{names.Count}: {string.Join(", ", names)}");
        if (names.FirstOrDefault(name => names.Count(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) > 1) is { } twice)
            throw new EventsFileException(file.Path, null, $"the column '{twice}' is there twice", "different names in the first line");
        if (names.Any(string.IsNullOrWhiteSpace))
            throw new EventsFileException(file.Path, null, "a column of the first line has no name", "a header that names every column", "Files without a header: --columns names them.");
        return new(TextReader, names, $", auto_detect = false, header = {(hasHeader ? "true" : "false")}, delim = {SqlText.Literal(separator)}, quote = '\"', escape = '\"', "
            + $"columns = {SqlText.TextColumns(names)}, compression = '{file.Compression}', encoding = '{Encoding}', max_line_size = {FirstLines.LongestLine}, store_rejects = true, rejects_limit = 0, hive_partitioning = false", hasHeader);
    }

    private Reader Json(RawFile file, List<string> lines)
    {
        var fields = JsonFields.Of(lines, OpensObjects, JsonTypes.Keys);
        if (fields.Names.Count == 0)
            throw new EventsFileException(file.Path, 1, $"'{lines[0][..Math.Min(40, lines[0].Length)]}' is no JSON object", "JSON lines, an object a line");
        var columns = string.Join(", ", fields.Names.Select(name => $"{SqlText.Literal(name)}: {SqlText.Literal(JsonTypes.GetValueOrDefault(name, "VARCHAR"))}"));
        return new(JsonReader, fields.Names, $", format = 'newline_delimited', columns = {{{columns}}}, compression = '{(file.Compression == "none" ? "uncompressed" : file.Compression)}', ignore_errors = true, maximum_object_size = {LongestObject}, hive_partitioning = false", false)
        {
            Nested = fields.Nested,
            InnerNames = [.. fields.Inner.Select(inner => inner.Name)],
            Inner = string.Concat(fields.Inner.Select(inner => $", CASE WHEN json_valid({SqlText.Name(inner.Field)}) THEN json_extract_string({SqlText.Name(inner.Field)}, {SqlText.Literal(inner.Pointer)}) END AS {SqlText.Name(inner.Name)}")),
        };
    }

    private static string ShownSeparator(string separator) => separator == "\t" ? "tabs" : $"'{separator}'";

    /// <summary>One of DuckDB's readers with its settings.</summary>
    private sealed record Reader(string Function, IReadOnlyList<string> Names, string Settings, bool HasHeader)
    {
        /// <summary>Fields of JSON that hold objects or lists.</summary>
        public IReadOnlySet<string> Nested { get; init; } = new HashSet<string>();

        /// <summary>Names of the columns, and of the fields inside of them.</summary>
        public IEnumerable<string> AllNames => Names.Concat(InnerNames);

        /// <summary>Names of the fields inside of columns.</summary>
        public IReadOnlyList<string> InnerNames { get; init; } = [];

        /// <summary>SQL of the fields inside of them.</summary>
        public string Inner { get; init; } = "";

        public string Call(IEnumerable<RawFile> files) => $"{Function}([{string.Join(", ", files.Select(file => SqlText.Path(file.Path)))}]{Settings})";

        public bool Equals(Reader? other) =>
            other is not null && Function == other.Function && Settings == other.Settings && HasHeader == other.HasHeader && Inner == other.Inner && Nested.SetEquals(other.Nested) && Names.SequenceEqual(other.Names);

        public override int GetHashCode() => HashCode.Combine(Function, Settings);
    }
}
