using NextItem.Preparation.Contract;

namespace NextItem.Preparation;

/// <summary>What is prepared, and how.</summary>
public sealed record PreparationOptions
{
    /// <summary>
    /// Files, folders and globs (<c>logs/*.csv.gz</c>) of CSV, TSV, JSON lines or Parquet, plain, gzip or zstd; a DuckDB or SQLite
    /// file; <c>postgres://user@host/database</c>; or <c>extension:connection</c> for a database that an installed extension of
    /// DuckDB reads. A database is the only input.
    /// </summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The format, one of <see cref="SessionPreparer.Formats"/>. Default <c>events</c>: columns by name, guessed where not given.</summary>
    public string Format { get; init; } = FormatNames.Events;

    /// <summary>Which column is which.</summary>
    public RawColumns Columns { get; init; } = new();

    /// <summary>The table or view of a database; null: the only one.</summary>
    public string? Table { get; init; }

    /// <summary>A query of a database, instead of a table.</summary>
    public string? Query { get; init; }

    /// <summary>The steps; null for the published ones of the format, <see cref="SessionPreparer.StepsOf"/>.</summary>
    public PreparationSteps? Steps { get; init; }

    /// <summary>Files with further columns of items, joined by item into <c>items</c>; the formats add their own where they lie beside the events.</summary>
    public IReadOnlyList<string> ItemFiles { get; init; } = [];

    /// <summary>Columns of the events that tell of the item; the latest value of each is joined into <c>items</c>. Null for those of the format.</summary>
    public IReadOnlyList<string>? ItemColumns { get; init; }

    /// <summary>The folder that gets the files.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The files' format. Default Parquet.</summary>
    public OutputFormat OutputFormat { get; init; } = OutputFormat.Parquet;

    /// <summary>Whether the first bad row ends the preparation. Default: bad rows are counted, told and passed over.</summary>
    public bool Strict { get; init; }

    /// <summary>Threads; 0 for all processors. The files do not depend on it. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// How large the process may become, in bytes; what does not fit goes to the disk. 0 for half of the machine's or container's
    /// memory. Default 0.
    /// </summary>
    public long MemoryBytes { get; init; }

    /// <summary>Folder for temporary files, some two to four times as large as the events; null for the output folder.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>How much may be written to the temporary folder beside the tables themselves when memory is short, in bytes; 0 for as much as there is. Default 0.</summary>
    public long TemporaryBytes { get; init; }

    /// <summary>The least memory that a preparation works with.</summary>
    internal const long LeastMemoryBytes = 256L << 20;

    /// <summary>Checks everything that can be checked without reading.</summary>
    /// <exception cref="OptionsException">Lists every fault.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Inputs is null or [] || Inputs.Any(string.IsNullOrWhiteSpace))
            faults.Add("Inputs has nothing to read; expected files, folders, globs or a database.");
        if (!FormatNames.All.Contains(Format))
            faults.Add($"Format is '{Format}'; expected one of {string.Join(", ", FormatNames.All)}.");
        if (string.IsNullOrWhiteSpace(OutputFolder))
            faults.Add("OutputFolder is empty; expected a folder.");
        if (Table is not null && Query is not null)
            faults.Add("Table and Query are both given; expected one of them.");
        if (Threads is < 0 or > 1024)
            faults.Add($"Threads is {Threads}; expected from 0 to 1,024.");
        if (MemoryBytes != 0 && MemoryBytes < LeastMemoryBytes)
            faults.Add($"MemoryBytes is {MemoryBytes:N0}; expected 0 or at least {LeastMemoryBytes:N0}.");
        if (TemporaryBytes < 0)
            faults.Add($"TemporaryBytes is {TemporaryBytes:N0}; expected at least 0.");
        if (!Enum.IsDefined(OutputFormat))
            faults.Add($"OutputFormat is {OutputFormat}; expected {string.Join(" or ", Enum.GetNames<OutputFormat>())}.");
        Columns.AddFaults(faults);
        Steps?.AddFaults(faults);
        if (faults.Count > 0)
            throw new OptionsException(nameof(PreparationOptions), faults);
    }
}
