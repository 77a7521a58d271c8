namespace NextItem.Models.Baselines;

/// <summary>A list of scored items for each item, in compressed rows: row i is entries [offsets[i], offsets[i + 1]), items rising.</summary>
/// <param name="Offsets">[I + 1].</param>
/// <param name="Entries">Items and scores, row after row.</param>
internal sealed record ItemTable(int[] Offsets, ScoredItem[] Entries)
{
    public ReadOnlySpan<ScoredItem> this[int item] => Entries.AsSpan(Offsets[item]..Offsets[item + 1]);

    /// <summary>Lanes that score the row of the last item; nothing before the first.</summary>
    public SessionLanes Open(ItemCatalog catalog, int lanes) => new RowLanes(this, catalog, lanes);

    private sealed class RowLanes(ItemTable table, ItemCatalog catalog, int lanes) : LastItemLanes(catalog, lanes)
    {
        protected override ReadOnlySpan<ScoredItem> ScoresAfter(int lastItem) => lastItem < 0 ? [] : table[lastItem];
    }
}
