namespace NextItem.Preparation.Tests.Reference;

/// <summary>An event of the reference: times are whole microseconds.</summary>
internal readonly record struct Event(string Owner, string Item, long Time, string Type);

/// <summary>What <see cref="SessionPreparer"/> does, slowly, in memory and in plain sight: the specification of the SQL.</summary>
internal static class ReferencePreparer
{
    /// <summary>The sets by name, each in the order in which it is written; null where a step leaves nothing.</summary>
    public static Dictionary<string, List<Event>>? Prepare(IEnumerable<Event> log, PreparationSteps steps, bool byUser)
    {
        var events = log.ToList();
        if (steps.SelectTypesFirst)
            events = OfTypes(events, steps);
        if (byUser || steps.Gap is not null)
            events = CutAtPauses(events, steps.Gap ?? TimeSpan.FromHours(1));
        if (!steps.SelectTypesFirst)
            events = OfTypes(events, steps);
        if (steps.CollapseRepeats)
            events = Sessions(events).SelectMany(session => session.Where((e, i) => i == 0 || session[i - 1].Item != e.Item)).ToList();
        if (steps.MaxSessionLength > 0)
        {
            events = steps.LongSessions == LongSessions.Drop
                ? Sessions(events).Where(session => session.Count <= steps.MaxSessionLength).SelectMany(session => session).ToList()
                : Sessions(events).SelectMany(session => session.Select((e, i) => e with { Owner = $"{e.Owner}.{(i / steps.MaxSessionLength) + 1}" })).ToList();
        }

        events = Filter(events, steps);
        if (events.Count == 0)
            return null;
        return Split(events, steps);
    }

    /// <summary>The catalogue, as 'item support': the items of training and test, with their events in the training, most frequent first.</summary>
    public static IEnumerable<string> Items(Dictionary<string, List<Event>> sets) =>
        sets["train_full"].Concat(sets["test"]).Select(e => e.Item).Distinct().Select(item => (Item: item, Support: sets["train_full"].Count(e => e.Item == item)))
            .OrderByDescending(item => item.Support).ThenBy(item => item.Item, StringComparer.Ordinal).Select(item => $"{item.Item} {item.Support}");

    private static List<Event> OfTypes(List<Event> events, PreparationSteps steps) =>
        steps.EventTypes.Count == 0 ? events : events.FindAll(e => steps.EventTypes.Contains(e.Type));

    private static List<Event> CutAtPauses(List<Event> events, TimeSpan gap) => Sessions(events).SelectMany(all =>
    {
        var number = 1;
        return all.Select((e, i) =>
        {
            if (i > 0 && e.Time - all[i - 1].Time > gap.Ticks / 10)
                number++;
            return e with { Owner = $"{e.Owner}-{number}" };
        }).ToList();
    }).ToList();

    private static List<List<Event>> Sessions(IEnumerable<Event> events) =>
        [.. events.GroupBy(e => e.Owner).Select(session => session.OrderBy(e => e.Time).ThenBy(e => e.Item, StringComparer.Ordinal).ToList())];

    private static List<Event> LongEnough(List<Event> events, PreparationSteps steps) =>
        Sessions(events).Where(session => session.Count >= steps.MinSessionLength).SelectMany(session => session).ToList();

    private static List<Event> FrequentEnough(List<Event> events, PreparationSteps steps) =>
        events.GroupBy(e => e.Item).Where(item => item.Count() >= steps.MinItemSupport).SelectMany(item => item).ToList();

    private static List<Event> Filter(List<Event> events, PreparationSteps steps)
    {
        if (steps.Filter == FilterRounds.Once)
            return LongEnough(FrequentEnough(LongEnough(events, steps), steps), steps);
        int before;
        do
        {
            before = events.Count;
            events = FrequentEnough(LongEnough(events, steps), steps);
        }
        while (events.Count < before);
        return events;
    }

    private static Dictionary<string, List<Event>>? Split(List<Event> events, PreparationSteps steps)
    {
        var end = steps.End is { } given ? Microseconds(given) : events.Max(e => e.Time);
        var cut = steps.TestFrom is { } from ? Microseconds(from) : end - (steps.TestPeriod.Ticks / 10);
        var (train, test) = InTwo(events, steps, cut);
        if (steps.LatestFraction < 1)
        {
            var all = Sessions(train).OrderByDescending(session => session.Max(e => e.Time)).ThenByDescending(session => session[0].Owner, StringComparer.Ordinal).ToList();
            train = all.Take((int)Math.Ceiling(all.Count * steps.LatestFraction)).SelectMany(session => session).ToList();
        }

        var sets = new Dictionary<string, List<Event>> { ["train_full"] = train, ["test"] = test };
        if (steps.Validation && train.Count > 0)
        {
            var validationEnd = steps.SplitBy == SplitBy.End ? train.Max(e => e.Time) : cut;
            (sets["train_tr"], sets["train_valid"]) = InTwo(train, steps, validationEnd - (end - cut));
        }

        return sets.Values.Any(set => set.Count == 0) ? null : sets.ToDictionary(set => set.Key, set => InOrder(set.Value));
    }

    private static (List<Event> Train, List<Event> Test) InTwo(List<Event> events, PreparationSteps steps, long cut)
    {
        var sessions = Sessions(events);
        bool IsTest(List<Event> session) => (steps.SplitBy == SplitBy.End ? session[^1].Time : session[0].Time) >= cut;
        var train = sessions.Where(session => !IsTest(session)).SelectMany(session => steps.SplitBy == SplitBy.End ? session : steps.Crossing switch
        {
            CrossingSessions.Cut => session.Where(e => e.Time < cut),
            CrossingSessions.Keep => session,
            _ => session[^1].Time < cut ? session : [],
        }).ToList();
        train = LongEnough(train, steps);
        var test = LongEnough(sessions.Where(IsTest).SelectMany(session => session).ToList(), steps);
        if (steps.UnseenItems == UnseenItems.Drop)
        {
            var known = train.Select(e => e.Item).ToHashSet();
            test = LongEnough(test.FindAll(e => known.Contains(e.Item)), steps);
        }

        return (train, test);
    }

    private static List<Event> InOrder(List<Event> events) =>
        [.. Sessions(events).OrderBy(session => session[0].Time).ThenBy(session => session[0].Owner, StringComparer.Ordinal).SelectMany(session => session)];

    private static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10;
}
