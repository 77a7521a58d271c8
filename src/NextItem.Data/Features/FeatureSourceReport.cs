using System.Collections.Immutable;

namespace NextItem.Data;

/// <summary>What was found in a file of item features.</summary>
/// <param name="Path">The file.</param>
/// <param name="Rows">Rows of the file, an item each.</param>
/// <param name="UnknownItems">Rows whose item is not in the catalog; they were passed over.</param>
/// <param name="Columns">The columns that are used, and why they are what they are.</param>
/// <param name="LeftOut">The columns that are not used, and why.</param>
public sealed record FeatureSourceReport(
    string Path, long Rows, long UnknownItems, ImmutableArray<FeatureColumnReport> Columns, ImmutableArray<FeatureColumnReport> LeftOut);

/// <summary>A column of a file of item features.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is used as; null where it is not used.</param>
/// <param name="Separator">What separates its categories; null for none.</param>
/// <param name="Why">Why: that it was given, or what the guess goes by.</param>
public sealed record FeatureColumnReport(string Name, FeatureKind? Kind, char? Separator, string Why);
