namespace NextItem;

/// <summary>What an item would be without one click of the session.</summary>
/// <param name="Position">Place of the click in the session as it was given, from 0.</param>
/// <param name="ItemKey">The item that was clicked.</param>
/// <param name="RankWithout">Rank of the explained item in the session without the click; null where it has no score then, which is behind every rank.</param>
/// <param name="ScoreWithout">Its score then; null where it has none.</param>
public readonly record struct ClickEffect(int Position, string ItemKey, int? RankWithout, double? ScoreWithout);

/// <summary>Which click of a session carried an item.</summary>
/// <param name="ItemKey">The item.</param>
/// <param name="Rank">Its rank among all items in the whole session: 1 + the number of items with a higher score; null where the model gives it no score.</param>
/// <param name="Score">Its score in the whole session; null where it has none.</param>
/// <param name="Clicks">What it would be without each of the session's known clicks, oldest first.</param>
/// <param name="CarriedBy">
/// The click without which the item falls furthest in rank; of those level in that, the one without which its score falls furthest;
/// of those, the last. Null where the item falls without none of them.
/// </param>
/// <remarks>
/// Ranks come first, since scores of two sessions have no common scale in most models: logits may all rise together. Scores decide
/// where no rank changes, as for an item far ahead of all others.
/// </remarks>
public sealed record Explanation(string ItemKey, int? Rank, double? Score, IReadOnlyList<ClickEffect> Clicks, ClickEffect? CarriedBy);
