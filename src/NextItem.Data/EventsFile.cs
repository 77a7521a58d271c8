using NextItem.Data.Reading;

namespace NextItem.Data;

/// <summary>
/// Event files: one row an event, with a session key, an item key and a time. Reads text separated by tab, comma or
/// semicolon, plain or gzipped, and Parquet; what a file is, its first bytes say, not its name. A header row names the
/// columns, unless <see cref="EventColumns.Format"/> says that there is none.
/// </summary>
public static partial class EventsFile
{
    /// <summary>What the file holds, for messages.</summary>
    internal const string Content = InputFile.Events;

    internal const int SessionColumn = 0;
    internal const int ItemColumn = 1;
    internal const int TimeColumn = 2;

    /// <summary>
    /// Reads a file and groups its events into sessions, each in time order; equal times keep the order of the file. Keys are
    /// any strings, kept exactly (<c>007</c> is not <c>7</c>). Times are numbers, or ISO 8601 dates, which become Unix
    /// seconds. Takes about 24 bytes an event while it reads, besides the distinct keys, and allocates no string a row.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns, or the format that does without; null for the defaults.</param>
    /// <param name="catalog">
    /// The catalog of a model, for test data: items that it does not know get <see cref="ItemCatalog.UnknownItem"/>; null makes
    /// a new catalog, for training data.
    /// </param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EventsFileException">The file, one of its rows, or its lack of events is at fault.</exception>
    /// <exception cref="OptionsException"><paramref name="columns"/> has faults.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static SessionSet Read(
        string path, EventColumns? columns = null, ItemCatalog? catalog = null, CancellationToken cancellationToken = default) =>
        ReadRows(path, columns, catalog, null, cancellationToken);

    /// <summary>What sees every row while a file is read; the keys are good until the next one.</summary>
    internal delegate void RowVisitor(ReadOnlySpan<char> sessionKey, ReadOnlySpan<char> itemKey, double time);

    /// <summary>Reads a file as the public method does, and shows every row on the way.</summary>
    internal static SessionSet ReadRows(string path, EventColumns? columns, ItemCatalog? catalog, RowVisitor? visit, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        columns ??= new EventColumns();
        columns.Validate();
        using var table = TableReader.Open(path, columns.Wanted(), Content, cancellationToken);
        var builder = new SessionSetBuilder(catalog);
        while (table.MoveNext())
        {
            var session = table.Key(SessionColumn);
            var item = table.Key(ItemColumn);
            var time = table.Time(TimeColumn);
            builder.Add(session, item, time);
            visit?.Invoke(session, item, time);
        }

        if (builder.EventCount == 0)
            throw NoEvents(path, columns);
        return builder.Build();
    }

    /// <summary>That a file has no row.</summary>
    internal static EventsFileException NoEvents(string path, EventColumns columns) =>
        new(path, null, columns.Format == EventsFormat.Events ? "there is a header but no event (0 rows)" : "there is no event (0 rows)", "at least one event");
}
