namespace NextItem;

/// <summary>A column of item features and what it holds.</summary>
/// <param name="Name">The column's name, exactly as the file has it.</param>
/// <param name="Kind">What it holds.</param>
public sealed record FeatureColumnOptions(string Name, FeatureKind Kind)
{
    /// <summary>What stands between the values of a category column; null where every item has one value. Default <c>|</c>.</summary>
    public char? Separator { get; init; } = '|';
}
