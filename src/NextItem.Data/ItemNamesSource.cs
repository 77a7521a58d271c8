using NextItem.Data.Reading;

namespace NextItem.Data;

/// <summary>A file of item names, and which of its columns has what. Immutable.</summary>
/// <param name="Path">The file.</param>
public sealed record ItemNamesSource(string Path)
{
    private const string ItemWord = "item";
    private const string NameWord = "name";

    /// <summary>Column of the item key. Default <c>ItemId</c>.</summary>
    public string ItemColumn { get; init; } = "ItemId";

    /// <summary>Column of the name. Default <c>Name</c>.</summary>
    public string NameColumn { get; init; } = "Name";

    /// <summary>
    /// Reads a source as commands and settings have it: <c>items.tsv</c>, or with its columns <c>artikel.csv:item=Artikel;name=Titel</c>,
    /// in the grammar of item features (docs/features.md).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">It cannot be read; the message goes on after "expected".</exception>
    public static ItemNamesSource Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (path, parts) = SpecificationText.Read(text);
        if (path.Length == 0)
            throw Expected("there is no file");
        string? item = null, name = null;
        foreach (var part in parts.Where(part => part.Trim().Length > 0))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var word = at < 0 ? part.Trim() : part[..at].Trim();
            var column = at < 0 ? "" : SpecificationText.Unquoted(part[(at + 1)..]);
            ref var said = ref word.Equals(ItemWord, StringComparison.OrdinalIgnoreCase) ? ref item : ref name;
            if (!word.Equals(ItemWord, StringComparison.OrdinalIgnoreCase) && !word.Equals(NameWord, StringComparison.OrdinalIgnoreCase))
                throw Expected($"'{word}' is neither '{ItemWord}' nor '{NameWord}'");
            if (column.Length == 0)
                throw Expected($"'{word}' names no column");
            if (said is not null)
                throw Expected($"'{word}' is there twice");
            said = column;
        }

        var source = new ItemNamesSource(path);
        source = source with { ItemColumn = item ?? source.ItemColumn, NameColumn = name ?? source.NameColumn };
        return source.ItemColumn != source.NameColumn ? source : throw Expected($"'{source.ItemColumn}' is the column of both");
    }

    /// <summary>What <see cref="ItemNamesFile"/> needs, each with the word by which a text names its column.</summary>
    internal WantedColumn[] Wanted => [new(ItemColumn, null, "itemColumn", Word: ItemWord), new(NameColumn, null, "nameColumn", Word: NameWord)];

    private static FormatException Expected(string found) =>
        new($"a file, and where its columns are not ItemId and Name their names, as in artikel.csv:item=Artikel;name=Titel; {found}.");
}
