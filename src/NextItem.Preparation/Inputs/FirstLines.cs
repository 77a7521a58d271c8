using NextItem.Data;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>The beginning of a text file, whatever its compression.</summary>
/// <param name="Lines">The first lines that are not blank, without a byte order mark; fewer where there are no more.</param>
/// <param name="Refused">The first line that is not UTF-8, and so is not among the others; null where none was met.</param>
internal sealed record FirstLines(IReadOnlyList<string> Lines, FirstLines.Line? Refused)
{
    /// <summary>The longest row of text, in bytes; the reader's buffers are sixteen times as large.</summary>
    public const int LongestLine = 2_097_152;

    /// <summary>What to do about text that is not UTF-8.</summary>
    public const string HowToConvert = "Convert the file first; text of older Windows programs (Latin-1): iconv -f WINDOWS-1252 -t UTF-8.";

    /// <summary>A line that cannot be read.</summary>
    /// <param name="Number">Which, from 1.</param>
    /// <param name="Text">What is there, as far as it can be shown.</param>
    internal readonly record struct Line(long Number, string Text)
    {
        /// <summary>The refusal of the file for it.</summary>
        public EventsFileException Fault(RawFile file, long? row, string what) =>
            new(file.Path, row, $"{what} not UTF-8 in '{SqlText.Shown(Text)}'", "UTF-8", HowToConvert);
    }

    /// <summary>Looks.</summary>
    public static FirstLines Of(RawFile file, int count, string encoding, Database database)
    {
        // Tables of their own: those of the rows' reader count bad rows.
        database.Execute("DROP TABLE IF EXISTS first_errors; DROP TABLE IF EXISTS first_scans;");
        var lines = database.Query(
            // A separator that no line has makes one field of each.
            $"SELECT line FROM read_csv({SqlText.Path(file.Path)}, auto_detect = false, header = false, columns = {{'line': 'VARCHAR'}}, delim = '\x1F', quote = '', escape = '', "
            + $"compression = '{file.Compression}', encoding = '{encoding}', store_rejects = true, rejects_table = 'first_errors', rejects_scan = 'first_scans', rejects_limit = 0, "
            + $"max_line_size = {LongestLine}, hive_partitioning = false) WHERE line IS NOT NULL LIMIT {count}",
            row => row.GetString(0));
        var refused = database.Query(
            "SELECT line, csv_line FROM first_errors WHERE CAST(error_type AS VARCHAR) = 'INVALID ENCODING' ORDER BY line LIMIT 1",
            row => new Line(Convert.ToInt64(row.GetValue(0)), row.IsDBNull(1) ? "" : row.GetString(1)));
        return new(lines, refused is [var first] ? first : null);
    }
}
