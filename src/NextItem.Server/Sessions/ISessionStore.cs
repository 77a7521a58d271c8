namespace NextItem.Server.Sessions;

/// <summary>Where sessions are kept. Safe for many threads; changes of one session follow each other, none is lost.</summary>
internal interface ISessionStore
{
    /// <summary>Sessions kept now; null where they are not this server's to count.</summary>
    int? Count { get; }

    /// <summary>How the place of the sessions is at the moment, as far as is known without asking.</summary>
    SessionStoreHealth Health { get; }

    /// <summary>The session; null where nothing is known of it.</summary>
    ValueTask<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Changes a session, and returns when the change is kept.</summary>
    /// <param name="sessionId">The session; one that nothing is known of begins.</param>
    /// <param name="change">From the session as it is to the session as it shall be; may be called more than once.</param>
    /// <param name="cancellationToken">Gives up before the change.</param>
    /// <returns>The session as it is then.</returns>
    ValueTask<SessionRecord> UpdateAsync(string sessionId, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken);

    /// <summary>Forgets a session; nothing happens where nothing is known of it.</summary>
    ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Forgets the sessions whose time is over.</summary>
    void Sweep();
}
