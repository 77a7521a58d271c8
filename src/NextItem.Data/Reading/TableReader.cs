namespace NextItem.Data.Reading;

/// <summary>
/// Walks the rows of a file and hands out the wanted columns of the current one. A span it returns is good until the next
/// row. Every fault of the file leaves as an <see cref="EventsFileException"/>.
/// </summary>
internal abstract class TableReader(string path, WantedColumn[] columns, CancellationToken cancellationToken) : IDisposable
{
    public const string ExpectedTime = "a number or an ISO 8601 date";

    /// <summary>What to do about a file that names its columns after all.</summary>
    protected const string WithHeader = "Leave out --format (EventColumns.Format) to read columns by their names.";

    private const string OtherDates = "Dates written in other ways 'nextitem prepare --time-format' reads; or write them as 2026-03-01 00:00.";

    private const int RowsBetweenCancellationChecks = 4096;

    private WantedColumn[] _columns = columns;
    private TimeKind _timeKind;
    private long _timeKindRow;

    /// <summary>Number of the current row: 1 is the first after the header, or the first of all where there is no header.</summary>
    public long Row { get; private set; }

    /// <summary>Path of the file, as the caller named it.</summary>
    protected string Path => path;

    /// <summary>The columns asked for; their positions here are what the other methods take.</summary>
    protected WantedColumn[] Wanted => _columns;

    /// <summary>Stops the reading.</summary>
    protected CancellationToken Cancellation => cancellationToken;

    /// <summary>Opens a file of any kind that can be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">The columns to find; the other methods take positions in this list.</param>
    /// <param name="content">What the file holds, for messages: "events".</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <param name="choose">Chooses more columns among those that the file has; their positions follow.</param>
    public static TableReader Open(
        string path, WantedColumn[] columns, string content, CancellationToken cancellationToken, Func<IReadOnlyList<FoundColumn>, IEnumerable<WantedColumn>>? choose = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var hasHeader = columns[0].Position is null;
        var input = InputFile.Open(path, content, hasHeader);
        try
        {
            if (input.Kind == InputKind.Parquet && !hasHeader)
            {
                throw new EventsFileException(
                    path, null, "the file is Parquet, whose columns have names", "tab-separated text without a header, plain or gzipped", WithHeader);
            }

            return input.Kind == InputKind.Parquet
                ? new ParquetTable(input, columns, choose, cancellationToken)
                : new DelimitedTable(input, columns, choose, cancellationToken);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool MoveNext()
    {
        if (Row % RowsBetweenCancellationChecks == 0)
            cancellationToken.ThrowIfCancellationRequested();
        if (!Advance())
            return false;
        Row++;
        return true;
    }

    /// <summary>The text of a column, which may be empty.</summary>
    public abstract ReadOnlySpan<char> Text(int column);

    /// <summary>The text of a column that holds keys: never empty, and in a text file in one line.</summary>
    public virtual ReadOnlySpan<char> Key(int column)
    {
        var key = Text(column);
        return key.IsEmpty ? throw Fault(Row, $"{_columns[column].Label} is empty", "an id") : key;
    }

    /// <summary>Whether a column holds vectors, which <see cref="Vector"/> gives; else <see cref="Text"/> gives its values.</summary>
    public virtual bool HoldsVectors(int column) => false;

    /// <summary>The vector in a column that holds them; empty where there is none.</summary>
    public virtual ReadOnlySpan<double> Vector(int column) => [];

    /// <summary>The time in a column.</summary>
    public abstract double Time(int column);

    public abstract void Dispose();

    /// <summary>Goes to the next row, if there is one; <see cref="Row"/> still counts the row before.</summary>
    protected abstract bool Advance();

    /// <summary>Wants more columns, when it is known which there are.</summary>
    protected void Choose(Func<IReadOnlyList<FoundColumn>, IEnumerable<WantedColumn>>? choose, IEnumerable<FoundColumn> found)
    {
        if (choose is not null)
            _columns = [.. _columns, .. choose([.. found])];
    }

    /// <summary>That the current row, or the file, is at fault.</summary>
    public EventsFileException Fault(long? row, string found, string expected, string? advice = null, Exception? cause = null) =>
        new(path, row, found, expected, advice, cause);

    /// <summary>The time that a text says, in the way of all rows so far.</summary>
    protected double TimeOf(int column, ReadOnlySpan<char> text)
    {
        var time = TimeText.Parse(text, out var kind);
        if (kind != _timeKind || kind == TimeKind.None)
            CheckKind(column, text, kind);
        return time;
    }

    protected EventsFileException BadTime(int column, ReadOnlySpan<char> text)
    {
        var name = _columns[column].Label;
        return Fault(Row, text.IsEmpty ? $"{name} is empty" : $"{name} is {Shown.Value(text)}", ExpectedTime, !TimeText.HasIsoShape(text) && TimeText.LooksLikeDate(text) ? OtherDates : null);
    }

    private void CheckKind(int column, ReadOnlySpan<char> text, TimeKind kind)
    {
        if (kind == TimeKind.None)
            throw BadTime(column, text);
        if (_timeKind == TimeKind.None)
        {
            (_timeKind, _timeKindRow) = (kind, Row);
            return;
        }

        var (here, there) = kind == TimeKind.Date ? ("a date", "a number") : ("a number", "a date");
        throw Fault(
            Row,
            $"{_columns[column].Label} is {Shown.Value(text)}, {here}, where row {_timeKindRow:N0} has {there}",
            "numbers in every row or dates in every row");
    }
}
