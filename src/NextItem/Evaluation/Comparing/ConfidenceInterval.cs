namespace NextItem;

/// <summary>A number with the range that chance in the choice of test sessions leaves it.</summary>
/// <param name="Value">The number measured.</param>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ConfidenceInterval(double Value, double Low, double High);
