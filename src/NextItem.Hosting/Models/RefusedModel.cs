namespace NextItem.Hosting;

/// <summary>A model file that is there and does not serve.</summary>
/// <param name="At">When it was refused.</param>
/// <param name="Detail">Why.</param>
public sealed record RefusedModel(DateTimeOffset At, string Detail);
