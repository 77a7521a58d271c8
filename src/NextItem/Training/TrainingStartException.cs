namespace NextItem;

/// <summary>A run cannot begin where it was told: a checkpoint of other data or options, a model of another shape.</summary>
/// <param name="message">What was found and what was expected.</param>
public sealed class TrainingStartException(string message) : Exception(message);
