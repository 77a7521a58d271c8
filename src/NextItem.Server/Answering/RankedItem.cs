namespace NextItem.Server.Answering;

/// <summary>An item and what it is ranked by: the model's score, and what rules add to it.</summary>
internal readonly record struct RankedItem(int ItemIndex, double Score);
