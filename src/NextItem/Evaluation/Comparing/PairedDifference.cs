namespace NextItem;

/// <summary>The difference of two models on the same sessions.</summary>
/// <param name="Difference">First less second, with its interval from resampled sessions.</param>
/// <param name="PValue">How often chance alone gives a difference at least as large, in either direction, if the two models were interchangeable.</param>
public readonly record struct PairedDifference(ConfidenceInterval Difference, double PValue);
