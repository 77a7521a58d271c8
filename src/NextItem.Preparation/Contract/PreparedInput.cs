namespace NextItem.Preparation;

/// <summary>Something that was read.</summary>
/// <param name="Name">Its path, or the database without a password.</param>
/// <param name="Bytes">Its size; null for a database.</param>
public sealed record PreparedInput(string Name, long? Bytes);
