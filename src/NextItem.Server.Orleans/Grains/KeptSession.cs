namespace NextItem.Server.Orleans.Grains;

/// <summary>What is stored of a session.</summary>
internal sealed class KeptSession
{
    /// <summary>Another one after each change.</summary>
    public string Stamp { get; init; } = "";

    /// <summary>The session, as the servers write it.</summary>
    public byte[] Session { get; init; } = [];
}
