namespace NextItem;

/// <summary>What diversity leaves out of the lists of the largest cutoff.</summary>
/// <param name="Places">Places of all lists.</param>
/// <param name="PlacesWithoutFeatures">Those with an item that has no features, or only zeros: they are in no pair.</param>
/// <param name="ListsWithoutPairs">Lists in which fewer than two items have features: they are not in the mean.</param>
public sealed record ListedFeatures(long Places, long PlacesWithoutFeatures, int ListsWithoutPairs);
