using System.Collections.Immutable;

namespace NextItem;

/// <summary>
/// The item features that one subnet sees: columns side by side. Immutable. All text columns of a block are one document an
/// item; every other column has features of its own.
/// </summary>
public sealed record FeatureBlockOptions
{
    /// <summary>What the block is called in reports and messages; no two blocks have the same name.</summary>
    public required string Name { get; init; }

    /// <summary>The columns, at least one.</summary>
    public required ImmutableArray<FeatureColumnOptions> Columns { get; init; }

    /// <summary>Text: terms are sequences of one word up to this many. Default 2, single words and pairs, as in the p-RNN paper.</summary>
    public int LongestTerm { get; init; } = 2;

    /// <summary>Text: terms that occur fewer times in the whole of the items' texts are dropped. Default 2, as in the p-RNN paper.</summary>
    public int LeastTermCount { get; init; } = 2;

    /// <summary>Vectors: whether they are scaled to length 1. Default true, as in the p-RNN paper.</summary>
    public bool NormaliseVectors { get; init; } = true;

    /// <summary>Throws when something is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate() => Validate([this]);

    /// <summary>The same for several blocks, which must have different names.</summary>
    internal static void Validate(IReadOnlyList<FeatureBlockOptions> blocks)
    {
        var faults = new List<string>();
        if (blocks.Count == 0)
            faults.Add("There is no block of features; expected at least one.");
        foreach (var block in blocks)
            block.AddFaults(faults);
        foreach (var name in blocks.GroupBy(block => block.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
            faults.Add($"Two blocks are called '{name}'; expected different names.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(FeatureBlockOptions), faults);
    }

    private void AddFaults(List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(Name))
            faults.Add("Name is empty; expected a name for the block.");
        if (LongestTerm is < 1 or > 5)
            faults.Add($"LongestTerm of block '{Name}' is {LongestTerm}; expected 1 to 5.");
        if (LeastTermCount < 1)
            faults.Add($"LeastTermCount of block '{Name}' is {LeastTermCount}; expected at least 1.");
        if (Columns.IsDefaultOrEmpty)
        {
            faults.Add($"Block '{Name}' has no column; expected at least one.");
            return;
        }

        foreach (var column in Columns)
        {
            if (string.IsNullOrEmpty(column.Name))
                faults.Add($"A column of block '{Name}' has no name.");
            if (!Enum.IsDefined(column.Kind))
                faults.Add($"The kind of column '{column.Name}' of block '{Name}' is {column.Kind}; expected one of {string.Join(", ", Enum.GetNames<FeatureKind>())}.");
        }

        foreach (var twice in Columns.GroupBy(column => column.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
            faults.Add($"Block '{Name}' has column '{twice}' twice; expected it once.");
    }
}
