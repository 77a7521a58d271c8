namespace NextItem.ModelFiles;

/// <summary>An item catalog as tensors: its keys, and the supports.</summary>
internal static class CatalogTensors
{
    private const string Keys = "item.keys";
    private const string KeyOffsets = "item.key_offsets";
    private const string Support = "item.support";

    public static void Add(TensorFileWriter file, ItemCatalog catalog)
    {
        KeyTensors.Add(file, Keys, KeyOffsets, catalog.Keys);
        file.Add<int>(Support, TensorType.I32, catalog.Support.ToArray());
    }

    public static ItemCatalog Read(TensorFileReader file)
    {
        var keys = KeyTensors.Read(file, Keys, KeyOffsets, "item");
        var support = file.Read<int>(file.Expect(Support, TensorType.I32, keys.Count));
        return Array.Find(support, count => count < 0) is var negative and < 0
            ? throw new ModelFileException($"Tensor '{Support}' has {negative}; expected counts.")
            : new ItemCatalog(keys, support);
    }
}
