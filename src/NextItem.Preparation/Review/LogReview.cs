using NextItem.Preparation.Engine;

namespace NextItem.Preparation.Review;

/// <summary>What looks wrong in a log: programs, clocks, duplicates, one item above all, reused ids.</summary>
internal static class LogReview
{
    private const int LongSession = 1000;
    private const double ManyDuplicates = 0.01;
    private const double MostEvents = 0.2;
    private const int IsolatedDays = 30;
    private const double FewEvents = 0.001;
    private const long MicrosecondsPerDay = 86_400_000_000;
    private static readonly long s_earliestDay = (long)(new DateTime(1995, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalDays;
    private static readonly long s_latestDay = (long)(new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalDays;

    /// <summary>Reviews the sessions as they are before repeats, short sessions and rare items go.</summary>
    /// <param name="database">Has them in <c>events</c>.</param>
    /// <param name="hasIds">Whether sessions are the log's own.</param>
    /// <param name="steps">The types that were kept, and what follows.</param>
    public static List<string> Of(Database database, bool hasIds, PreparationSteps steps)
    {
        var warnings = new List<string>();
        var events = database.Single("SELECT count(*) FROM events", row => row.GetInt64(0));
        if (steps.EventTypes.Count > 1)
            MissingTypes(database, steps.EventTypes, warnings);
        LongSessions(database, warnings);
        Duplicates(database, events, steps.CollapseRepeats, warnings);
        TopItem(database, events, warnings);
        Clocks(Distributions.PerDay(database, "events"), events, warnings);
        if (hasIds)
            ReusedIds(database, warnings);
        return warnings;
    }

    // One type alone that no event has leaves nothing, which is no warning.
    private static void MissingTypes(Database database, IReadOnlyList<string> eventTypes, List<string> warnings)
    {
        var there = database.Query("SELECT DISTINCT event_type FROM events", row => row.GetString(0));
        string[] missing = [.. eventTypes.Except(there).Select(type => $"'{type}'")];
        if (missing.Length > 0)
            warnings.Add($"No event is of type {string.Join(" or ", missing)}, which --event-types names; types are told apart by case.");
    }

    private static void LongSessions(Database database, List<string> warnings)
    {
        var (count, events, longest, key) = database.Single(
            $"SELECT count(*), coalesce(sum(size), 0)::BIGINT, coalesce(max(size), 0), coalesce(arg_max(session_key, (size, session_key)), '') FROM (SELECT session_key, count(*) AS size FROM events GROUP BY session_key HAVING size >= {LongSession})",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3)));
        if (count > 0)
            warnings.Add($"{count:N0} {(count == 1 ? "session has" : "sessions have")} {LongSession:N0} events or more, {events:N0} in all; the longest, '{SqlText.Shown(key)}', has {longest:N0}: programs, probably. --max-session-length with --long-sessions drop leaves them out.");
    }

    private static void Duplicates(Database database, long events, bool isCollapsed, List<string> warnings)
    {
        var duplicates = database.Single("SELECT coalesce(sum(times - 1), 0)::BIGINT FROM (SELECT count(*) AS times FROM events GROUP BY session_key, item_key, time HAVING times > 1)", row => row.GetInt64(0));
        if (duplicates > events * ManyDuplicates)
            warnings.Add($"{duplicates:N0} events ({(double)duplicates / events:P1}) are the same as another: session, item and time. Was a file read twice? {(isCollapsed ? "Step 05-collapse-repeats takes them." : "They are kept; --collapse-repeats true takes them.")}");
    }

    private static void TopItem(Database database, long events, List<string> warnings)
    {
        var (key, count, items) = database.Single(
            "SELECT arg_max(item_key, (times, item_key)), max(times), count(*) FROM (SELECT item_key, count(*) AS times FROM events WHERE item_key IS NOT NULL GROUP BY item_key)",
            row => (row.IsDBNull(0) ? "" : row.GetString(0), row.IsDBNull(1) ? 0 : row.GetInt64(1), row.GetInt64(2)));
        if (items >= 1 / MostEvents * 2 && count > events * MostEvents)
            warnings.Add($"Item '{SqlText.Shown(key)}' has {(double)count / events:P0} of all events: a placeholder, or a page that is no item?");
    }

    private static void Clocks(List<(long Day, long Events)> days, long events, List<string> warnings)
    {
        var outside = days.Where(day => day.Day < s_earliestDay || day.Day >= s_latestDay).Sum(day => day.Events);
        if (outside > 0 && outside < events)
            warnings.Add($"{Events(outside)} {(outside == 1 ? "is" : "are")} before 1995 or after 2099: clock errors, or another unit of time.");
        else if (outside == events && days.Count > 1)
            warnings.Add("All events are before 1995 or after 2099: are times in another unit, or an order only? Days mean nothing then.");

        // A few events, apart from all others by a month or more, at either end: the end decides where the test begins.
        var sum = 0L;
        for (var i = 1; i < days.Count; i++)
        {
            sum += days[i - 1].Events;
            if (days[i].Day - days[i - 1].Day < IsolatedDays)
                continue;
            if (sum <= events * FewEvents)
                warnings.Add($"{Events(sum)} {(sum == 1 ? "lies" : "lie")} {days[i].Day - days[i - 1].Day:N0} days before all others, until {Distributions.Date(days[i - 1].Day)}: clock errors?");
            else if (events - sum <= events * FewEvents)
                warnings.Add($"{Events(events - sum)} {(events - sum == 1 ? "lies" : "lie")} {days[i].Day - days[i - 1].Day:N0} days after all others, from {Distributions.Date(days[i].Day)}: clock errors? The test begins before the last event; --split-end gives the log another end.");
        }
    }

    private static void ReusedIds(Database database, List<string> warnings)
    {
        var (count, all, key) = database.Single(
            $"SELECT count(*) FILTER (span > {MicrosecondsPerDay}), count(*), coalesce(arg_max(session_key, (span, session_key)), '') FROM (SELECT session_key, max(time) - min(time) AS span FROM events GROUP BY session_key)",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetString(2)));
        if (count > 0)
            warnings.Add($"{count:N0} of {all:N0} sessions last longer than a day, '{SqlText.Shown(key)}' the longest: ids that are reused? --gap cuts sessions at pauses.");
    }

    private static string Events(long count) => $"{count:N0} event{(count == 1 ? "" : "s")}";
}
