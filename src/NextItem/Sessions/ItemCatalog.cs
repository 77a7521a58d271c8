using NextItem.Diagnostics;
using NextItem.Sessions;

namespace NextItem;

/// <summary>
/// The items that training saw: item key (the outside's id, a string) to item index (dense, 0-based, in order of first
/// appearance in the file) and back, with each item's support. Immutable and safe to share between threads.
/// </summary>
public sealed class ItemCatalog
{
    /// <summary>The index of an item that the catalog does not know: -1.</summary>
    public const int UnknownItem = -1;

    private readonly KeyTable _keys;
    private readonly int[] _support;

    internal ItemCatalog(KeyTable keys, int[] support)
    {
        Throw.IfLengthDiffers(support.Length, keys.Count, "the number of keys");
        _keys = keys;
        _support = support;
    }

    /// <summary>Creates a catalog from keys and their supports, in index order.</summary>
    /// <exception cref="ArgumentException">A key appears twice, or the two lengths differ.</exception>
    public static ItemCatalog From(IEnumerable<string> keys, IEnumerable<int> support)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(support);
        var table = new KeyTable();
        foreach (var key in keys)
        {
            var before = table.Count;
            if (table.GetOrAdd(key) != before)
                throw new ArgumentException($"The item key '{key}' appears twice.", nameof(keys));
        }

        return new ItemCatalog(table, [.. support]);
    }

    /// <summary>Number of items, I.</summary>
    public int Count => _keys.Count;

    /// <summary>Number of training events of each item, by item index.</summary>
    public ReadOnlySpan<int> Support => _support;

    /// <summary>The keys as UTF-8, one after the other: the model file's layout.</summary>
    internal KeyTable Keys => _keys;

    /// <summary>The key of an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no item of that index.</exception>
    public string KeyOf(int itemIndex)
    {
        Throw.IfOutside(itemIndex, Count, "item");
        return _keys[itemIndex];
    }

    /// <summary>The index of an item key, or <see cref="UnknownItem"/>.</summary>
    public int IndexOf(ReadOnlySpan<char> itemKey) => _keys.Find(itemKey);

    /// <summary>Item indices by falling support, the lower index first among equals.</summary>
    internal int[] ByPopularity()
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => _support[a] != _support[b] ? _support[b].CompareTo(_support[a]) : a.CompareTo(b));
        return order;
    }

    /// <summary>Whether another catalog has the same items under the same indices.</summary>
    internal bool HasSameKeysAs(ItemCatalog other)
    {
        if (ReferenceEquals(this, other))
            return true;
        for (var item = 0; item < Count; item++)
        {
            if (item >= other.Count || !Keys.Utf8(item).SequenceEqual(other.Keys.Utf8(item)))
                return false;
        }

        return Count == other.Count;
    }
}
