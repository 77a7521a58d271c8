using System.Runtime.CompilerServices;
using NextItem.Server.Catalog;

namespace NextItem.Server.Filters;

/// <summary>Filters as sets of items: the last ones are kept, since a shop asks with the same few again and again. Safe for many threads.</summary>
/// <remarks>They go with the catalog that they are of: a model that was replaced is not kept in memory by what was asked of it.</remarks>
internal sealed class FilterCache(ItemFactsStore facts)
{
    private const int MostKept = 64;

    private readonly ConditionalWeakTable<ItemCatalog, Kept> _byCatalog = [];

    /// <summary>The items of a catalog for which a filter holds.</summary>
    /// <param name="text">The filter.</param>
    /// <param name="catalog">The model's catalog.</param>
    /// <exception cref="FormatException">It is no filter.</exception>
    public ItemFilter Items(string text, ItemCatalog catalog)
    {
        var kept = _byCatalog.GetValue(catalog, _ => new Kept());
        var revision = facts.Revision;
        if (kept.Find(text, revision) is { } found)
            return found;
        var condition = FilterParser.Parse(text);
        var items = ItemFilter.AllowOnly(catalog, Enumerable.Range(0, catalog.Count).Select(item => (Item: item, Key: catalog.KeyOf(item)))
            .Where(one => condition(new FilteredItem(one.Key, facts[one.Key], catalog.Support[one.Item]))).Select(one => one.Key));
        kept.Add(text, revision, items);
        return items;
    }

    /// <summary>The last filters of a catalog.</summary>
    private sealed class Kept
    {
        private readonly Dictionary<string, (long Revision, ItemFilter Items)> _entries = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();
        private readonly Lock _lock = new();

        public ItemFilter? Find(string text, long revision)
        {
            lock (_lock)
                return _entries.TryGetValue(text, out var entry) && entry.Revision == revision ? entry.Items : null;
        }

        public void Add(string text, long revision, ItemFilter items)
        {
            lock (_lock)
            {
                if (!_entries.ContainsKey(text))
                    _order.Enqueue(text);
                _entries[text] = (revision, items);
                if (_order.Count > MostKept)
                    _entries.Remove(_order.Dequeue());
            }
        }
    }
}
