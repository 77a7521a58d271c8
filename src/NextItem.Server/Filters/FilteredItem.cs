using NextItem.Server.Catalog;

namespace NextItem.Server.Filters;

/// <summary>What a filter sees of an item.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Facts">What the shop told.</param>
/// <param name="Events">Its training events.</param>
internal readonly record struct FilteredItem(string Key, ItemFacts Facts, double Events);
