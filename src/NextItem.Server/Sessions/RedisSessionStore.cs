using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace NextItem.Server.Sessions;

/// <summary>
/// Sessions in Redis, where any server continues any session: one key each, which Redis forgets when nobody used it for the idle time.
/// </summary>
internal sealed class RedisSessionStore : ComparedSessionStore
{
    private const string Prefix = "nextitem:session:";

    /// <summary>Writes what is to be, with its time to live, where what was read still stands; 1 where it did.</summary>
    private const string WriteIfSame =
        "local now = redis.call('GET', KEYS[1]) if now == false then now = '' end if now ~= ARGV[1] then return 0 end redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1";

    private readonly IConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly TimeSpan _idle;

    /// <param name="connection">Redis, connected or not yet; disposed with this.</param>
    /// <param name="idle">Time without a use after which a session is forgotten.</param>
    /// <param name="log">Is told when Redis goes and comes.</param>
    public RedisSessionStore(IConnectionMultiplexer connection, TimeSpan idle, ILogger<RedisSessionStore> log)
    {
        (_connection, _database, _idle) = (connection, connection.GetDatabase(), idle);
        RedisWatch.Watch(connection, log);
    }

    /// <inheritdoc/>
    public override SessionStoreHealth Health => _connection.IsConnected ? SessionStoreHealth.Good : new(RedisWatch.Gone);

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Ask(() => _database.KeyDeleteAsync(Prefix + sessionId));
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async ValueTask<StoredSession> ReadAsync(string sessionId, CancellationToken cancellationToken) =>
        new((byte[]?)await Ask(() => _database.StringGetSetExpiryAsync(Prefix + sessionId, _idle)));

    /// <inheritdoc/>
    protected override async ValueTask<bool> WriteAsync(string sessionId, StoredSession before, byte[] after)
    {
        RedisKey key = Prefix + sessionId;
        return (int)await Ask(() => _database.ScriptEvaluateAsync(WriteIfSame, [key], [before.Bytes ?? RedisValue.EmptyString, after, (long)_idle.TotalMilliseconds])) == 1;
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
}
