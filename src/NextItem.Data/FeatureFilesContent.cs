using System.Collections.Immutable;
using System.Globalization;

namespace NextItem.Data;

/// <summary>What files of item features hold, ready to be fitted.</summary>
/// <param name="Table">The features of the catalog's items.</param>
/// <param name="Blocks">Which columns go into which block.</param>
/// <param name="Sources">What was found in each file.</param>
public sealed record FeatureFilesContent(FeatureTable Table, ImmutableArray<FeatureBlockOptions> Blocks, ImmutableArray<FeatureSourceReport> Sources)
{
    /// <summary>Learns vocabularies, means and deviations from the items and encodes them.</summary>
    /// <exception cref="OptionsException">A block would have no feature.</exception>
    public ItemFeatures Fit() => ItemFeatures.Fit(Table, Blocks);

    /// <summary>What was read, guessed and left out, line by line, for people.</summary>
    public IEnumerable<string> Describe()
    {
        foreach (var source in Sources)
        {
            var known = source.Rows - source.UnknownItems;
            var unknown = source.UnknownItems == 0 ? "" : Text($"; {source.UnknownItems:N0} rows of items without an event in training were passed over");
            yield return Text($"{source.Path}: {known:N0} of {Table.Items.Count:N0} items{unknown}");
            foreach (var column in source.Columns)
                yield return $"  {column.Name}: {column.Kind.ToString()!.ToLowerInvariant()}{Separated(column)} ({column.Why})";
            foreach (var column in source.LeftOut)
                yield return $"  {column.Name}: left out ({column.Why})";
        }
    }

    private static string Separated(FeatureColumnReport column) => (column.Kind, column.Separator) switch
    {
        (FeatureKind.Category, ' ') => ", several separated by blanks",
        (FeatureKind.Category, { } separator) => $", several separated by '{separator}'",
        (FeatureKind.Category, null) => ", one an item",
        _ => "",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
