namespace NextItem.Synthetic;

/// <summary>An item of a generated shop.</summary>
/// <param name="Key">The item key that events carry, for instance <c>SHOE-0012</c>; unique in the shop.</param>
/// <param name="Name">What a visitor reads, for instance <c>Trail running shoes Dune 12</c>; unique in the shop.</param>
/// <param name="Category">The name of its category, for instance <c>Trail running shoes</c>.</param>
/// <param name="Collection">The name of its collection, for instance <c>Dune</c>; every category has items of each collection.</param>
public sealed record ShopItem(string Key, string Name, string Category, string Collection);
