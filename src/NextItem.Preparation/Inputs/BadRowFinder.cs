using NextItem.Data;
using NextItem.Data.Reading;
using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Inputs;

/// <summary>Rows that cannot be used: those that the reader refused, and those without an owner, an item or a time.</summary>
/// <param name="database">Has read the sources into <c>events</c>.</param>
/// <param name="mappings">What was read.</param>
/// <param name="bad">What a bad row is, of the columns of <c>events</c>.</param>
internal sealed class BadRowFinder(Database database, IReadOnlyList<EventMapping> mappings, string bad)
{
    private const int Shown = 5;
    private const string Utf8 = "UTF-8";
    private const string JsonInUtf8 = "a JSON object with them, in UTF-8";

    private bool _isEncodingTold;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them, in the order of the files and their rows.</summary>
    public List<EventsFileException> First { get; } = [];

    /// <summary>All of them in a sentence or two, for a failure that they may be the reason of; null where there is none.</summary>
    public string? Told => First is [] ? null : Count == 1 ? $"One row is bad: {First[0].Message}" : $"{Count:N0} rows are bad; the first: {First[0].Message}";

    /// <summary>Counts them, and where there are any, finds the first by reading their files once more.</summary>
    /// <exception cref="EventsFileException">A quote mark is never closed, or a row never ends: what follows cannot be told apart.</exception>
    public void Find()
    {
        var refused = Refused();
        var unusable = database.Single($"SELECT count(*) FROM events WHERE {bad}", row => row.GetInt64(0));
        Count = refused.Count + unusable;
        foreach (var mapping in mappings)
        {
            if (mapping.Source.Files.Count == 0 && unusable > 0)
                First.AddRange(Unusable(mapping, mapping.Source.Shown, $"SELECT *, row_number() OVER () AS row_number FROM ({mapping.Source.Rows})", []).Take(Shown - First.Count));
            foreach (var file in mapping.Source.Files)
            {
                if (First.Count == Shown)
                    return;
                var here = refused.Where(row => row.Path == file.Path).ToList();
                var found = here.Select(row => new EventsFileException(row.Path, row.Row, row.Found, row.Expected, AdviceOnce(row.Expected))).ToList();
                if (unusable > 0)
                    found.AddRange(Unusable(mapping, file.Path, mapping.Source.RowsOf!(file), [.. here.Select(row => row.Row)]));
                First.AddRange(found.OrderBy(row => row.Row).Take(Shown - First.Count));
            }
        }
    }

    private List<(string Path, long Row, string Found, string Expected)> Refused()
    {
        if (!mappings.Any(mapping => mapping.Source.HasRejects))
            return [];
        var headers = mappings.SelectMany(mapping => mapping.Source.Files.Select(file => (file.Path, mapping.Source.HasHeader))).ToDictionary(pair => pair.Path, pair => pair.HasHeader);
        // A row is there once for every fault, and once more for every time that it was looked at.
        var rows = database.Query(
            "SELECT file_path, min(line), arg_min(CAST(error_type AS VARCHAR), column_idx), arg_min(error_message, column_idx), any_value(csv_line) "
            + "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) GROUP BY file_path, line_byte_position ORDER BY file_path, line_byte_position",
            row => (Path: row.GetString(0), Line: Convert.ToInt64(row.GetValue(1)), Type: row.GetString(2), Message: row.GetString(3), Text: row.IsDBNull(4) ? "" : row.GetString(4)));
        return [.. rows.Where(row => headers.ContainsKey(row.Path)).Select(row =>
        {
            var number = row.Line - (headers[row.Path] ? 1 : 0);
            var (found, expected) = Fault(row.Type, row.Message);
            if (row.Message.Contains("unterminated", StringComparison.Ordinal) || row.Type == "LINE SIZE OVER MAXIMUM")
                throw new EventsFileException(row.Path, number, found, expected, "Nothing after it can be told apart.");
            return (row.Path, number, $"{found} in '{SqlText.Shown(row.Text)}'", expected);
        })];
    }

    // Rows of another encoding are seldom alone; the way out is told once.
    private string? AdviceOnce(string expected)
    {
        if (expected is not (Utf8 or JsonInUtf8) || _isEncodingTold)
            return null;
        _isEncodingTold = true;
        return Utf8Advice.HowToConvert;
    }

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

    private List<EventsFileException> Unusable(EventMapping mapping, string path, string rows, List<long> refused)
    {
        var shown = string.Join(", ", mapping.Texts.Select((text, i) => $"{text} AS text{i}"));
        database.KeepOrder(true);
        var found = database.Query(
            $"SELECT row_number, owner_key IS NULL, item_key IS NULL, time IS NULL, text0, text1, text2 FROM ({mapping.Events(mapping.Source.Exploded(rows), $", row_number, {shown}")}) WHERE {bad} ORDER BY row_number LIMIT {Shown}",
            row =>
            {
                if (mapping.Source.IsJson && row.IsDBNull(4) && row.IsDBNull(5) && row.IsDBNull(6))
                {
                    var names = $"'{mapping.Shown[0].Column}', '{mapping.Shown[1].Column}', '{mapping.Shown[2].Column}'";
                    return new EventsFileException(path, RowOf(row.GetInt64(0), refused), $"the line cannot be read, or has none of {names}", JsonInUtf8, AdviceOnce(JsonInUtf8));
                }

                var column = row.GetBoolean(1) ? 0 : row.GetBoolean(3) ? 2 : 1;
                var text = row.IsDBNull(4 + column) ? "" : row.GetString(4 + column);
                var (name, expected) = mapping.Shown[column];
                return new EventsFileException(path, RowOf(row.GetInt64(0), refused), text.Length == 0 ? $"'{name}' is empty" : $"'{name}' is '{SqlText.Shown(text)}'", expected);
            });
        database.KeepOrder(false);
        return found;
    }

    // The reader numbers the rows that it did not refuse.
    private static long RowOf(long read, List<long> refused)
    {
        foreach (var row in refused.Order())
            read += row <= read ? 1 : 0;
        return read;
    }
}
