using System.Text.Json.Serialization;

namespace NextItem.ModelFiles;

/// <summary>The metadata entry of item features: their blocks in order.</summary>
internal sealed record FeatureEntry(FeatureBlockEntry[] Blocks);

/// <summary>A block: its name, its number of features F, and its parts in the order of their features.</summary>
internal sealed record FeatureBlockEntry(string Name, int Width, FeaturePartEntry[] Parts);

/// <summary>What was learned about some columns, without the vocabulary; what does not belong to the kind is left out.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Columns">The columns: all the texts of a block, or one of another kind.</param>
internal sealed record FeaturePartEntry(FeatureKind Kind, string[] Columns)
{
    /// <summary>Text: words of the longest term.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LongestTerm { get; init; }

    /// <summary>Text: how many items have a text, n of the idf.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Documents { get; init; }

    /// <summary>Category: what stands between values, one character; left out where there is one value an item.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Separator { get; init; }

    /// <summary>Number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mean { get; init; }

    /// <summary>Number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Deviation { get; init; }

    /// <summary>Vector: its length.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Length { get; init; }

    /// <summary>Vector: whether it is scaled to length 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Normalise { get; init; }
}
