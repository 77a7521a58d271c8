using System.Collections.Immutable;

namespace NextItem.Data.Features;

/// <summary>What was read from one file.</summary>
/// <param name="Report">What was found.</param>
/// <param name="FirstKey">The item key of the first row.</param>
/// <param name="Columns">The values.</param>
/// <param name="Blocks">Which columns go into which block; names are not final.</param>
internal sealed record SourceContent(FeatureSourceReport Report, string FirstKey, ImmutableArray<ColumnValues> Columns, ImmutableArray<FeatureBlockOptions> Blocks);
