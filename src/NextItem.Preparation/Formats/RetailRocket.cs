namespace NextItem.Preparation.Formats;

/// <summary>RetailRocket: events of visitors; sessions by pauses, in which events of all types count.</summary>
internal static class RetailRocket
{
    public static readonly RawFormat Format = new()
    {
        Name = "retailrocket",
        Title = "RetailRocket, views",
        EventFiles = ["events.csv"],
        User = ["visitorid"],
        Item = ["itemid"],
        Time = ["timestamp"],
        EventType = ["event"],
        TimeUnit = TimeUnit.Milliseconds,
        ItemSources =
        [
            // A row a property, an item and a time; the latest value counts.
            new(["item_properties*.csv"], ["itemid"])
            {
                Gather = rows => $"""
                    SELECT itemid,
                           arg_max(value, (timestamp, value)) FILTER (property = 'categoryid') AS categoryid,
                           arg_max(value, (timestamp, value)) FILTER (property = 'available') AS available
                    FROM ({rows}) GROUP BY itemid
                    """,
            },
        ],
        Steps = new()
        {
            EventTypes = ["view"],
            Sessions = SessionSource.User,
            Gap = TimeSpan.FromHours(1),
            TestPeriod = TimeSpan.FromDays(7),
            End = DateTimeOffset.FromUnixTimeSeconds(1_442_545_200),
        },
    };
}
