namespace NextItem.ModelFiles;

/// <summary>Rows of items as two tensors, from a stranger: row r is items [offsets[r], offsets[r + 1]), rising.</summary>
internal static class CompressedRows
{
    /// <summary>Reads and checks both.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offsetsName">The tensor of the offsets.</param>
    /// <param name="itemsName">The tensor of the items.</param>
    /// <param name="rows">Number of rows; -1 for any.</param>
    /// <param name="itemCount">Number of items in the catalog.</param>
    /// <param name="rowIs">What a row belongs to.</param>
    /// <param name="entryIs">What is in a row.</param>
    /// <exception cref="ModelFileException">A row falls, or has an item twice or one that the catalog does not have.</exception>
    public static (int[] Offsets, int[] Items) Read(TensorFileReader file, string offsetsName, string itemsName, int rows, int itemCount, string rowIs = "item", string entryIs = "item")
    {
        var offsets = file.Read<int>(file.Expect(offsetsName, TensorType.I32, rows < 0 ? -1 : rows + 1L));
        var items = file.Read<int>(file.Expect(itemsName, TensorType.I32, -1));
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != items.Length)
            throw new ModelFileException($"Tensor '{offsetsName}' does not run from 0 to the {items.Length:N0} entries of '{itemsName}'.");
        for (var row = 0; row + 1 < offsets.Length; row++)
        {
            if (offsets[row + 1] < offsets[row])
                throw new ModelFileException($"Tensor '{offsetsName}' falls at {rowIs} {row}; expected rising offsets.");
            if (offsets[row + 1] > items.Length)
                throw new ModelFileException($"Tensor '{offsetsName}' has {offsets[row + 1]} after {rowIs} {row}; expected at most {items.Length}.");
            CheckRow(items.AsSpan(offsets[row]..offsets[row + 1]), rowIs, row, entryIs, itemsName, itemCount);
        }

        return (offsets, items);
    }

    /// <summary>Rising and so different: an item that is there twice would be recommended twice.</summary>
    private static void CheckRow(ReadOnlySpan<int> items, string rowIs, int row, string entryIs, string itemsName, int itemCount)
    {
        var before = -1;
        foreach (var item in items)
        {
            if ((uint)item >= (uint)itemCount)
                throw new ModelFileException($"Tensor '{itemsName}' has {entryIs} {item}; expected 0 to {itemCount - 1}.");
            if (item <= before)
                throw new ModelFileException($"Tensor '{itemsName}' has {entryIs} {item} after {before} among those of {rowIs} {row}; expected rising {entryIs}s.");
            before = item;
        }
    }
}
