using StackExchange.Redis;

namespace NextItem.Server.Orleans.Grains;

/// <summary>How the place of the sessions forgets those that are idle.</summary>
/// <param name="Idle">Time without a use after which a session is forgotten.</param>
/// <param name="Redis">The place, which does it by itself when it is told of each use; null for the memory of this process, which does not.</param>
/// <param name="ClusterId">Goes before the sessions' keys.</param>
internal sealed record SessionPlace(TimeSpan Idle, IConnectionMultiplexer? Redis, string ClusterId)
{
    /// <summary>What it is called among places of grains.</summary>
    public const string Name = "sessions";

    /// <summary>A session's key in Redis.</summary>
    public RedisKey KeyOf(GrainId id) => $"nextitem:{ClusterId}:session:{id.Key}";

    /// <summary>Tells Redis of a use that writes nothing; nobody waits for it.</summary>
    public void Touch(GrainId id)
    {
        try
        {
            Redis?.GetDatabase().KeyExpire(KeyOf(id), Idle, flags: CommandFlags.FireAndForget);
        }
        catch (RedisException)
        {
            // Away at the moment. Who only reads is answered from memory.
        }
    }
}
