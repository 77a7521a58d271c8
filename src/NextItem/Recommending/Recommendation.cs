namespace NextItem;

/// <summary>One recommended item.</summary>
/// <param name="ItemKey">The outside's id of the item.</param>
/// <param name="Score">Higher is better; the scale is the model's own (logits for GRU4Rec), comparable within one answer only.</param>
public readonly record struct Recommendation(string ItemKey, double Score);

/// <summary>The answer for one session.</summary>
/// <param name="Items">Best first; fewer than asked for where the model or the filter leaves fewer.</param>
/// <param name="UnknownItems">Items of the session that the model does not know; they were skipped.</param>
/// <param name="IsPopularFallback">True when nothing of the session was known, so that the most popular items were given instead.</param>
public sealed record RecommendationList(
    IReadOnlyList<Recommendation> Items, IReadOnlyList<string> UnknownItems, bool IsPopularFallback);
