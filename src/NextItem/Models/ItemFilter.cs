using NextItem.Diagnostics;

namespace NextItem;

/// <summary>Which items may be recommended: one bit an item. Applied before the top K is cut, so that K items come back where K are allowed.</summary>
public sealed class ItemFilter
{
    private readonly ulong[] _allowed;

    private ItemFilter(int itemCount, bool allowed)
    {
        ItemCount = itemCount;
        _allowed = new ulong[(itemCount + 63) / 64];
        if (allowed)
            Array.Fill(_allowed, ulong.MaxValue);
    }

    /// <summary>Number of items that the filter knows: that of the catalog it was made for.</summary>
    public int ItemCount { get; }

    /// <summary>Allows only the given items.</summary>
    /// <param name="catalog">The model's catalog.</param>
    /// <param name="itemKeys">Keys that the catalog does not know are passed over.</param>
    public static ItemFilter AllowOnly(ItemCatalog catalog, IEnumerable<string> itemKeys) => Make(catalog, itemKeys, allowed: true);

    /// <summary>Allows all but the given items.</summary>
    /// <param name="catalog">The model's catalog.</param>
    /// <param name="itemKeys">Keys that the catalog does not know are passed over.</param>
    public static ItemFilter Deny(ItemCatalog catalog, IEnumerable<string> itemKeys) => Make(catalog, itemKeys, allowed: false);

    /// <summary>Allows what both filters allow.</summary>
    public ItemFilter And(ItemFilter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Throw.IfLengthDiffers(other.ItemCount, ItemCount, "the number of items of the first filter");
        var both = new ItemFilter(ItemCount, allowed: false);
        for (var i = 0; i < _allowed.Length; i++)
            both._allowed[i] = _allowed[i] & other._allowed[i];
        return both;
    }

    /// <summary>True when the item may be recommended.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no item of that index.</exception>
    public bool Allows(int itemIndex)
    {
        Throw.IfOutside(itemIndex, ItemCount, "item");
        return (_allowed[itemIndex >> 6] >> (itemIndex & 63) & 1) != 0;
    }

    private static ItemFilter Make(ItemCatalog catalog, IEnumerable<string> itemKeys, bool allowed)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(itemKeys);
        var filter = new ItemFilter(catalog.Count, !allowed);
        foreach (var key in itemKeys)
        {
            var index = catalog.IndexOf(key);
            if (index < 0)
                continue;
            var bit = 1UL << (index & 63);
            if (allowed)
                filter._allowed[index >> 6] |= bit;
            else
                filter._allowed[index >> 6] &= ~bit;
        }

        return filter;
    }
}
