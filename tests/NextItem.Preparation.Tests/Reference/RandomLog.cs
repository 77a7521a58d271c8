namespace NextItem.Preparation.Tests.Reference;

/// <summary>Small logs with everything that steps are about: repeats, ties, pauses, rare items, long visits, several days.</summary>
internal static class RandomLog
{
    private static readonly string[] s_types = ["view", "cart", "purchase"];

    /// <summary>A log; the times are in seconds with up to three decimals.</summary>
    public static List<Event> Of(int seed)
    {
        var random = new Random(seed);
        var events = new List<Event>();
        var owners = random.Next(5, 60);
        var items = random.Next(3, 25);
        var days = random.Next(3, 8);
        for (var owner = 0; owner < owners; owner++)
        {
            var time = 1_400_000_000_000L + (random.NextInt64(days * 86_400_000L));
            var item = random.Next(items);
            for (var count = random.Next(1, random.Next(2, 25)); count > 0; count--)
            {
                // Nearby items are frequent, and so are the same item and the same moment.
                item = random.Next(4) == 0 ? item : (int)(items * Math.Pow(random.NextDouble(), 2));
                time += random.Next(10) switch { 0 => 0, 1 => 3_600_000, 2 => random.Next(86_400_000), _ => random.Next(600_000) };
                events.Add(new($"{(owner % 7 == 0 ? "u-" : "")}{owner}", $"i{item}", time * 1000, s_types[Math.Min(2, random.Next(5))]));
            }
        }

        var shuffled = events.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }

    /// <summary>Steps with every option at random.</summary>
    public static PreparationSteps StepsOf(int seed)
    {
        var random = new Random(seed + 1_000_000);
        T One<T>(params T[] values) => values[random.Next(values.Length)];
        return new PreparationSteps
        {
            EventTypes = One<string[]>([], ["view"], ["view", "cart"]),
            SelectTypesFirst = One(true, false),
            Sessions = One(SessionSource.Id, SessionSource.User),
            Gap = One<TimeSpan?>(null, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(1)),
            CollapseRepeats = One(true, false),
            MaxSessionLength = One(0, 0, 3, 10),
            LongSessions = One(LongSessions.Split, LongSessions.Drop),
            MinItemSupport = random.Next(1, 5),
            MinSessionLength = random.Next(1, 4),
            Filter = One(FilterRounds.Stable, FilterRounds.Once),
            TestPeriod = One(TimeSpan.FromDays(1), TimeSpan.FromHours(30), TimeSpan.FromDays(2)),
            TestFrom = One<DateTimeOffset?>(null, null, DateTimeOffset.FromUnixTimeSeconds(1_400_000_000 + (2 * 86_400))),
            End = One<DateTimeOffset?>(null, null, DateTimeOffset.FromUnixTimeSeconds(1_400_000_000 + (4 * 86_400))),
            SplitBy = One(SplitBy.Start, SplitBy.End),
            Crossing = One(CrossingSessions.Cut, CrossingSessions.Keep, CrossingSessions.Drop),
            UnseenItems = One(UnseenItems.Keep, UnseenItems.Drop),
            LatestFraction = One(1, 1, 0.5, 0.3),
            Validation = One(true, false),
        };
    }

    /// <summary>A row of a set as it is written.</summary>
    public static string Row(Event e)
    {
        var seconds = (e.Time / 1e6).ToString("R");
        return $"{e.Owner} {e.Item} {(seconds.Contains('.') ? seconds : seconds + ".0")}";
    }

    /// <summary>The log as a file.</summary>
    public static string Text(IEnumerable<Event> events, bool byUser) =>
        $"{(byUser ? "user" : "session")},item,time,type\n" + string.Concat(events.Select(e => $"{e.Owner},{e.Item},{(e.Time / 1e6):R},{e.Type}\n"));
}
