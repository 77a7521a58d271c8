using NextItem.Data.Reading;

namespace NextItem.Data.Streaming;

/// <summary>One session of a file.</summary>
/// <param name="Key">The outside's id of the visit.</param>
/// <param name="ItemKeys">Its items in time order; equal times keep the order of the file.</param>
internal sealed record KeyedSession(string Key, string[] ItemKeys);

/// <summary>
/// Reads sessions one after the other from a file whose sessions stand together (<see cref="GroupingCheck"/>): memory for one
/// session, however long the file is. Gives what <see cref="EventsFile.Read"/> gives.
/// </summary>
internal static class SessionReader
{
    /// <summary>The sessions of a shard in the order of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="shard">The part that is wanted.</param>
    /// <param name="atRow">Is told of the row that has been reached, at the end of every session of the file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EventsFileException">The file or one of its rows is at fault.</exception>
    public static IEnumerable<KeyedSession> Read(string path, EventColumns columns, SessionShard shard, Action<long> atRow, CancellationToken cancellationToken)
    {
        using var table = TableReader.Open(path, columns.Wanted(), EventsFile.Content, cancellationToken);
        var events = new List<(double Time, string Item)>();
        string? key = null;
        var isWanted = false;
        while (table.MoveNext())
        {
            if (key is null || !table.Key(EventsFile.SessionColumn).SequenceEqual(key))
            {
                if (isWanted)
                    yield return new KeyedSession(key!, InTimeOrder(events));
                atRow(table.Row - 1);
                key = table.Key(EventsFile.SessionColumn).ToString();
                isWanted = shard.Holds(key);
                events.Clear();
            }

            // The rows of other shards are read as strictly: a fault is told by each run alike.
            var item = table.Key(EventsFile.ItemColumn);
            var time = table.Time(EventsFile.TimeColumn);
            if (isWanted)
                events.Add((time, item.ToString()));
        }

        if (key is null)
            throw EventsFile.NoEvents(path, columns);
        if (isWanted)
            yield return new KeyedSession(key, InTimeOrder(events));
        atRow(table.Row);
    }

    private static string[] InTimeOrder(List<(double Time, string Item)> events)
    {
        for (var i = 1; i < events.Count; i++)
        {
            if (events[i].Time < events[i - 1].Time)
                return [.. events.OrderBy(each => each.Time).Select(each => each.Item)];
        }

        return [.. events.Select(each => each.Item)];
    }
}
