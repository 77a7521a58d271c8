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

    /// <summary>What step 02 calls a bad row, of the columns of <c>events</c>.</summary>
    public static string BadRow(PreparationSteps steps) =>
        $"owner_key IS NULL OR time IS NULL OR (item_key IS NULL{(steps.EventTypes.Count > 0 ? $" AND event_type IN ({EventTypes(steps)})" : "")})";

    /// <summary>Reads.</summary>
    public void Read(IReadOnlyList<EventMapping> mappings)
    {
        runner.Run("00-functions");
        runner.Run("01-read", ("sources", string.Join("\nUNION ALL\n", mappings.Select(mapping => mapping.Events(mapping.Source.Query)))));
        runner.Count("01-read", Events, "The input has no row.");
    }

    /// <summary>From rows to sessions.</summary>
    public void BuildSessions()
    {
        runner.Run("02-drop-bad-rows", ("bad", BadRow(steps)));
        runner.Count("02-drop-bad-rows", Events, "Every row is bad: are the columns and the unit of the time those that were meant?");
        if (steps.SelectTypesFirst)
            KeepTypes();
        if (isByUser || steps.Gap is not null)
        {
            var gap = steps.Gap ?? UserGap;
            runner.Run("04-sessions-by-gap", ("gap", Microseconds(gap)), ("gap_text", gap.ToString("c")));
            runner.Count("04-sessions-by-gap", Events, "");
        }
        else
        {
            runner.Run("04-sessions-by-id");
            runner.Count("04-sessions-by-id", Events, "");
        }

        if (!steps.SelectTypesFirst)
            KeepTypes();
    }

    /// <summary>Repeats, long and short sessions and rare items go.</summary>
    public void Filter()
    {
        if (steps.CollapseRepeats)
            Step("05-collapse-repeats", "");
        if (steps.MaxSessionLength > 0)
            Step(steps.LongSessions == LongSessions.Split ? "06-split-long-sessions" : "06-drop-long-sessions", "A greater --max-session-length drops fewer.", ("max_session_length", $"{steps.MaxSessionLength}"));
        DropShortAndRare();
    }

    /// <summary>Test, training, and the training once more for validation.</summary>
    public void Split()
    {
        var end = steps.End is { } fixedEnd ? Microseconds(fixedEnd) : "(SELECT max(time) FROM events)";
        var endText = steps.End is null ? "the last event" : $"{steps.End:u}";
        var cut = steps.TestFrom is { } from ? Microseconds(from) : $"({end} - {Microseconds(steps.TestPeriod)})";
        var cutText = steps.TestFrom is null ? $"{steps.TestPeriod:c} before {endText}" : $"{steps.TestFrom:u}";
        SplitInTwo(Events, "train_full", "test", cut, cutText, "Another --split or --split-end moves the cut.");
        if (steps.LatestFraction < 1)
        {
            runner.Run("11-latest-fraction", ("fraction", steps.LatestFraction.ToString("R")));
            runner.Count("11-latest-fraction", "train_full", "");
        }

        if (!steps.Validation)
            return;
        // One period further back. By ends, the training is a log of its own with its own last event, as in 2016.
        var period = steps.TestFrom is null ? Microseconds(steps.TestPeriod) : $"({end} - {cut})";
        var validationEnd = steps.SplitBy == SplitBy.End ? "(SELECT max(time) FROM train_full)" : cut;
        SplitInTwo("train_full", "train_tr", "train_valid", $"({validationEnd} - {period})", "as long before the end of the training", "--no-validation does without these two files.");
    }

    private void KeepTypes()
    {
        if (steps.EventTypes.Count > 0)
            Step("03-keep-event-types", $"No event is of type {string.Join(" or ", steps.EventTypes)}; --event-types selects others.", ("event_types", EventTypes(steps)));
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

        long before, after = -1;
        do
        {
            if (!runner.IsRunning)
                runner.Note("Again from here, until nothing changes:");
            before = after;
            var left = DropShort(Events);
            after = DropRare() ?? left ?? before;
        }
        while (runner.IsRunning && after != before);
    }

    private void SplitInTwo(string events, string train, string test, string cut, string cutText, string advice)
    {
        var (sessions, rows, text) = steps.Crossing switch
        {
            CrossingSessions.Cut => ("", $"\nWHERE time < {cut}", "their later events are left out"),
            CrossingSessions.Keep => ("", "", "they stay whole, in the training"),
            _ => ($" AND session_end < {cut}", "", "they are left out"),
        };
        var step = steps.SplitBy == SplitBy.End ? "09-split-by-end" : "09-split-by-start";
        runner.Run(step, ("events", events), ("train", train), ("test", test), ("cut", cut), ("cut_text", cutText), ("crossing_text", text), ("crossing_sessions", sessions), ("crossing_events", rows));
        foreach (var table in new[] { train, test })
        {
            runner.Count(step, table, advice);
            DropShort(table);
        }

        if (steps.UnseenItems == UnseenItems.Keep)
            return;
        runner.Run("10-drop-unseen-items", ("train", train), ("test", test));
        runner.Count("10-drop-unseen-items", test, "--unseen keep keeps them.");
        DropShort(test);
    }

    private long? DropShort(string table)
    {
        if (steps.MinSessionLength == 1)
            return null;
        runner.Run("07-drop-short-sessions", ("events", table), ("min_session_length", $"{steps.MinSessionLength}"));
        return runner.Count("07-drop-short-sessions", table, "A smaller --min-session-length drops fewer.");
    }

    private long? DropRare()
    {
        if (steps.MinItemSupport == 1)
            return null;
        runner.Run("08-drop-rare-items", ("min_item_support", $"{steps.MinItemSupport}"));
        return runner.Count("08-drop-rare-items", Events, "A smaller --min-item-support drops fewer.");
    }

    private void Step(string name, string advice, params ReadOnlySpan<(string Word, string Value)> values)
    {
        runner.Run(name, values);
        runner.Count(name, Events, advice);
    }

    private static string EventTypes(PreparationSteps steps) => string.Join(", ", steps.EventTypes.Select(SqlText.Literal));

    private static string Microseconds(TimeSpan time) => $"{time.Ticks / TimeSpan.TicksPerMicrosecond}";

    private static string Microseconds(DateTimeOffset time) => $"{(time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}";
}
