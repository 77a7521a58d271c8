using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Review;

/// <summary>Histograms of a table of sessions.</summary>
internal static class Distributions
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private const int MostBars = 60;

    private static readonly long[] s_lengths = [1, 2, 3, 4, 5, 6, 11, 21, 51, 101, 501, 1001];
    private static readonly long[] s_supports = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000];

    /// <summary>Session length, item support and events a day.</summary>
    public static List<Histogram> Of(Database database, string table) =>
    [
        new("session length", "sessions", Ranges(Counts(database, table, "session_key"), s_lengths)),
        new("item support", "items", Ranges(Counts(database, table, "item_key"), s_supports)),
        Days(PerDay(database, table)),
    ];

    /// <summary>Events of each day that has any, as the day's number since 1970.</summary>
    public static List<(long Day, long Events)> PerDay(Database database, string table) => database.Query(
        $"SELECT CAST(floor(time / {MicrosecondsPerDay}) AS BIGINT) AS day, count(*) FROM {table} GROUP BY day ORDER BY day", row => (row.GetInt64(0), row.GetInt64(1)));

    // How many sessions or items have so many events.
    private static List<(long Size, long Count)> Counts(Database database, string table, string key) => database.Query(
        $"SELECT size, count(*) FROM (SELECT count(*) AS size FROM {table} GROUP BY {key}) GROUP BY size ORDER BY size", row => (row.GetInt64(0), row.GetInt64(1)));

    private static List<HistogramBar> Ranges(List<(long Size, long Count)> counts, long[] starts)
    {
        var bars = starts.Select((start, i) => (Start: start, End: i + 1 < starts.Length ? starts[i + 1] : long.MaxValue))
            .Select(range => new HistogramBar(
                range.End == long.MaxValue ? $"{range.Start:N0}+" : range.End == range.Start + 1 ? $"{range.Start}" : $"{range.Start:N0}-{range.End - 1:N0}",
                counts.Where(count => count.Size >= range.Start && count.Size < range.End).Sum(count => count.Count)))
            .ToList();
        var first = bars.FindIndex(bar => bar.Count > 0);
        return first < 0 ? [] : bars[first..(bars.FindLastIndex(bar => bar.Count > 0) + 1)];
    }

    // Days without events are bars of height 0; a long log has bars of several days each.
    private static Histogram Days(List<(long Day, long Events)> days)
    {
        var (first, last) = (days[0].Day, days[^1].Day);
        var width = ((last - first) / MostBars) + 1;
        var sums = new long[((last - first) / width) + 1];
        foreach (var (day, events) in days)
            sums[(day - first) / width] += events;
        return new("events a day", width == 1 ? "events" : $"events, {width:N0} days a bar", [.. sums.Select((sum, i) => new HistogramBar(Date(first + (i * width)), sum))]);
    }

    /// <summary>A day's date; its number where the calendar does not reach.</summary>
    public static string Date(long day) =>
        day is > -700_000 and < 2_900_000 ? DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd") : $"day {day}";
}
