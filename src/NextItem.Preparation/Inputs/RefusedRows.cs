using System.Text;
using NextItem.Data;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>A row of text that the reader refused.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Row">Its number, from 1 after the header.</param>
/// <param name="Start">Where in the file's text it begins, in bytes.</param>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="Lines">How many lines it runs over.</param>
/// <param name="Text">Its beginning, with question marks for some bytes.</param>
/// <param name="Found">What is wrong.</param>
/// <param name="Expected">What was expected.</param>
internal sealed record RefusedRow(RawFile File, long Row, long Start, int Length, long Lines, string Text, string Found, string Expected)
{
    /// <summary>The reader keeps no more of a row.</summary>
    public const int LongestKept = 10_000;

    private const int BytesShown = 250;

    /// <summary>Whether it may run over more lines than are told.</summary>
    public bool HasMoreLines { get; init; }

    /// <summary>Its beginning as it is in the file, a question mark for every wrong byte and for that alone.</summary>
    public string Shown()
    {
        if (Expected != RefusedRows.Utf8)
            return Text;
        // The reader marks the good byte after a wrong one too.
        using var text = File.OpenText();
        var bytes = text is null ? [] : Bytes(text);
        var found = Encoding.UTF8.GetString(bytes).Replace('\uFFFD', '?');
        return bytes.Length > 0 && IsRow(bytes) ? found : Text;
    }

    private byte[] Bytes(Stream text)
    {
        var bytes = new byte[Math.Min(Length, BytesShown)];
        Skip(text, Start);
        return bytes[..text.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static void Skip(Stream text, long count)
    {
        if (text.CanSeek)
        {
            text.Position = count;
            return;
        }

        var buffer = new byte[1 << 16];
        while (count > 0 && text.Read(buffer, 0, (int)Math.Min(count, buffer.Length)) is > 0 and var read)
            count -= read;
    }

    /// <summary>How many lines it runs over, in the file; fewer where the file cannot be read again.</summary>
    public long CountLines()
    {
        using var text = Length < LongestKept ? null : File.OpenText();
        if (text is null)
            return Lines;
        Skip(text, Start);
        var (lines, isQuoted, last) = (0L, false, (byte)'\n');
        var buffer = new byte[1 << 16];
        while (text.Read(buffer) is > 0 and var count)
        {
            foreach (var value in buffer.AsSpan(0, count))
            {
                isQuoted ^= value == '"' && (isQuoted || !char.IsAsciiLetterOrDigit((char)last));
                var isEnd = value is (byte)'\n' or (byte)'\r';
                lines += isEnd && !(value == '\n' && last == '\r') ? 1 : 0;
                last = value;
                if (isEnd && !isQuoted && lines >= Lines)
                    return lines;
            }
        }

        return lines;
    }

    // What the reader kept of the row, but for the marks.
    private bool IsRow(byte[] bytes)
    {
        var kept = Encoding.UTF8.GetBytes(Text);
        for (var i = 0; i < Math.Min(kept.Length, bytes.Length); i++)
        {
            if (kept[i] != bytes[i] && kept[i] != '?')
                return false;
        }

        return true;
    }
}

/// <summary>The rows that the reader of text refused: it keeps them in tables of its own.</summary>
internal static class RefusedRows
{
    /// <summary>Rows whose lines are counted in their file: those that are shown.</summary>
    private const int MostCounted = 5;

    /// <summary>What is expected of text that is none.</summary>
    public const string Utf8 = "UTF-8";

    /// <summary>All of them, in the order of the files' names and their rows.</summary>
    /// <exception cref="EventsFileException">A quote mark is never closed, or a row never ends: what follows cannot be told apart.</exception>
    public static List<RefusedRow> Of(Database database, IReadOnlyList<EventMapping> mappings)
    {
        if (!mappings.Any(mapping => mapping.Source.IsText))
            return [];
        var files = mappings.SelectMany(mapping => mapping.Source.Files.Select(file => (File: file, mapping.Source.HasHeader))).ToDictionary(pair => pair.File.Path);
        // A row is there once for every fault, and once more for every time that it was looked at.
        var rows = database.Query(
            "SELECT file_path, min(line), arg_min(CAST(error_type AS VARCHAR), column_idx), arg_min(error_message, column_idx), line_byte_position, any_value(strlen(csv_line)), any_value(left(csv_line, 250)), "
            + "any_value(1 + greatest(strlen(row) - strlen(replace(row, chr(10), '')), strlen(row) - strlen(replace(row, chr(13), '')))) "
            + "FROM (SELECT *, trim(csv_line, chr(10) || chr(13)) AS row FROM reject_errors) JOIN reject_scans USING (scan_id, file_id) GROUP BY file_path, line_byte_position ORDER BY file_path, line_byte_position",
            row => (Path: row.GetString(0), Line: Number(row.GetValue(1)), Type: row.GetString(2), Message: row.GetString(3), Position: row.IsDBNull(4) ? 0 : Number(row.GetValue(4)),
                Length: row.IsDBNull(5) ? 0 : Number(row.GetValue(5)), Text: row.IsDBNull(6) ? "" : row.GetString(6), Lines: row.IsDBNull(7) ? 1 : Number(row.GetValue(7))));
        var counted = 0;
        return [.. rows.Where(row => files.ContainsKey(row.Path)).Select(row =>
        {
            var (file, hasHeader) = files[row.Path];
            var number = row.Line - (hasHeader ? 1 : 0);
            var (found, expected) = Fault(row.Type, row.Message);
            if (row.Message.Contains("unterminated", StringComparison.Ordinal) || row.Type == "LINE SIZE OVER MAXIMUM")
                throw new EventsFileException(row.Path, number, found, expected, "Nothing after it can be told apart.");
            // Positions count from 1.
            var refused = new RefusedRow(file, number, Math.Max(0, row.Position - 1), (int)Math.Min(int.MaxValue, row.Length), row.Lines, row.Text, found, expected);
            // Of what the reader did not keep, lines are counted in the file, which a gzipped one is unpacked for from its beginning.
            if (row.Lines <= 1 || refused.Length < RefusedRow.LongestKept)
                return refused;
            return counted++ < MostCounted ? refused with { Lines = refused.CountLines() } : refused with { HasMoreLines = true };
        })];
    }

    private static long Number(object value) => Convert.ToInt64(value);

    private static (string Found, string Expected) Fault(string type, string message)
    {
        // "Expected Number of Columns: 3 Found: 2"
        var numbers = message.Split(' ').Where(word => int.TryParse(word, out _)).ToArray();
        return type switch
        {
            "MISSING COLUMNS" or "TOO MANY COLUMNS" when numbers.Length == 2 => ($"there are {numbers[1]} fields", numbers[0]),
            "INVALID ENCODING" => ("the text is not UTF-8", Utf8),
            "UNQUOTED VALUE" => ("the quote marks (\") do not match", "a closing mark at the end of the field"),
            "LINE SIZE OVER MAXIMUM" => ($"the row is longer than {FirstLines.LongestLine:N0} bytes", "a shorter row; mostly a quote mark is never closed"),
            _ => (message.Split('\n')[0].TrimEnd('.'), "a row like the others"),
        };
    }
}
