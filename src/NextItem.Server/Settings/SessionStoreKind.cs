namespace NextItem.Server;

/// <summary>Where sessions are kept.</summary>
public enum SessionStoreKind
{
    /// <summary>In the server's memory: a restart forgets them.</summary>
    Memory,

    /// <summary>In Redis: any server continues any session, and a restart forgets none.</summary>
    Redis,
}
