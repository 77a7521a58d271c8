using NextItem.Server.Catalog;

namespace NextItem.Server.Filters;

/// <summary>Filters as sets of items: the last ones are kept, since a shop asks with the same few again and again. Safe for many threads.</summary>
internal sealed class FilterCache(ItemFactsStore facts)
{
    private const int Kept = 64;

    private readonly Dictionary<(string Text, ItemCatalog Catalog), Entry> _entries = [];
    private readonly Queue<(string Text, ItemCatalog Catalog)> _order = new();
    private readonly Lock _lock = new();

    /// <summary>The items of a catalog for which a filter holds.</summary>
    /// <param name="text">The filter.</param>
    /// <param name="catalog">The model's catalog.</param>
    /// <exception cref="FormatException">It is no filter.</exception>
    public ItemFilter Items(string text, ItemCatalog catalog)
    {
        var (revision, key) = (facts.Revision, (text, catalog));
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var kept) && kept.Revision == revision)
                return kept.Items;
        }

        var condition = FilterParser.Parse(text);
        var items = ItemFilter.AllowOnly(catalog, Enumerable.Range(0, catalog.Count).Select(item => (Item: item, Key: catalog.KeyOf(item)))
            .Where(one => condition(new FilteredItem(one.Key, facts[one.Key], catalog.Support[one.Item]))).Select(one => one.Key));
        lock (_lock)
        {
            if (!_entries.ContainsKey(key))
                _order.Enqueue(key);
            _entries[key] = new Entry(revision, items);
            if (_order.Count > Kept)
                _entries.Remove(_order.Dequeue());
        }

        return items;
    }

    private sealed record Entry(long Revision, ItemFilter Items);
}
