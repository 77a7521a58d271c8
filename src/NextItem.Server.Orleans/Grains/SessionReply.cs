namespace NextItem.Server.Orleans.Grains;

/// <summary>What a session's grain answers.</summary>
/// <param name="IsDone">Whether it did what was asked.</param>
/// <param name="Session">The session as it is, for readers; null where nothing is stored.</param>
/// <param name="Stamp">Its stamp; null where nothing is stored.</param>
/// <param name="Fault">Why the place of the sessions did not answer; null where it did.</param>
[GenerateSerializer, Immutable]
internal sealed record SessionReply(
    [property: Id(0)] bool IsDone,
    [property: Id(1)] byte[]? Session = null,
    [property: Id(2)] string? Stamp = null,
    [property: Id(3)] string? Fault = null);
