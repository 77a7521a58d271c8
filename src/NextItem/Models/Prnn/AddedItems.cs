using System.Collections.Immutable;

namespace NextItem;

/// <summary>A model with new items, and what became of them.</summary>
/// <param name="Model">The model; its catalog has the old items first, under the same indices, then the new ones, with a support of 0.</param>
/// <param name="Added">Keys of the items that it has more.</param>
/// <param name="Known">Keys of those that the old model has already.</param>
/// <param name="WithoutPlace">Keys of those that have no feature in common with any item, and so no place in the model.</param>
public sealed record AddedItems(PrnnModel Model, ImmutableArray<string> Added, ImmutableArray<string> Known, ImmutableArray<string> WithoutPlace);
