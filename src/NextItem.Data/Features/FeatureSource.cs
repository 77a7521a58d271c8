using System.Collections.Immutable;

namespace NextItem.Data;

/// <summary>
/// A file of item features and what to make of it. Immutable. Kinds of file: separated text and Parquet with a row an item, as
/// <see cref="EventsFile"/> reads them, and <c>.npy</c> with a vector an item.
/// </summary>
/// <param name="Path">The file.</param>
public sealed record FeatureSource(string Path)
{
    /// <summary>The usual name of the column of item keys.</summary>
    public const string UsualItemColumn = "ItemId";

    /// <summary>
    /// Column of the item key: of the file, or of <see cref="KeysPath"/> where that is a table. Default null: <c>ItemId</c>, or no
    /// table.
    /// </summary>
    public string? ItemColumn { get; init; }

    /// <summary>
    /// For <c>.npy</c> alone, which has no keys: a file with the item key of each vector, one a line, or with
    /// <see cref="ItemColumn"/> a table whose rows have the order of the vectors. Default null.
    /// </summary>
    public string? KeysPath { get; init; }

    /// <summary>Texts that stand for nothing, as an empty field does: <c>unknown</c>, <c>N/A</c>. In every column but the item key. Default none.</summary>
    public ImmutableArray<string> MissingTexts { get; init; } = [];

    /// <summary>
    /// The columns that are used, block by block. A vector column whose name ends in <c>*</c> is all columns that begin so and end
    /// in a number: <c>v*</c> is v0, v1, ... Default empty: all columns, their kinds guessed, one block a kind.
    /// </summary>
    public ImmutableArray<FeatureBlockOptions> Blocks { get; init; } = [];

    /// <summary>
    /// One block for all columns of the file, and of other files that name the same block, with the settings of the first. Default
    /// null: the blocks as they are.
    /// </summary>
    public string? Block { get; init; }

    /// <summary>Columns whose kind is guessed: <see cref="FeatureBlockOptions.LongestTerm"/>. Default 2.</summary>
    public int LongestTerm { get; init; } = 2;

    /// <summary>Columns whose kind is guessed: <see cref="FeatureBlockOptions.LeastTermCount"/>. Default 2.</summary>
    public int LeastTermCount { get; init; } = 2;

    /// <summary>Columns whose kind is guessed: <see cref="FeatureBlockOptions.NormaliseVectors"/>. Default true.</summary>
    public bool NormaliseVectors { get; init; } = true;

    /// <summary>Throws when something is out of range, with all faults.</summary>
    /// <exception cref="OptionsException">Something is out of range.</exception>
    public void Validate() => Validate([this]);

    internal static void Validate(IReadOnlyList<FeatureSource> sources)
    {
        var faults = new List<string>();
        if (sources.Count == 0)
            faults.Add("There is no file of features; expected at least one.");
        foreach (var source in sources)
            source.AddFaults(faults);
        foreach (var twice in sources.GroupBy(source => source.Path, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
            faults.Add($"The file '{twice}' is given twice; expected it once, with all its blocks.");
        if (faults.Count > 0)
            throw new OptionsException(nameof(FeatureSource), faults);
    }

    private void AddFaults(List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(Path))
            faults.Add("Path is empty; expected a file of features.");
        if (ItemColumn is "")
            faults.Add($"ItemColumn of '{Path}' is empty; expected the name of a column, or null.");
        if (KeysPath is "")
            faults.Add($"KeysPath of '{Path}' is empty; expected a file, or null.");
        if (Block is not null && string.IsNullOrWhiteSpace(Block))
            faults.Add($"Block of '{Path}' is empty; expected a name, or null.");
        if (MissingTexts.IsDefault)
            faults.Add($"MissingTexts of '{Path}' is an array that was never made; expected one, even if empty.");
        if (Blocks.IsDefault)
            faults.Add($"Blocks of '{Path}' is an array that was never made; expected one, even if empty.");
        ImmutableArray<FeatureBlockOptions> blocks = Blocks.IsDefaultOrEmpty
            ? [new() { Name = "guessed", Columns = [new("any", FeatureKind.Text)], LongestTerm = LongestTerm, LeastTermCount = LeastTermCount }]
            : Blocks;
        foreach (var block in blocks)
        {
            try
            {
                block.Validate();
            }
            catch (OptionsException e)
            {
                faults.AddRange(e.Faults.Select(fault => $"{Path}: {fault}"));
            }
        }
    }
}
