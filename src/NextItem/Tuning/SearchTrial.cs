using System.Collections.Immutable;

namespace NextItem;

/// <summary>A setting that was tried, and how far it came.</summary>
/// <param name="Number">The trial's number, from 0.</param>
/// <param name="Point">Its settings, a point of the space.</param>
public sealed record SearchTrial(int Number, ImmutableArray<double> Point)
{
    /// <summary>What was measured at each comparison that it came to: greater is better, NaN where it failed.</summary>
    public ImmutableArray<double> Values { get; init; } = [];

    /// <summary>Whether it could not go on, such as a training that diverged.</summary>
    public bool IsFailed => Values is [.., double.NaN];

    /// <summary>The last comparison that it came to; -1 before the first.</summary>
    public int Rung => Values.Length - 1;

    /// <summary>What was measured last; NaN where it failed or nothing was.</summary>
    public double Value => Values is [.., var last] ? last : double.NaN;
}
