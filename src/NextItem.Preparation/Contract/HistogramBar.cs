namespace NextItem.Preparation;

/// <summary>One bar of a histogram.</summary>
/// <param name="Label">The value or the range of values.</param>
/// <param name="Count">How often.</param>
public sealed record HistogramBar(string Label, long Count);
