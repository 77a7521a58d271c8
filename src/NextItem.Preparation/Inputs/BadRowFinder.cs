using System.Data;
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
    private const int FirstText = 4;
    private const string JsonInUtf8 = "a JSON object with them, in UTF-8";
    private const string StrayQuote = "Mostly a quote mark (\") is never closed, or stray.";
    private static readonly string[] s_breaks = ["chr(10)", "chr(13)"];

    private bool _isEncodingTold;
    private long _looked; // rows of no use that were read again
    private bool _anyOfManyLines;

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them, in the order of the files and their rows.</summary>
    public List<EventsFileException> First { get; } = [];

    /// <summary>What their number does not say: how many lines of the files they run over.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>All of them in a sentence or two, for a failure that they may be the reason of; null where there is none.</summary>
    public string? Told => First is [] ? null : Count == 1 ? $"One row is bad: {First[0].Message}" : $"{Count:N0} rows are bad; the first: {First[0].Message}";

    /// <summary>Counts them, and where there are any, finds the first by reading their files once more.</summary>
    /// <exception cref="EventsFileException">A quote mark is never closed, or a row never ends: what follows cannot be told apart.</exception>
    public void Find()
    {
        var refused = RefusedRows.Of(database, mappings);
        var unusable = database.Single($"SELECT count(*) FROM events WHERE {bad}", row => row.GetInt64(0));
        Count = refused.Count + unusable;
        FindFirst(refused, unusable);
        WarnOfManyLines(refused, unusable);
    }

    private void FindFirst(List<RefusedRow> refused, long unusable)
    {
        foreach (var mapping in mappings)
        {
            if (mapping.Source.Files.Count == 0 && unusable > 0)
                First.AddRange(Unusable(mapping, mapping.Source.Shown, $"SELECT *, row_number() OVER () AS row_number FROM ({mapping.Source.Rows})", []).Take(Shown - First.Count));
            foreach (var file in mapping.Source.Files)
            {
                if (First.Count == Shown)
                    return;
                var here = refused.Where(row => row.File.Path == file.Path).ToList();
                var found = here.OrderBy(row => row.Row).Take(Shown).Select(Refusal).ToList();
                if (unusable > 0)
                    found.AddRange(Unusable(mapping, file.Path, mapping.Source.RowsOf!(file), [.. here.Select(row => row.Row)]));
                First.AddRange(found.OrderBy(row => row.Row).Take(Shown - First.Count));
            }
        }
    }

    // One bad row may have swallowed thousands of others, up to the next quote mark.
    private void WarnOfManyLines(List<RefusedRow> refused, long unusable)
    {
        var (rows, lines) = (refused.LongCount(row => row.Lines > 1), refused.Sum(row => row.Lines > 1 ? row.Lines : 0));
        // Reads the files once more, and so only where one was seen, or not all were looked at.
        foreach (var mapping in mappings.Where(mapping => mapping.Source.IsText && (_anyOfManyLines || unusable > _looked)))
        {
            var broken = string.Join(" OR ", mapping.Texts.Select(text => $"({text} <> '' AND one_line({text}) IS NULL)"));
            var breaks = string.Join(", ", mapping.Texts.SelectMany(text => s_breaks.Select(end => $"coalesce(strlen({text}) - strlen(replace({text}, {end}, '')), 0)")));
            var (moreRows, moreLines) = database.Single(
                $"SELECT count(*), coalesce(sum(1 + greatest({breaks})), 0)::BIGINT FROM ({mapping.Source.Query}) WHERE {broken}", row => (row.GetInt64(0), row.GetInt64(1)));
            (rows, lines) = (rows + moreRows, lines + moreLines);
        }

        if (rows > 0)
            Warnings.Add($"{rows:N0} bad row{(rows == 1 ? " runs" : "s run")} over {(refused.Any(row => row.HasMoreLines) ? "at least " : "")}{lines:N0} lines, and all that stands in them is lost. {StrayQuote}");
    }

    private EventsFileException Refusal(RefusedRow row) => new(
        row.File.Path, row.Row, $"{row.Found} in '{SqlText.Shown(row.Shown())}'{(row.Lines > 1 ? $", which runs over {row.Lines:N0} lines" : "")}", row.Expected, Advice(row.Lines, row.Expected));

    // Rows of another encoding are seldom alone; the way out is told once.
    private string? Advice(long lines, string expected)
    {
        var isEncoding = expected is RefusedRows.Utf8 or JsonInUtf8 && !_isEncodingTold;
        _isEncodingTold |= isEncoding;
        string[] advice = [.. lines > 1 ? new[] { StrayQuote } : [], .. isEncoding ? new[] { Utf8Advice.HowToConvert } : []];
        return advice is [] ? null : string.Join(' ', advice);
    }

    private List<EventsFileException> Unusable(EventMapping mapping, string path, string rows, List<long> refused)
    {
        var shown = string.Join(", ", mapping.Texts.Select((text, i) => $"{text} AS text{i}"));
        var texts = string.Join(", ", mapping.Texts.Select((_, i) => $"text{i}"));
        database.KeepOrder(true);
        var found = database.Query(
            $"SELECT row_number, owner_key IS NULL, item_key IS NULL, time IS NULL, {texts} FROM ({mapping.Events(mapping.Source.Exploded(rows), $", row_number, {shown}")}) WHERE {bad} ORDER BY row_number LIMIT {Shown}",
            row =>
            {
                var number = RowOf(row.GetInt64(0), refused);
                if (mapping.Source.IsJson && row.IsDBNull(4) && row.IsDBNull(5) && row.IsDBNull(6))
                {
                    var names = $"'{mapping.Shown[0].Column}', '{mapping.Shown[1].Column}', '{mapping.Shown[2].Column}'";
                    return new EventsFileException(path, number, $"the line cannot be read, or has none of {names}", JsonInUtf8, Advice(1, JsonInUtf8));
                }

                return (mapping.Source.IsText ? OfManyLines(mapping, path, number, row) : null) ?? OfNoUse(mapping, path, number, row);
            });
        database.KeepOrder(false);
        _looked += found.Count;
        return found;
    }

    private EventsFileException? OfManyLines(EventMapping mapping, string path, long number, IDataRecord row)
    {
        for (var i = 0; i < mapping.Texts.Count; i++)
        {
            var text = row.IsDBNull(FirstText + i) ? "" : row.GetString(FirstText + i);
            var lines = 1 + Math.Max(text.AsSpan().Count('\n'), text.AsSpan().Count('\r'));
            var (name, expected) = mapping.Shown[i];
            if (lines <= 1)
                continue;
            _anyOfManyLines = true;
            return new(path, number, $"'{name}' is '{SqlText.Shown(text)}', which runs over {lines:N0} lines", $"{expected} in one line", Advice(lines, expected));
        }

        return null;
    }

    private static EventsFileException OfNoUse(EventMapping mapping, string path, long number, IDataRecord row)
    {
        var column = row.GetBoolean(1) ? 0 : row.GetBoolean(3) ? 2 : 1;
        var text = row.IsDBNull(FirstText + column) ? "" : row.GetString(FirstText + column);
        var (name, expected) = mapping.Shown[column];
        return new(path, number, text.Length == 0 ? $"'{name}' is empty" : $"'{name}' is '{SqlText.Shown(text)}'", expected);
    }

    // The reader numbers the rows that it did not refuse.
    private static long RowOf(long read, List<long> refused)
    {
        foreach (var row in refused.Order())
            read += row <= read ? 1 : 0;
        return read;
    }
}
