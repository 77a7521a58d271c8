namespace NextItem.Cli.Bulk;

/// <summary>The answer for one session of a file.</summary>
/// <param name="Key">The outside's id of the visit.</param>
/// <param name="List">Its next items.</param>
/// <param name="Explanations">What carried each item, where that was asked for.</param>
internal sealed record BulkAnswer(string Key, RecommendationList List, IReadOnlyList<Explanation>? Explanations);
