namespace NextItem.Data.Reading;

/// <summary>A column that the reader needs.</summary>
/// <param name="Name">Its name in the file; in a file without a header, what it holds.</param>
/// <param name="Option">The command-line option that renames it, or null.</param>
/// <param name="Setting">The library's setting that renames it.</param>
/// <param name="HoldsTime">Whether it holds times; the others hold keys or names.</param>
/// <param name="Position">Where it stands, from 0, in a file without a header; null where a header tells.</param>
/// <param name="HoldsFeature">Whether it holds item features: anything that can be shown as text, and lists of numbers.</param>
/// <param name="Word">The word that names it behind the file's name (<see cref="SpecificationText"/>), or null. All columns of a file have one, or none.</param>
internal readonly record struct WantedColumn(string Name, string? Option, string Setting, bool HoldsTime = false, int? Position = null, bool HoldsFeature = false, string? Word = null)
{
    /// <summary>The column as a message names it.</summary>
    public string Label => Position is { } position ? $"field {position + 1} ({Name})" : Shown.Value(Name);
}
