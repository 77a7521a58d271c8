using System.Security.Cryptography;
using NextItem.Server.Orleans.Grains;
using NextItem.Server.Sessions;
using StackExchange.Redis;

namespace NextItem.Server.Orleans.Sessions;

/// <summary>Sessions in a cluster: each is a grain on one of its servers, which any of them asks.</summary>
/// <remarks>
/// While a server dies, the sessions that it had answer nobody: they are asked again until the others have taken them over, or patience ends. A change
/// of which nobody knows whether it was made is sent again as the same change, which its stamp tells: it is made once.
/// </remarks>
/// <param name="grainOf">The grain of a key, wherever in the cluster it is.</param>
/// <param name="members">Who is in it.</param>
/// <param name="redis">What finds its servers and keeps its sessions; null for memory. Disposed with this.</param>
/// <param name="time">The clock.</param>
internal sealed class GrainSessionStore(Func<string, ISessionGrain> grainOf, ISiloStatusOracle members, IConnectionMultiplexer? redis, TimeProvider time) : ComparedSessionStore
{
    /// <summary>How long a session that answers nobody is asked.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly string _start = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private long _given;

    /// <inheritdoc/>
    public override SessionStoreHealth Health => new(
        members.CurrentStatus != SiloStatus.Active ? $"This server is no member of its cluster ({members.CurrentStatus})." : redis is { IsConnected: false } ? RedisWatch.Gone : null,
        IsHopeless: members.CurrentStatus != SiloStatus.Active,
        Servers: members.GetActiveSilos().Length);

    /// <inheritdoc/>
    public override async ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken) =>
        await Ask(sessionId, (grain, _) => grain.DeleteAsync(), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (redis is not null)
            await redis.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async ValueTask<StoredSession> ReadAsync(string sessionId, CancellationToken cancellationToken)
    {
        var reply = await Ask(sessionId, (grain, _) => grain.ReadAsync(), cancellationToken);
        return new StoredSession(reply.Session, reply.Stamp);
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> WriteAsync(string sessionId, StoredSession before, byte[] after)
    {
        var stamp = $"{_start}-{Interlocked.Increment(ref _given)}";
        var isCertain = true;
        var reply = await Ask(
            sessionId,
            (grain, isFirst) =>
            {
                isCertain = isFirst;
                return grain.ReplaceAsync(before.Stamp, stamp, after);
            },
            CancellationToken.None);
        if (!reply.IsDone && !isCertain)
            throw new SessionStoreException("The server of the cluster that had the session is gone, and others changed the session since: whether the change was kept is not known. Events with an eventId can be sent again.");
        return reply.IsDone;
    }

    /// <summary>A key of any text: grains' keys are bytes, in which what is no Unicode would be lost.</summary>
    private static string KeyOf(string sessionId) => Uri.EscapeDataString(sessionId);

    private async ValueTask<SessionReply> Ask(string sessionId, Func<ISessionGrain, bool, ValueTask<SessionReply>> ask, CancellationToken cancellationToken)
    {
        var grain = grainOf(KeyOf(sessionId));
        var started = time.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var reply = await ask(grain, isFirst);
                return reply.Fault is null ? reply : throw new SessionStoreException("The cluster's sessions cannot be read or written at the moment; nothing was acknowledged. Requests with items need no session and are answered.", new RedisException(reply.Fault));
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or ObjectDisposedException)
            {
                if (time.GetElapsedTime(started) > s_patience || members.CurrentStatus.IsTerminating())
                    throw new SessionStoreException("The server of the cluster that has the session does not answer; nothing was acknowledged. Another one takes the session over within seconds. Requests with items need no session and are answered.", e);
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }
}
