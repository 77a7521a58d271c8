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

    /// <summary>The items found, as a catalog without events.</summary>
    public ItemCatalog ToCatalog() => catalog ?? ItemCatalog.From(_keys, new int[_keys.Count]);
}
