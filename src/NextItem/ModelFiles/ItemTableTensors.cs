using NextItem.Models.Baselines;

namespace NextItem.ModelFiles;

/// <summary>An item table as three tensors: offsets, items, scores.</summary>
/// <param name="Prefix">What their names begin with.</param>
/// <param name="Items">The last part of the name of the items' tensor.</param>
/// <param name="Scores">The last part of the name of the scores' tensor.</param>
internal sealed record ItemTableTensors(string Prefix, string Items, string Scores)
{
    public static readonly ItemTableTensors ItemKnn = new("item_knn", "neighbours", "similarities");
    public static readonly ItemTableTensors Rules = new("rules", "items", "weights");

    private string OffsetsName => $"{Prefix}.offsets";

    private string ItemsName => $"{Prefix}.{Items}";

    private string ScoresName => $"{Prefix}.{Scores}";

    public void Add(TensorFileWriter file, ItemTable table)
    {
        file.Add<int>(OffsetsName, TensorType.I32, table.Offsets);
        file.Add<int>(ItemsName, TensorType.I32, Array.ConvertAll(table.Entries, entry => entry.ItemIndex));
        file.Add<float>(ScoresName, TensorType.F32, Array.ConvertAll(table.Entries, entry => entry.Score));
    }

    public ItemTable Read(TensorFileReader file, ItemCatalog catalog)
    {
        var (offsets, items) = CompressedRows.Read(file, OffsetsName, ItemsName, catalog.Count, catalog.Count);
        var values = file.Read<float>(file.Expect(ScoresName, TensorType.F32, items.Length));
        foreach (var score in values)
        {
            if (!(score > 0 && float.IsFinite(score)))
                throw new ModelFileException($"Tensor '{ScoresName}' has {score}; expected numbers above 0.");
        }

        var entries = new ScoredItem[values.Length];
        for (var e = 0; e < entries.Length; e++)
            entries[e] = new ScoredItem(items[e], values[e]);
        return new ItemTable(offsets, entries);
    }
}
