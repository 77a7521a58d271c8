namespace NextItem.Preparation.Formats;

/// <summary>A raw log as its owner publishes it: files, columns, units, and the published steps.</summary>
internal sealed record RawFormat
{
    /// <summary>What <c>--format</c> calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose data it is.</summary>
    public required string Title { get; init; }

    /// <summary>Names of the files of events in a folder, with * for any part; a further ending .gz or .zst may follow.</summary>
    public required IReadOnlyList<string> EventFiles { get; init; }

    /// <summary>Names that the column of the session may have, the likeliest first; upper and lower case and marks between words do not count.</summary>
    public IReadOnlyList<string> Session { get; init; } = [];

    /// <summary>The same for the user.</summary>
    public IReadOnlyList<string> User { get; init; } = [];

    /// <summary>The same for the item.</summary>
    public required IReadOnlyList<string> Item { get; init; }

    /// <summary>The same for the time.</summary>
    public required IReadOnlyList<string> Time { get; init; }

    /// <summary>The same for the type of event.</summary>
    public IReadOnlyList<string> EventType { get; init; } = [];

    /// <summary>What numeric times count; <see cref="TimeUnit.Auto"/> guesses.</summary>
    public TimeUnit TimeUnit { get; init; } = TimeUnit.Auto;

    /// <summary>The time in microseconds, where it is more than one column; null where one column has it.</summary>
    public string? TimeSql { get; init; }

    /// <summary>Names of the columns of text files without a header, by the first line's fields; null where there is one.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>?> Headerless { get; init; } = _ => null;

    /// <summary>Types of JSON fields that are no plain values, as DuckDB writes them.</summary>
    public IReadOnlyDictionary<string, string> JsonTypes { get; init; } = new Dictionary<string, string>();

    /// <summary>Makes one row an event of a file's rows, where they hold several: takes a query and gives one; null where they do not.</summary>
    public Func<IReadOnlyList<string>, string, string>? Explode { get; init; }

    /// <summary>Files beside the events that tell of items.</summary>
    public IReadOnlyList<ItemSource> ItemSources { get; init; } = [];

    /// <summary>Columns of the events that tell of items.</summary>
    public IReadOnlyList<string> ItemColumns { get; init; } = [];

    /// <summary>The published steps.</summary>
    public PreparationSteps Steps { get; init; } = new();
}
