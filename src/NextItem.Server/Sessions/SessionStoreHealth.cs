namespace NextItem.Server.Sessions;

/// <summary>How the place of the sessions is.</summary>
/// <param name="Fault">What is wrong, in words; null where nothing is known to be.</param>
/// <param name="IsHopeless">Whether other servers are better asked, for requests without a session too.</param>
/// <param name="Servers">Servers that share the sessions, this one with them; null where they do not know each other.</param>
internal sealed record SessionStoreHealth(string? Fault = null, bool IsHopeless = false, int? Servers = null)
{
    /// <summary>Nothing can be wrong, or is.</summary>
    public static SessionStoreHealth Good { get; } = new();
}
