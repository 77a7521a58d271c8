using System.Globalization;
using NextItem.Preparation.Engine;
using NextItem.Preparation.Inputs;

namespace NextItem.Preparation.Steps;

/// <summary>The order of the steps, from events as they were read to the sets.</summary>
/// <param name="steps">What is wanted.</param>
/// <param name="isByUser">Whether owners are users.</param>
/// <param name="runner">Runs them.</param>
internal sealed class Pipeline(PreparationSteps steps, bool isByUser, StepRunner runner)
{
    /// <summary>The pause that divides a user's events where none is given.</summary>
    public static readonly TimeSpan UserGap = TimeSpan.FromHours(1);

    private const string Events = "events";
    private const string Owner = "owner_key";
    private const string Session = "session_key";

    /// <summary>How sessions are made, where the log's own ids alone do not say it.</summary>
    public IEnumerable<string> Understood => Gap is not { } gap ? []
        : [$"Sessions: the events of a {(isByUser ? "user" : "session id")}, cut at pauses of more than {DurationText(gap)} (--gap)."];

    /// <summary>What step 02 calls a bad row, of the columns of <c>events</c>; known once they are read.</summary>
    public string BadRow { get; private set; } = "";

    /// <summary>Reads.</summary>
    public void Read(IReadOnlyList<EventMapping> mappings)
    {
        BadRow = BadRowOf(steps, mappings.Any(mapping => mapping.Source.IsText));
        runner.Run("00-functions");
        runner.Run("01-read", ("sources", string.Join("\nUNION ALL\n", mappings.Select(mapping => mapping.Events(mapping.Source.Query)))));
    }

    /// <summary>Counts what was read.</summary>
    /// <param name="badRows">Tells of the bad rows, which may be the reason that nothing is left; null where there is none.</param>
    /// <param name="nothing">What to say where the input has no row at all.</param>
    public void CountRead(string? badRows = null, string nothing = "") => runner.Count("01-read", Events, badRows ?? "", Owner, badRows is null ? nothing : null);

    /// <summary>From rows to sessions.</summary>
    /// <param name="badRows">Tells of the bad rows; null where there is none.</param>
    public void BuildSessions(string? badRows = null)
    {
        if (runner.Run("02-drop-bad-rows", ("bad", BadRow)) > 0)
            runner.Count("02-drop-bad-rows", Events, $"{badRows} Are the columns and the unit of the time those that were meant?", Owner);
        if (steps.SelectTypesFirst)
            KeepTypes(Owner);
        if (Gap is { } gap)
        {
            runner.Run("04-sessions-by-gap", ("gap", Microseconds(gap)), ("gap_text", gap.ToString("c")));
            runner.Count("04-sessions-by-gap", Events, "");
        }
        else
        {
            runner.Run("04-sessions-by-id");
            runner.CountAgain("04-sessions-by-id", Events);
        }

        if (!steps.SelectTypesFirst)
            KeepTypes(Session);
    }

    /// <summary>Repeats, long and short sessions and rare items go.</summary>
    public void Filter()
    {
        if (steps.CollapseRepeats)
        {
            runner.Run("05-collapse-repeats");
            runner.Count("05-collapse-repeats", Events, "");
        }

        if (steps.MaxSessionLength > 0 && steps.LongSessions == LongSessions.Drop)
        {
            runner.Delete("06-drop-long-sessions", Events, "A greater --max-session-length drops fewer.", ("max_session_length", $"{steps.MaxSessionLength}"));
        }
        else if (steps.MaxSessionLength > 0)
        {
            runner.Run("06-split-long-sessions", ("max_session_length", $"{steps.MaxSessionLength}"));
            runner.Count("06-split-long-sessions", Events, "");
        }

        DropShortAndRare();
    }

    /// <summary>Test, training, and the training once more for validation.</summary>
    public void Split()
    {
        var end = steps.End is { } fixedEnd ? Microseconds(fixedEnd) : "(SELECT max(time) FROM events)";
        var endText = steps.End is null ? "the last event" : $"{steps.End:u}";
        var cut = steps.TestFrom is { } from ? Microseconds(from) : $"({end} - {Microseconds(steps.TestPeriod)})";
        var cutText = steps.TestFrom is null ? $"{steps.TestPeriod:c} before {endText}" : $"{steps.TestFrom:u}";
        runner.Run("09-order", ("events", Events));
        SplitInTwo(Events, "train_full", "test", cut, cutText, "Another --split or --split-end moves the cut.");
        if (steps.LatestFraction < 1)
            runner.Delete("11-latest-fraction", "train_full", "", ("fraction", steps.LatestFraction.ToString("R", CultureInfo.InvariantCulture)));

        if (!steps.Validation)
            return;
        // One period further back. By ends, the training is a log of its own with its own last event, as in 2016.
        var period = steps.TestFrom is null ? Microseconds(steps.TestPeriod) : $"({end} - {cut})";
        var validationEnd = steps.SplitBy == SplitBy.End ? "(SELECT max(time) FROM train_full)" : cut;
        SplitInTwo("train_full", "train_tr", "train_valid", $"({validationEnd} - {period})", "as long before the end of the training", "--no-validation does without these two files.");
    }

    // The pause that divides sessions; null where the log's own ids do.
    private TimeSpan? Gap => steps.Gap ?? (isByUser ? UserGap : null);

    // As the option takes it.
    private static string DurationText(TimeSpan time) => time.Ticks switch
    {
        var ticks when ticks % TimeSpan.TicksPerDay == 0 => FormattableString.Invariant($"{time.TotalDays}d"),
        var ticks when ticks % TimeSpan.TicksPerHour == 0 => FormattableString.Invariant($"{time.TotalHours}h"),
        var ticks when ticks % TimeSpan.TicksPerMinute == 0 => FormattableString.Invariant($"{time.TotalMinutes}m"),
        _ => FormattableString.Invariant($"{time.TotalSeconds}s"),
    };

    private static string BadRowOf(PreparationSteps steps, bool isText) => steps.EventTypes.Count == 0
        ? "owner_key IS NULL OR time IS NULL OR item_key IS NULL"
        : $"owner_key IS NULL OR time IS NULL OR (item_key IS NULL AND coalesce(event_type, '') IN ({EventTypes(steps)})){(isText ? " OR (event_type IS NOT NULL AND one_line(event_type) IS NULL)" : "")}";

    private void KeepTypes(string session)
    {
        if (steps.EventTypes.Count > 0 && runner.Run("03-keep-event-types", ("event_types", EventTypes(steps))) > 0)
            runner.Count("03-keep-event-types", Events, $"No event is of type {string.Join(" or ", steps.EventTypes)}; --event-types selects others.", session);
    }

    private void DropShortAndRare()
    {
        if (steps.Filter == FilterRounds.Once)
        {
            DropShort(Events);
            DropRare();
            DropShort(Events);
            return;
        }

        // Stable once a filter finds nothing after the other one was applied.
        DropShort(Events);
        while (DropRare() > 0)
        {
            if (DropShort(Events) == 0)
                return;
        }

        if (!runner.IsRunning)
            runner.Note("These two in turn, until nothing changes.");
    }

    private void SplitInTwo(string events, string train, string test, string cut, string cutText, string advice)
    {
        var (crossing, text) = steps.Crossing switch
        {
            CrossingSessions.Cut => ($" AND time < {cut}", "their later events are left out"),
            CrossingSessions.Keep => ("", "they stay whole, in the training"),
            _ => ($" AND session_end < {cut}", "they are left out"),
        };
        var step = steps.SplitBy == SplitBy.End ? "09-split-by-end" : "09-split-by-start";
        runner.Run(step, ("events", events), ("train", train), ("test", test), ("cut", cut), ("cut_text", cutText), ("crossing_text", text), ("crossing", crossing));
        foreach (var table in new[] { train, test })
        {
            runner.Count(step, table, advice);
            DropShort(table);
        }

        if (steps.UnseenItems == UnseenItems.Keep)
            return;
        var unseen = runner.Delete("10-drop-unseen-items", test, "--unseen keep keeps them.", ("train", train), ("test", test));
        DropShort(test);
        // A session whose first event went begins later now.
        if (unseen > 0 || !runner.IsRunning)
            runner.Run("09-order", ("events", test));
    }

    private long DropShort(string table) => steps.MinSessionLength == 1 ? 0
        : runner.Delete("07-drop-short-sessions", table, "A smaller --min-session-length drops fewer.", ("events", table), ("min_session_length", $"{steps.MinSessionLength}"));

    private long DropRare() => steps.MinItemSupport == 1 ? 0
        : runner.Delete("08-drop-rare-items", Events, "A smaller --min-item-support drops fewer.", ("min_item_support", $"{steps.MinItemSupport}"));

    private static string EventTypes(PreparationSteps steps) => string.Join(", ", steps.EventTypes.Select(SqlText.Literal));

    // Not in the caller's culture, whose sign for numbers below zero may be another.
    private static string Microseconds(TimeSpan time) => (time.Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    private static string Microseconds(DateTimeOffset time) => Microseconds(time - DateTimeOffset.UnixEpoch);
}
