using System.Collections.Immutable;
using NextItem.Data.Features;
using NextItem.Data.Reading;

namespace NextItem.Data;

/// <summary>Reads item features from files keyed by item.</summary>
public static class FeatureFiles
{
    /// <summary>Reads the features of a catalog's items, to fit encoders on. Items that the catalog does not have are counted and passed over.</summary>
    /// <param name="sources">The files, and what to make of them.</param>
    /// <param name="catalog">The items of the training data.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EventsFileException">A file or one of its rows is at fault, or holds none of the items.</exception>
    /// <exception cref="OptionsException"><paramref name="sources"/> have faults.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static FeatureFilesContent Read(IReadOnlyList<FeatureSource> sources, ItemCatalog catalog, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(catalog);
        FeatureSource.Validate(sources);
        var items = new ItemRows(catalog);
        var contents = new List<SourceContent>();
        foreach (var source in sources)
        {
            var content = SourceReader.Read(source, items, cancellationToken);
            RequireOtherNames(contents, content);
            contents.Add(content);
        }

        return new FeatureFilesContent(
            new FeatureTable(catalog, contents.SelectMany(content => content.Columns.Select(column => column.Build(catalog.Count)))),
            BlockNames.Of(sources, [.. contents.Select(content => content.Blocks)]),
            [.. contents.Select(content => content.Report)]);
    }

    /// <summary>
    /// Reads the features of new items, to be encoded with <see cref="ItemFeatures.Encode"/>: the columns that the features were
    /// made of, from whichever file has them. Every item of the files is read, in the order of its first appearance.
    /// </summary>
    /// <param name="sources">The files; <see cref="FeatureSource.Blocks"/> and what else says what to make of them is not looked at, but for the name of a <c>.npy</c> file's vectors.</param>
    /// <param name="features">The features of a model.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="EventsFileException">A file or one of its rows is at fault, or no file has one of the columns.</exception>
    /// <exception cref="OptionsException"><paramref name="sources"/> have faults.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static FeatureTable ReadNewItems(IReadOnlyList<FeatureSource> sources, ItemFeatures features, CancellationToken cancellationToken = default) =>
        ReadKnownColumns(sources, features, null, cancellationToken);

    /// <summary>
    /// The same for the items of a catalog, to go on training a model with new data: items of the files that it does not have are
    /// passed over, items without a row have no features.
    /// </summary>
    /// <param name="catalog">The items of the new data.</param>
    /// <param name="sources">The files; what else they say is not looked at.</param>
    /// <param name="features">The features of a model.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <inheritdoc cref="ReadNewItems(IReadOnlyList{FeatureSource}, ItemFeatures, CancellationToken)" path="/exception"/>
    public static FeatureTable ReadFor(ItemCatalog catalog, IReadOnlyList<FeatureSource> sources, ItemFeatures features, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ReadKnownColumns(sources, features, catalog, cancellationToken);
    }

    private static FeatureTable ReadKnownColumns(IReadOnlyList<FeatureSource> sources, ItemFeatures features, ItemCatalog? of, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(features);
        FeatureSource.Validate(sources);
        ImmutableArray<FeatureColumnOptions> known = [.. features.Blocks.SelectMany(block => block.Columns)];
        var items = new ItemRows(of);
        var contents = new List<SourceContent>();
        foreach (var source in sources)
        {
            var content = SourceReader.ReadKnown(source, known, items, cancellationToken);
            RequireOtherNames(contents, content);
            contents.Add(content);
        }

        var found = contents.SelectMany(content => content.Columns).ToArray();
        if (known.FirstOrDefault(column => !found.Any(have => have.Name == column.Name && have.IsFor(column.Kind))) is { } missing)
        {
            throw new EventsFileException(
                sources[^1].Path, null, $"there is no column {Shown.Value(missing.Name)} here{(sources.Count > 1 ? ", nor in the other files" : "")}",
                $"the columns {Shown.Names(known.Select(column => column.Name).Distinct())}, which the model was trained with");
        }

        var catalog = items.ToCatalog();
        return new FeatureTable(catalog, found.Select(column => column.Build(catalog.Count)));
    }

    private static void RequireOtherNames(List<SourceContent> before, SourceContent content)
    {
        foreach (var column in content.Columns)
        {
            if (before.Find(other => other.Columns.Any(theirs => theirs.Name == column.Name)) is { } earlier)
            {
                throw new EventsFileException(
                    content.Report.Path, null, $"the column {Shown.Value(column.Name)} is in {earlier.Report.Path} too", "every column that is used in one file",
                    "Rename it in one of them, or name the columns to use.");
            }
        }
    }
}
