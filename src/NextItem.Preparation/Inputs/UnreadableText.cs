using DuckDB.NET.Data;
using NextItem.Data;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>Says which file of text the database's reader gave up on, and why: its own message is about its own workings.</summary>
internal static class UnreadableText
{
    // Its own words, which no path is likely to hold.
    private static readonly string[] s_ofText = ["CSV Error", "CSV Parser", "CSV Sniff", "CSV File", "read_csv"];

    private const string Expected = "lines that end alike, in UTF-8, with every quote mark closed";

    /// <summary>
    /// Does something that reads text, and where the database fails at text that is not UTF-8 once more with all columns of the text. Of a row
    /// that it refuses for a wrong byte, the reader looks up the column by its number in the file among those that it was asked for, and
    /// ends the whole database where there are fewer. With all columns, a row is refused for a wrong byte in any.
    /// </summary>
    public static T Retry<T>(Func<bool, T> read)
    {
        try
        {
            return read(false);
        }
        catch (EventsFileException e) when (e.InnerException is DuckDBException failure && IsInternal(failure))
        {
            return read(true);
        }
    }

    /// <summary>Has a database read text, with all its columns or not, and say what is wrong with it.</summary>
    public static void Explain(Database database, bool readsAllColumns)
    {
        database.ReadsAllColumns = readsAllColumns;
        database.TextFault = (e, sql) => Fault(e, sql, database.TextFiles);
    }

    /// <summary>What to say instead, or null where the failure is another.</summary>
    /// <param name="e">The failure.</param>
    /// <param name="sql">What was run.</param>
    /// <param name="files">The files of text that are read.</param>
    private static EventsFileException? Fault(DuckDBException e, string sql, List<(string Path, string Compression)> files)
    {
        var isOfText = sql.Contains("read_csv(", StringComparison.Ordinal) && (IsInternal(e) || s_ofText.Any(phrase => e.Message.Contains(phrase, StringComparison.Ordinal)));
        if (!isOfText || files.Count == 0)
            return null;
        // The message names the file where it has one.
        var named = files.Where(file => e.Message.Contains($"file = {file.Path}\n", StringComparison.Ordinal)).ToList();
        var looked = (named.Count > 0 ? named : files).Select(file => (File: file, Oddities: OdditiesOf(file.Path, file.Compression))).ToList();
        var (found, oddities) = looked.FirstOrDefault(each => each.Oddities.Any, looked[0]);
        return oddities.Any
            ? new(found.Path, null, $"the text cannot be divided into rows: {string.Join("; ", oddities.Found)}", Expected, string.Join(' ', oddities.Advice), e)
            : new(found.Path, null, "the text cannot be divided into rows", Expected, "A quote mark (\") that is never closed, or stray, mostly has this effect.", e);
    }

    private static bool IsInternal(DuckDBException e) => e.Message.StartsWith("INTERNAL", StringComparison.Ordinal);

    private static TextOddities OdditiesOf(string path, string compression)
    {
        try
        {
            using var text = RawFile.OpenText(path, compression);
            return TextOddities.Of(text ?? Stream.Null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return TextOddities.Of(Stream.Null); // the first failure is the one to tell
        }
    }
}
