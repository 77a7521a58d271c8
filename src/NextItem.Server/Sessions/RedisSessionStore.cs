using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace NextItem.Server.Sessions;

/// <summary>
/// Sessions in Redis, where any server continues any session: one key each, which Redis forgets when nobody used it for the idle time.
/// </summary>
/// <remarks>
/// A change is read, made and written back if the session is still what was read, else made again with what it has become: of changes at
/// the same time none is lost, whoever made them, and a change that was acknowledged is in Redis. Changes that this server makes of one
/// session wait for each other before they ask Redis, so that a busy session costs no tries in vain.
/// </remarks>
internal sealed partial class RedisSessionStore : ISessionStore, IAsyncDisposable
{
    private const string Prefix = "nextitem:session:";

    /// <summary>Sessions that by chance share one wait a little longer.</summary>
    private const int Queues = 1024;

    /// <summary>Other servers changed the session so many times between our reading and writing it: something is wrong.</summary>
    private const int MostTries = 100;

    /// <summary>Writes what is to be, with its time to live, where what was read still stands; 1 where it did.</summary>
    private const string WriteIfSame =
        "local now = redis.call('GET', KEYS[1]) if now == false then now = '' end if now ~= ARGV[1] then return 0 end redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1";

    private readonly IConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly TimeSpan _idle;
    private readonly SemaphoreSlim[] _queues = [.. Enumerable.Range(0, Queues).Select(_ => new SemaphoreSlim(1))];

    /// <param name="connection">Redis, connected or not yet; disposed with this.</param>
    /// <param name="idle">Time without a use after which a session is forgotten.</param>
    /// <param name="log">Is told when Redis goes and comes.</param>
    public RedisSessionStore(IConnectionMultiplexer connection, TimeSpan idle, ILogger<RedisSessionStore> log)
    {
        (_connection, _database, _idle) = (connection, connection.GetDatabase(), idle);
        connection.ConnectionFailed += (_, failure) =>
        {
            if (failure.ConnectionType == ConnectionType.Interactive)
                LogGone(log, failure.EndPoint, failure.FailureType);
        };
        connection.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
                LogBack(log, restored.EndPoint);
        };
        if (connection.IsConnected)
            return;
        foreach (var endPoint in connection.GetEndPoints())
            LogGone(log, endPoint, ConnectionFailureType.UnableToConnect);
    }

    /// <inheritdoc/>
    public int? Count => null;

    /// <inheritdoc/>
    public async ValueTask<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var value = await Ask(() => _database.StringGetSetExpiryAsync(Prefix + sessionId, _idle));
        return value.IsNull ? null : SessionBytes.Read((byte[])value!);
    }

    /// <inheritdoc/>
    public async ValueTask<SessionRecord> UpdateAsync(string sessionId, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken)
    {
        var queue = _queues[(uint)sessionId.GetHashCode(StringComparison.Ordinal) % Queues];
        await queue.WaitAsync(cancellationToken);
        try
        {
            RedisKey key = Prefix + sessionId;
            for (var tries = 0; tries < MostTries; tries++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var value = await Ask(() => _database.StringGetSetExpiryAsync(key, _idle));
                var before = value.IsNull ? SessionRecord.Empty : SessionBytes.Read((byte[])value!);
                var after = change(before);
                if (ReferenceEquals(after, before))
                    return before; // a repeated event, or one that was rejected
                var written = await Ask(() => _database.ScriptEvaluateAsync(WriteIfSame, [key], [value.IsNull ? RedisValue.EmptyString : value, SessionBytes.Of(after), (long)_idle.TotalMilliseconds]));
                if ((int)written == 1)
                    return after;
            }
        }
        finally
        {
            queue.Release();
        }

        throw new SessionStoreException($"The session was changed by others {MostTries} times while it was to be changed.");
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Ask(() => _database.KeyDeleteAsync(Prefix + sessionId));
    }

    /// <inheritdoc/>
    public void Sweep()
    {
        // Redis does it.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        foreach (var queue in _queues)
            queue.Dispose();
    }

    /// <summary>Not there, too slow, still loading its file, out of memory, no longer the master: all of it passes.</summary>
    private static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new SessionStoreException("Redis, which keeps the sessions, does not answer as it should; nothing was acknowledged. Requests with items need no session and are answered.", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Redis at {Address} cannot be reached ({Failure}): requests with sessions are answered with 503 until it can")]
    private static partial void LogGone(ILogger log, EndPoint? address, ConnectionFailureType failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis at {Address} is there again")]
    private static partial void LogBack(ILogger log, EndPoint? address);
}
