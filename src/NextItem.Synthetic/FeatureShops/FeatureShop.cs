using System.Collections.Immutable;

namespace NextItem.Synthetic;

/// <summary>An item of a feature shop.</summary>
/// <param name="Key">The item key that events carry; unique in the shop. Nothing of the features is in it.</param>
/// <param name="Title">What a visitor reads: two words of its theme among others that every item may have.</param>
/// <param name="Category">The name of its category.</param>
/// <param name="Image">Its picture as a vector: that of its style with noise on every element.</param>
/// <param name="Theme">The theme, which the title tells; the answer, no feature.</param>
/// <param name="Style">The style, which the picture tells; the answer, no feature.</param>
public sealed record FeatureShopItem(string Key, string Title, string Category, ImmutableArray<float> Image, int Theme, int Style);

/// <summary>A generated shop whose items' features tell what comes next. Immutable.</summary>
/// <param name="Options">What the shop was generated from.</param>
/// <param name="Items">All items.</param>
/// <param name="Train">Events of the sessions before those of the test set, session after session.</param>
/// <param name="Test">Events of the last sessions.</param>
public sealed record FeatureShop(FeatureShopOptions Options, ImmutableArray<FeatureShopItem> Items, ImmutableArray<SessionEvent> Train, ImmutableArray<SessionEvent> Test);
