namespace NextItem.Hosting;

/// <summary>A file that is there and is not used: the one before it goes on.</summary>
/// <param name="At">When it was refused.</param>
/// <param name="Detail">Why.</param>
public sealed record RefusedFile(DateTimeOffset At, string Detail);
