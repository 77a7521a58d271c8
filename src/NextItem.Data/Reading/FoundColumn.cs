namespace NextItem.Data.Reading;

/// <summary>A column that a file has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CanBeFeature">Whether it can be read as item features: a single value, or a list of numbers.</param>
/// <param name="HoldsVectors">Whether it holds lists of numbers.</param>
internal readonly record struct FoundColumn(string Name, bool CanBeFeature = true, bool HoldsVectors = false);
