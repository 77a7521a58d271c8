using NextItem.Data.Reading;

namespace NextItem.Data;

/// <summary>
/// Item names (titles) for showing recommendations: one row an item. Reads the same formats as <see cref="EventsFile"/>.
/// </summary>
public static class ItemNamesFile
{
    /// <summary>Reads the name of every item key in a file; an empty name is kept, other columns are ignored.</summary>
    /// <param name="path">The file.</param>
    /// <param name="itemColumn">Column of the item key. Default <c>ItemId</c>.</param>
    /// <param name="nameColumn">Column of the name. Default <c>Name</c>.</param>
    /// <exception cref="EventsFileException">The file or one of its rows is at fault, for instance an item that has two names.</exception>
    /// <exception cref="ArgumentException">A column name is empty, or both are the same.</exception>
    public static Dictionary<string, string> Read(string path, string itemColumn = "ItemId", string nameColumn = "Name")
    {
        RequireColumns(path, itemColumn, nameof(itemColumn), nameColumn, nameof(nameColumn));
        return Read(path, [new(itemColumn, null, nameof(itemColumn)), new(nameColumn, null, nameof(nameColumn))]);
    }

    /// <summary>The same for a file that was told as text, which messages go by: where a column is not there they say how to name another.</summary>
    /// <param name="source">The file and its columns.</param>
    /// <exception cref="EventsFileException">The file or one of its rows is at fault, for instance an item that has two names.</exception>
    /// <exception cref="ArgumentException">A column name is empty, or both are the same.</exception>
    public static Dictionary<string, string> Read(ItemNamesSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireColumns(source.Path, source.ItemColumn, nameof(source.ItemColumn), source.NameColumn, nameof(source.NameColumn));
        return Read(source.Path, source.Wanted);
    }

    private static void RequireColumns(string path, string itemColumn, string itemParameter, string nameColumn, string nameParameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(itemColumn, itemParameter);
        ArgumentException.ThrowIfNullOrEmpty(nameColumn, nameParameter);
        if (itemColumn == nameColumn)
            throw new ArgumentException($"'{nameParameter}' is '{nameColumn}', as '{itemParameter}' is; expected different columns.", nameParameter);
    }

    private static Dictionary<string, string> Read(string path, WantedColumn[] wanted)
    {
        using var table = TableReader.Open(path, wanted, "item names", CancellationToken.None);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        while (table.MoveNext())
        {
            var item = table.Key(0).ToString();
            var name = table.Text(1).ToString();
            if (!names.TryAdd(item, name) && names[item] != name)
            {
                throw new EventsFileException(
                    path, table.Row, $"item {Shown.Value(item)} is named {Shown.Value(name)}, and {Shown.Value(names[item])} before", "one name an item");
            }
        }

        if (names.Count == 0)
            throw new EventsFileException(path, null, "there is a header but no item (0 rows)", "at least one item");
        return names;
    }
}
