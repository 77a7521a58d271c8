namespace NextItem.Cli.Output;

/// <summary>What an event file holds, and what a reviewer would ask about it.</summary>
internal sealed record DataSummary
{
    private const double SecondsPerDay = 86_400;

    public required int Sessions { get; init; }

    public required int SingleEventSessions { get; init; }

    public required int RareItems { get; init; }

    public required long Pairs { get; init; }

    public required double MeanLength { get; init; }

    public required int MedianLength { get; init; }

    public required int LongestSession { get; init; }

    public required double RepeatShare { get; init; }

    public required string MostPopularKey { get; init; }

    public required double MostPopularShare { get; init; }

    public required double FirstTime { get; init; }

    public required double LastTime { get; init; }

    public required int SessionsOverADay { get; init; }

    public required int EventsPerItemTenTimes { get; init; }

    /// <summary>Reads the numbers off a set of sessions with at least one event.</summary>
    public static DataSummary Of(SessionSet data)
    {
        var lengths = new int[data.Count];
        var repeats = 0L;
        var overADay = 0;
        var (first, last) = TimesOf(data);
        for (var session = 0; session < data.Count; session++)
        {
            var items = data.ItemsOf(session);
            lengths[session] = items.Length;
            for (var i = 1; i < items.Length; i++)
                repeats += items[i] == items[i - 1] ? 1 : 0;
            overADay += data.EndTimeOf(session) - data.StartTimeOf(session) > SecondsPerDay ? 1 : 0;
        }

        Array.Sort(lengths);
        var support = data.Catalog.Support;
        var popular = 0;
        var rare = 0;
        for (var item = 0; item < support.Length; item++)
        {
            popular = support[item] > support[popular] ? item : popular;
            rare += support[item] < 5 ? 1 : 0;
        }

        return new DataSummary
        {
            Sessions = data.Count,
            SingleEventSessions = lengths.Count(length => length == 1),
            RareItems = rare,
            Pairs = lengths.Sum(length => length - 1L),
            MeanLength = (double)data.EventCount / data.Count,
            MedianLength = lengths[lengths.Length / 2],
            LongestSession = lengths[^1],
            RepeatShare = (double)repeats / data.EventCount,
            MostPopularKey = data.Catalog.KeyOf(popular),
            MostPopularShare = (double)support[popular] / data.EventCount,
            FirstTime = first,
            LastTime = last,
            SessionsOverADay = overADay,
            EventsPerItemTenTimes = (int)(10.0 * data.EventCount / data.Catalog.Count),
        };
    }

    /// <summary>Whether the times are numbers of events rather than a clock's: less time passes than there are events.</summary>
    public bool TimesAreAnOrder => LastTime - FirstTime < Sessions + Pairs && FirstTime >= 0 && LastTime < 1e8;

    /// <summary>The times of the first and of the last event.</summary>
    public static (double From, double To) TimesOf(SessionSet data)
    {
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        for (var session = 0; session < data.Count; session++)
            (first, last) = (Math.Min(first, data.StartTimeOf(session)), Math.Max(last, data.EndTimeOf(session)));
        return (first, last);
    }

    /// <summary>What deserves a second look before a number from this data is believed.</summary>
    public IReadOnlyList<Finding> Warnings()
    {
        var warnings = new List<Finding>();
        if (Pairs == 0)
            warnings.Add(new("no-pairs", "no session has two events: there is nothing to learn from or to test on.", ("sessions", Sessions)));
        if (SingleEventSessions > 0)
            warnings.Add(new("single-event-sessions", SingleEventSessions == 1 ? "1 session has one event; it teaches nothing and is passed over." : $"{SingleEventSessions:N0} sessions have one event; they teach nothing and are passed over.", ("sessions", SingleEventSessions), ("share", (double)SingleEventSessions / Sessions)));
        if (TimesAreAnOrder)
            warnings.Add(new("times-are-an-order", "the times look like an order, not like a clock: a split by date is not possible.", ("firstTime", FirstTime), ("lastTime", LastTime)));
        else if (SessionsOverADay > Sessions / 20)
            warnings.Add(new("sessions-over-a-day", $"{SessionsOverADay:N0} sessions last longer than a day: these may be users, not visits.", ("sessions", SessionsOverADay), ("share", (double)SessionsOverADay / Sessions)));
        if (LongestSession > 200)
            warnings.Add(new("long-session", $"the longest session has {LongestSession:N0} events: a robot, or a user instead of a visit?", ("events", LongestSession)));
        if (EventsPerItemTenTimes < 50)
            warnings.Add(new("few-events-per-item", $"there are {EventsPerItemTenTimes / 10.0:F1} events per item: most items cannot be learned.", ("eventsPerItem", EventsPerItemTenTimes / 10.0)));
        if (RepeatShare > 0.1)
            warnings.Add(new("repeats", $"{RepeatShare:P0} of the events repeat the one before: many published sets collapse these, which changes every number.", ("share", RepeatShare)));
        return warnings;
    }
}
