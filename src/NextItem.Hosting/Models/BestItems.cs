namespace NextItem.Hosting.Models;

/// <summary>The best items for one session, best first.</summary>
/// <param name="filter">Items that may be recommended; null allows all.</param>
/// <param name="exclude">Item indices to leave out as well.</param>
/// <param name="count">How many are wanted; fewer come where the model scores fewer or fewer are left.</param>
internal delegate ScoredItem[] BestItems(ItemFilter? filter, int[] exclude, int count);
