namespace NextItem.Hosting;

/// <summary>The model that an application uses now.</summary>
/// <param name="Version">The beginning of the file's SHA-256: the same file has the same version everywhere.</param>
/// <param name="Algorithm">Such as <c>gru4rec</c>.</param>
/// <param name="Items">Items that it knows.</param>
/// <param name="TrainedUntil">The time of its last training event: a date, or the number that stood there; null where it is not known, as of imported weights.</param>
/// <param name="LoadedAt">Since when it is used.</param>
/// <param name="Refused">The newer file that was refused, if there is one.</param>
public sealed record LiveModel(string Version, string Algorithm, int Items, string? TrainedUntil, DateTimeOffset LoadedAt, RefusedFile? Refused);
