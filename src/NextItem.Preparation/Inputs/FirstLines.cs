using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>The beginning of a text file, whatever its compression.</summary>
internal static class FirstLines
{
    /// <summary>The longest row of text, in bytes; the reader's buffers are sixteen times as large.</summary>
    public const int LongestLine = 2_097_152;

    /// <summary>The first lines that are not blank, without a byte order mark; fewer where there are no more.</summary>
    public static List<string> Of(RawFile file, int count, string encoding, Database database) =>
        database.Query(
            // A separator that no line has makes one field of each.
            $"SELECT line FROM read_csv({SqlText.Path(file.Path)}, auto_detect = false, header = false, columns = {{'line': 'VARCHAR'}}, delim = '\x1F', quote = '', escape = '', "
            + $"compression = '{file.Compression}', encoding = '{encoding}', ignore_errors = true, max_line_size = {LongestLine}, hive_partitioning = false) WHERE line IS NOT NULL LIMIT {count}",
            row => row.GetString(0));
}
