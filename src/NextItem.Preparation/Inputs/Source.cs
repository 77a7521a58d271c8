namespace NextItem.Preparation.Inputs;

/// <summary>Files of one layout, or a table: something that one SELECT reads.</summary>
/// <param name="Rows">The query that gives its rows as they are.</param>
/// <param name="Columns">Its columns, a row an event.</param>
/// <param name="Files">The files; none for a table.</param>
/// <param name="HasHeader">Whether the files have a header line, which rows are counted after.</param>
internal sealed record Source(string Rows, IReadOnlyList<SourceColumn> Columns, IReadOnlyList<RawFile> Files, bool HasHeader)
{
    /// <summary>Whether the rows are JSON: of a line that cannot be read the reader makes a row of nothing.</summary>
    public bool IsJson { get; init; }

    /// <summary>
    /// Whether the rows are separated text: the reader keeps the rows that it refuses in tables of their own, and keys and times stand in one
    /// line.
    /// </summary>
    public bool IsText { get; init; }

    /// <summary>Makes a row an event of rows that hold several; null where they do not.</summary>
    public Func<string, string>? Explode { get; init; }

    /// <summary>What a reader of the SQL has to know of the input beside the steps; null for files.</summary>
    public string? Remark { get; init; }

    /// <summary>The same for one of the files, for looking at it alone.</summary>
    public Func<RawFile, string>? RowsOf { get; init; }

    /// <summary>The query that gives a row an event.</summary>
    public string Query => Exploded(Rows);

    /// <summary>What a reader of the printed SQL and the report sees.</summary>
    public string Shown => Files.Count switch { 0 => "the table", 1 => Files[0].Path, _ => $"{Files[0].Path} and {Files.Count - 1} more" };

    /// <summary>A query of rows as one of events.</summary>
    public string Exploded(string rows) => Explode is null ? rows : Explode(rows);
}
