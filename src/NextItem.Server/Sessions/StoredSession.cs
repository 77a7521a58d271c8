namespace NextItem.Server.Sessions;

/// <summary>A session as it is stored outside the process.</summary>
/// <param name="Bytes">What <see cref="SessionBytes"/> made of it; null where nothing is stored.</param>
/// <param name="Stamp">Another one after each change, where the place gives them.</param>
internal readonly record struct StoredSession(byte[]? Bytes, string? Stamp = null);
