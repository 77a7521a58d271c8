namespace NextItem.Preparation;

/// <summary>How often which values occur.</summary>
/// <param name="Name">What is counted: <c>session length</c>, <c>item support</c>, <c>events a day</c>.</param>
/// <param name="Counted">What the bars count: sessions, items, events.</param>
/// <param name="Bars">Label and count of each bar, in their order.</param>
public sealed record Histogram(string Name, string Counted, IReadOnlyList<HistogramBar> Bars);
