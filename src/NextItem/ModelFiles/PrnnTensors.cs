using NextItem.Models.Prnn;
using NextItem.Optimizers;

namespace NextItem.ModelFiles;

/// <summary>
/// A p-RNN as tensors: item vectors (the subnets' output matrices side by side: the scoring layout) and biases, the weights of each
/// subnet, and the features of the items with their vocabularies.
/// </summary>
internal static class PrnnTensors
{
    public static void Add(TensorFileWriter file, PrnnModel model)
    {
        model.Scored.ThrowIfDisposed();
        BaselineOptions.Add(file, model.Options, ModelFileJson.Default.PrnnOptions);
        ItemVectorTensors.Add(file, model.Items, model.VectorLength);
        foreach (var table in WeightsOf(model.Network))
            TableTensors.AddValues(file, table.Name, table);
        if (model.Features is not null)
            FeatureTensors.Add(file, model.Features);
    }

    public static PrnnModel Read(TensorFileReader file, ItemCatalog catalog)
    {
        var options = BaselineOptions.Read(file, ModelFileJson.Default.PrnnOptions, options => options.Validate());
        var features = options.HasFeatures ? FeatureTensors.Read(file, catalog) : null;
        try
        {
            options.Validate(features is null ? [] : [.. features.Blocks.Select(block => block.Name)]);
        }
        catch (OptionsException e)
        {
            throw new ModelFileException($"The model file's options do not go with its features: {e.Message}", e);
        }

        var shape = PrnnShape.Of(options, PrnnModel.BlocksOf(features));

        // Shapes first: nothing is allocated for a file whose tensors do not fit its options.
        ItemVectorTensors.Expect(file, catalog.Count, shape.VectorLength);
        var heads = PrnnParameters.HeadNames(shape);
        foreach (var spec in PrnnParameters.Specs(shape, catalog.Count).Where(spec => !heads.Contains(spec.Name)))
            file.Expect(spec.Name, TensorType.F32, spec.Rows, (long)spec.Blocks * spec.BlockColumns);

        var network = PrnnParameters.WithoutHeads(shape, catalog.Count);
        ParameterTable? items = null;
        try
        {
            items = new ParameterTable("items", catalog.Count, shape.VectorLength + 1, 1, states: 0);
            ItemVectorTensors.Read(file, items, shape.VectorLength);
            foreach (var table in WeightsOf(network))
                TableTensors.ReadValues(file, table.Name, table);
            return new PrnnModel(catalog, options, features, network, items);
        }
        catch
        {
            network.Dispose(); // native memory; a refused file must not leave it to the finalizer
            items?.Dispose();
            throw;
        }
    }

    private static IEnumerable<ParameterTable> WeightsOf(PrnnParameters network) => network.All.Tables.Where(table => !network.Heads.Contains(table));
}
