using System.Globalization;
using NextItem.Data.Reading;

namespace NextItem.Data.Streaming;

/// <summary>Whether a file can be read session by session.</summary>
/// <param name="Rows">Rows that were read: all of them, unless a session comes back before the end.</param>
/// <param name="ComesBackAt">The row where a session comes back after others, or null.</param>
/// <param name="Key">The session that comes back, or null where it is only that no proof was found that none does.</param>
internal sealed record Grouping(long Rows, long? ComesBackAt, string? Key)
{
    /// <summary>Whether the events of every session stand together.</summary>
    public bool IsGrouped => ComesBackAt is null;
}

/// <summary>
/// Finds out whether the events of every session stand together, exactly and in constant memory. Session keys that rise, as text or
/// as numbers, need no further proof; others go through a filter, and those few that it takes for repeats are looked up in the
/// file once more.
/// </summary>
internal static class GroupingCheck
{
    /// <summary>So many likely repeats are worth a look at once: in a log by time they come in its first rows.</summary>
    private const int FirstLook = 256;

    /// <summary>So many are given up: a million keys are some 100 MB.</summary>
    private const int MostSuspects = 1_000_000;

    /// <summary>Reads a file through.</summary>
    /// <exception cref="EventsFileException">The file is at fault, as far as its session keys tell.</exception>
    public static Grouping Of(string path, EventColumns columns, CancellationToken cancellationToken)
    {
        var seen = new SeenKeys();
        var suspects = new HashSet<string>();
        var order = new KeyOrder();
        var last = "";
        using var table = Open(path, columns, cancellationToken);
        while (table.MoveNext())
        {
            var key = table.Key(EventsFile.SessionColumn);
            if (key.SequenceEqual(last))
                continue;
            last = key.ToString();
            order.Next(last);
            if (!seen.Add(last) || order.Rises)
                continue;
            suspects.Add(last);
            if (suspects.Count == FirstLook && FindRepeat(path, columns, suspects, table.Row, cancellationToken) is { } early)
                return early;
            if (suspects.Count > MostSuspects)
                return new Grouping(table.Row, table.Row, null);
        }

        // What came while the keys still rose was no repeat, but may come back after they stopped: the filter has it.
        return (order.Rises || suspects.Count == 0 ? null : FindRepeat(path, columns, suspects, table.Row, cancellationToken)) ?? new Grouping(table.Row, null, null);
    }

    private static TableReader Open(string path, EventColumns columns, CancellationToken cancellationToken) =>
        TableReader.Open(path, columns.Wanted(), EventsFile.Content, cancellationToken);

    /// <summary>The first row of those up to a last one where one of the keys comes back after another session.</summary>
    private static Grouping? FindRepeat(string path, EventColumns columns, HashSet<string> suspects, long lastRow, CancellationToken cancellationToken)
    {
        var begun = new HashSet<string>();
        var last = "";
        using var table = Open(path, columns, cancellationToken);
        while (table.Row < lastRow && table.MoveNext())
        {
            var key = table.Key(EventsFile.SessionColumn);
            if (key.SequenceEqual(last))
                continue;
            last = key.ToString();
            if (suspects.Contains(last) && !begun.Add(last))
                return new Grouping(table.Row, table.Row, last);
        }

        return null;
    }

    /// <summary>Whether keys rise, compared as text or as whole numbers.</summary>
    private sealed class KeyOrder
    {
        private string? _last;
        private ulong _lastNumber;
        private bool _asText = true;
        private bool _asNumbers = true;

        public bool Rises => _asText || _asNumbers;

        public void Next(string key)
        {
            var isNumber = ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (_last is not null)
            {
                _asText &= string.CompareOrdinal(_last, key) < 0;
                _asNumbers &= isNumber && _lastNumber < number;
            }
            else
            {
                _asNumbers = isNumber;
            }

            (_last, _lastNumber) = (key, number);
        }
    }
}
