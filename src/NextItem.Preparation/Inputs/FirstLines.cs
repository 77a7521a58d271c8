using System.Text;
using System.Text.Unicode;
using NextItem.Data;
using NextItem.Data.Reading;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>The beginning of a text file, whatever its compression.</summary>
internal static class FirstLines
{
    /// <summary>The longest row of text, in bytes; the reader's buffers are sixteen times as large.</summary>
    public const int LongestLine = 2_097_152;

    private const int BytesLookedAt = 1 << 16;

    /// <summary>The first lines that are not blank, without a byte order mark; fewer where there are no more, and without those that are not text of the encoding.</summary>
    public static List<string> Of(RawFile file, int count, string encoding, Database database) =>
        database.Query(
            // A separator that no line has makes one field of each.
            $"SELECT line FROM read_csv({SqlText.Path(file.Path)}, auto_detect = false, header = false, columns = {{'line': 'VARCHAR'}}, delim = '\x1F', quote = '', escape = '', "
            + $"compression = '{file.Compression}', encoding = '{encoding}', ignore_errors = true, max_line_size = {LongestLine}, hive_partitioning = false) WHERE line IS NOT NULL LIMIT {count}",
            row => row.GetString(0));

    /// <summary>Whether bytes are UTF-8; the last character of cut ones may be in two.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> bytes, bool isCut)
    {
        for (var cut = 0; cut <= (isCut ? 3 : 0) && cut <= bytes.Length; cut++)
        {
            if (Utf8.IsValid(bytes[..^cut]))
                return true;
        }

        return false;
    }

    /// <summary>
    /// That the first line is not UTF-8, or null where it is: <see cref="Of"/> leaves such a line out, and the next would be taken for it.
    /// Read here and not by the database, whose list of what it refused stays empty where it stops early. Only the database reads zstd.
    /// </summary>
    public static EventsFileException? Fault(RawFile file)
    {
        using var text = file.OpenText();
        if (text is null)
            return null;
        var buffer = new byte[BytesLookedAt];
        var start = buffer.AsSpan(0, text.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        start = start.TrimStart("\r\n"u8);
        var end = start.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end >= 0 ? start[..end] : start;
        return IsUtf8(line, isCut: end < 0) ? null : new(file.Path, null, $"the first line is not UTF-8: '{SqlText.Shown(Encoding.Latin1.GetString(line))}'", "UTF-8", Utf8Advice.HowToConvert);
    }
}
