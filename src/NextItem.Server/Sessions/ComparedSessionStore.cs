namespace NextItem.Server.Sessions;

/// <summary>Sessions outside the process, where other servers change them too.</summary>
/// <remarks>
/// A change is read, made and written back if the session is still what was read, else made again with what it has become: of changes at
/// the same time none is lost, whoever made them, and a change that was acknowledged is kept. Changes that this server makes of one
/// session wait for each other before they ask, so that a busy session costs no tries in vain.
/// </remarks>
internal abstract class ComparedSessionStore : ISessionStore, IAsyncDisposable
{
    /// <summary>Sessions that by chance share one wait a little longer.</summary>
    private const int Queues = 1024;

    /// <summary>Other servers changed the session so many times between our reading and writing it: something is wrong.</summary>
    private const int MostTries = 100;

    private readonly SemaphoreSlim[] _queues = [.. Enumerable.Range(0, Queues).Select(_ => new SemaphoreSlim(1))];

    /// <inheritdoc/>
    public int? Count => null;

    /// <inheritdoc/>
    public abstract SessionStoreHealth Health { get; }

    /// <inheritdoc/>
    public async ValueTask<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return (await ReadAsync(sessionId, cancellationToken)).Bytes is { } bytes ? SessionBytes.Read(bytes) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<SessionRecord> UpdateAsync(string sessionId, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken)
    {
        var queue = _queues[(uint)sessionId.GetHashCode(StringComparison.Ordinal) % Queues];
        await queue.WaitAsync(cancellationToken);
        try
        {
            for (var tries = 0; tries < MostTries; tries++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var stored = await ReadAsync(sessionId, cancellationToken);
                var before = stored.Bytes is { } bytes ? SessionBytes.Read(bytes) : SessionRecord.Empty;
                var after = change(before);
                if (ReferenceEquals(after, before))
                    return before; // a repeated event, or one that was rejected
                if (await WriteAsync(sessionId, stored, SessionBytes.Of(after)))
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
    public abstract ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public void Sweep()
    {
        // The place does it.
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
            queue.Dispose();
        return default;
    }

    /// <summary>What is stored of a session; reading is a use of it.</summary>
    protected abstract ValueTask<StoredSession> ReadAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Writes what a session shall be where it is still what was read, and returns when it is kept.</summary>
    /// <returns>Whether it was still that.</returns>
    protected abstract ValueTask<bool> WriteAsync(string sessionId, StoredSession before, byte[] after);
}
