using NextItem.Optimizers;

namespace NextItem.ModelFiles;

/// <summary>A BPR-MF model as the items' vectors and biases; the sessions of training have served.</summary>
internal static class BprMfTensors
{
    public static BprMfModel Read(TensorFileReader file, ItemCatalog catalog, BprMfOptions options)
    {
        ItemVectorTensors.Expect(file, catalog.Count, options.Factors); // before anything is allocated for them
        var items = new ParameterTable("items", catalog.Count, options.Factors + 1, 1, states: 0);
        try
        {
            ItemVectorTensors.Read(file, items, options.Factors);
        }
        catch
        {
            items.Dispose(); // native memory; a refused file must not leave it to the finalizer
            throw;
        }

        return new BprMfModel(catalog, options, items);
    }
}
