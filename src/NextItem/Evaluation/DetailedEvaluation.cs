using System.Collections.Immutable;

namespace NextItem;

/// <summary>The metrics of one bucket of cases.</summary>
/// <param name="By">How the cases were told apart.</param>
/// <param name="Bucket">The bucket's name, for instance <c>6-10</c>.</param>
/// <param name="Cases">Number of cases in it.</param>
/// <param name="Metrics">The metrics of ranks over these cases.</param>
public sealed record EvaluationSlice(SliceBy By, string Bucket, int Cases, ImmutableArray<MetricValue> Metrics);

/// <summary>An evaluation with what it is made of.</summary>
/// <param name="Result">The evaluation.</param>
/// <param name="Slices">The metrics of each bucket that has a case, slicing by slicing.</param>
/// <param name="Sessions">The metrics' sums session by session, for intervals and tests; without those of lists, which no session has of its own.</param>
public sealed record DetailedEvaluation(EvaluationResult Result, ImmutableArray<EvaluationSlice> Slices, SessionSums Sessions);
