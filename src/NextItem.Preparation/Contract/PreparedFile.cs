namespace NextItem.Preparation;

/// <summary>A file that was written.</summary>
/// <param name="Name">Its name in the output folder.</param>
/// <param name="Rows">Number of its events, or items.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
/// <param name="Fingerprint">
/// <see cref="SessionSet.Fingerprint"/> of its sessions, which a model trained on the file carries as its data fingerprint; null for items.
/// </param>
public sealed record PreparedFile(string Name, long Rows, string Sha256, string? Fingerprint);
