namespace NextItem.Data.Streaming;

/// <summary>
/// The sessions of a file in the order in which they begin, one after the other: streamed where the file allows it, else from
/// memory. Both ways give the same sessions.
/// </summary>
internal sealed class SessionSource
{
    private readonly string _path;
    private readonly EventColumns _columns;
    private readonly SessionShard _shard;
    private readonly SessionSet? _inMemory;

    private SessionSource(string path, EventColumns columns, SessionShard shard, Grouping? grouping, SessionSet? inMemory)
    {
        (_path, _columns, _shard, _inMemory) = (path, columns, shard, inMemory);
        Grouping = grouping;
        Rows = grouping is { IsGrouped: true } ? grouping.Rows : inMemory!.EventCount;
    }

    /// <summary>Rows of the file.</summary>
    public long Rows { get; }

    /// <summary>Rows that the sessions read so far come to, those of other shards too.</summary>
    public long RowsDone { get; private set; }

    /// <summary>What was found about the order of the rows; null for what can be read only once, such as a pipe.</summary>
    public Grouping? Grouping { get; }

    /// <summary>Whether the file is read session by session, in constant memory.</summary>
    public bool IsStreamed => _inMemory is null;

    /// <summary>Looks through a file, and reads it at once where it cannot be streamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="shard">The part that is wanted.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EventsFileException">The file or one of its rows is at fault.</exception>
    public static SessionSource Open(string path, EventColumns columns, SessionShard shard, CancellationToken cancellationToken)
    {
        columns.Validate();
        var grouping = IsMissing(path) || CanBeReadTwice(path) ? GroupingCheck.Of(path, columns, cancellationToken) : null;
        var inMemory = grouping is { IsGrouped: true } ? null : EventsFile.Read(path, columns, null, cancellationToken);
        return new SessionSource(path, columns, shard, grouping, inMemory);
    }

    /// <summary>The sessions; to be gone through once.</summary>
    public IEnumerable<KeyedSession> Sessions(CancellationToken cancellationToken) =>
        _inMemory is null ? SessionReader.Read(_path, _columns, _shard, row => RowsDone = row, cancellationToken) : FromMemory(_inMemory);

    private IEnumerable<KeyedSession> FromMemory(SessionSet sessions)
    {
        for (var session = 0; session < sessions.Count; session++)
        {
            var key = sessions.KeyOf(session);
            if (_shard.Holds(key))
                yield return new KeyedSession(key, [.. sessions.ItemsOf(session).ToArray().Select(sessions.Catalog.KeyOf)]);
            RowsDone += sessions.ItemsOf(session).Length;
        }
    }

    /// <summary>What is not there is told of by whoever opens it.</summary>
    private static bool IsMissing(string path) => !File.Exists(path);

    /// <summary>Not so for pipes, which have no length: they are not even to be opened twice.</summary>
    private static bool CanBeReadTwice(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true);
        return target is FileInfo { Exists: true, Length: > 0 };
    }
}
