namespace NextItem.ModelFiles;

/// <summary>A list of recently popular items as two tensors: items, best first, and their counts.</summary>
internal static class RecentPopularityTensors
{
    private const string Items = "recent_pop.items";
    private const string Counts = "recent_pop.counts";

    public static void Add(TensorFileWriter file, RecentPopularityModel model)
    {
        file.Add<int>(Items, TensorType.I32, model.Items);
        file.Add<int>(Counts, TensorType.I32, model.Counts);
    }

    public static RecentPopularityModel Read(TensorFileReader file, ItemCatalog catalog, RecentPopularityOptions options)
    {
        var items = file.Read<int>(file.Expect(Items, TensorType.I32, -1));
        var counts = file.Read<int>(file.Expect(Counts, TensorType.I32, items.Length));
        var before = (Count: int.MaxValue, Item: -1);
        for (var i = 0; i < items.Length; i++)
        {
            if ((uint)items[i] >= (uint)catalog.Count)
                throw new ModelFileException($"Tensor '{Items}' has item {items[i]}; expected 0 to {catalog.Count - 1}.");
            if (counts[i] < 1)
                throw new ModelFileException($"Tensor '{Counts}' has {counts[i]}; expected at least 1.");
            if (counts[i] > before.Count || (counts[i] == before.Count && items[i] <= before.Item))
                throw new ModelFileException($"Tensor '{Counts}' has {counts[i]} for item {items[i]} after {before.Count} for item {before.Item}; expected falling counts, and rising items among equals.");
            before = (counts[i], items[i]);
        }

        if (items.Distinct().Count() != items.Length)
            throw new ModelFileException($"Tensor '{Items}' has an item twice; expected each once.");
        return new RecentPopularityModel(catalog, options, items, counts);
    }
}
