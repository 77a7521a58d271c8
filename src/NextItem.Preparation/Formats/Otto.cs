namespace NextItem.Preparation.Formats;

/// <summary>OTTO: a session a line, its events in a list.</summary>
internal static class Otto
{
    public static readonly RawFormat Format = new()
    {
        Name = "otto",
        Title = "OTTO, Kaggle 2022, clicks",
        EventFiles = ["otto*.jsonl", "train*.jsonl", "test*.jsonl"],
        Session = ["session"],
        Item = ["aid"],
        Time = ["ts"],
        EventType = ["type"],
        TimeUnit = TimeUnit.Milliseconds,
        JsonTypes = new Dictionary<string, string> { ["events"] = "STRUCT(aid VARCHAR, ts VARCHAR, \"type\" VARCHAR)[]" },
        // A line that is no such object is a bad row and not one that is left out in silence.
        Explode = (_, rows) => $"SELECT * EXCLUDE (events, event), event.aid AS aid, event.ts AS ts, event.\"type\" AS \"type\" "
            + $"FROM (SELECT *, unnest(CASE WHEN len(events) > 0 THEN events ELSE [NULL] END) AS event FROM ({rows}))",
        Steps = new() { EventTypes = ["clicks"], Sessions = SessionSource.Id, TestPeriod = TimeSpan.FromDays(7) },
    };
}
