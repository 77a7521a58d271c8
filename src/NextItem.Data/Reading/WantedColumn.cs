namespace NextItem.Data.Reading;

/// <summary>A column that the reader needs.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Option">The command-line option that renames it, or null.</param>
/// <param name="Setting">The library's setting that renames it.</param>
/// <param name="HoldsTime">Whether it holds times; the others hold keys or names.</param>
internal readonly record struct WantedColumn(string Name, string? Option, string Setting, bool HoldsTime = false);
