namespace NextItem;

/// <summary>An item and its score.</summary>
/// <param name="ItemIndex">Dense 0-based index in the model's catalog.</param>
/// <param name="Score">Higher is better; the scale is the model's own (logits for GRU4Rec).</param>
public readonly record struct ScoredItem(int ItemIndex, float Score);
