using NextItem.Data.Reading;

namespace NextItem.Data.Features;

/// <summary>The items that features are read for: those of a catalog, or whatever items the files have.</summary>
/// <param name="catalog">The catalog; null for all items of the files.</param>
internal sealed class ItemRows(ItemCatalog? catalog)
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    /// <summary>Number of items so far.</summary>
    public int Count => catalog?.Count ?? _keys.Count;

    /// <summary>The index of an item, or -1 where the catalog does not have it.</summary>
    public int IndexOf(ReadOnlySpan<char> key)
    {
        if (catalog is not null)
            return catalog.IndexOf(key);
        if (_indices.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var index))
            return index;
        _keys.Add(key.ToString());
        _indices.Add(_keys[^1], _keys.Count - 1);
        return _keys.Count - 1;
    }

    /// <summary>Refuses a file all of whose items are unknown to the catalog.</summary>
    /// <param name="report">What was found in the file.</param>
    /// <param name="firstKey">The item key of its first row.</param>
    /// <exception cref="EventsFileException">It holds none of the items.</exception>
    public void RequireAny(FeatureSourceReport report, string firstKey)
    {
        if (catalog is null || report.Rows != report.UnknownItems)
            return;
        throw new EventsFileException(
            report.Path, null, $"none of its {report.Rows:N0} items is in the training data, whose first item is {Shown.Value(catalog.Count == 0 ? "" : catalog.KeyOf(0))} while the file's is {Shown.Value(firstKey)}",
            "the same item keys in both");
    }

    /// <summary>The items found, as a catalog without events.</summary>
    public ItemCatalog ToCatalog() => catalog ?? ItemCatalog.From(_keys, new int[_keys.Count]);
}
