using System.Collections.Concurrent;
using NextItem.Data;
using NextItem.Server.Contract;

namespace NextItem.Server.Catalog;

/// <summary>What the shop told about its items: kept in memory and, where a file was named, over restarts. Safe for many threads.</summary>
internal sealed class ItemFactsStore
{
    private readonly ConcurrentDictionary<string, ItemFacts> _facts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemFacts> _told = new(StringComparer.Ordinal); // without the names, which have a file of their own
    private readonly HashSet<string> _unavailable = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly string? _path;
    private long _revision;

    /// <summary>Reads the names and the file, where there are any.</summary>
    /// <exception cref="ItemsFileException">The file is not one of items.</exception>
    /// <exception cref="EventsFileException">The names cannot be read.</exception>
    /// <exception cref="FormatException">What is told of the names is no <see cref="ItemNamesSource"/>.</exception>
    public ItemFactsStore(string? namesPath = null, string? path = null)
    {
        _path = path;
        if (namesPath is not null)
        {
            foreach (var (key, name) in ItemNamesFile.Read(ItemNamesSource.Parse(namesPath)))
                _facts[key] = ItemFacts.Unknown with { Title = _names[key] = name };
        }

        if (path is not null && File.Exists(path))
            Merge(ItemsFile.Read(path));
    }

    /// <summary>Keys of the items that are told to be unavailable.</summary>
    public string[] Unavailable()
    {
        lock (_writing)
            return [.. _unavailable];
    }

    /// <summary>Changes with everything that is told.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>What is known of an item.</summary>
    public ItemFacts this[string itemKey] => _facts.GetValueOrDefault(itemKey, ItemFacts.Unknown);

    /// <summary>Takes in what the shop tells, and returns when it is kept.</summary>
    /// <exception cref="IOException">The file cannot be written; the items hold until a restart, and are written with the next that are told.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Put(IReadOnlyList<ItemRequest> items)
    {
        lock (_writing)
        {
            Merge(items);
            if (_path is not null)
                ItemsFile.Write(_path, _told);
        }
    }

    private void Merge(IEnumerable<ItemRequest> items)
    {
        foreach (var item in items)
        {
            var before = _told.GetValueOrDefault(item.ItemId!, ItemFacts.Unknown);
            var after = new ItemFacts(item.Title ?? before.Title, item.Categories ?? before.Categories, item.Available ?? before.IsAvailable);
            _told[item.ItemId!] = after;
            _facts[item.ItemId!] = after.Title is null && _names.TryGetValue(item.ItemId!, out var name) ? after with { Title = name } : after;
            if (after.IsAvailable)
                _unavailable.Remove(item.ItemId!);
            else
                _unavailable.Add(item.ItemId!);
        }

        Volatile.Write(ref _revision, _revision + 1);
    }
}
