using System.Text.Json;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

namespace NextItem.ModelFiles;

/// <summary>A GRU4Rec model as tensors: item vectors alone (the scoring layout, mappable), biases, a separate embedding, and the weights of each layer without padding.</summary>
internal static class Gru4RecTensors
{
    private const string OptionsKey = "options";

    /// <summary>The lowest format version whose readers understand the options: version 1 knows a shared embedding alone.</summary>
    public static int VersionOf(Gru4RecOptions options) => options.Embedding == EmbeddingMode.Shared ? 1 : 2;

    public static void Add(TensorFileWriter file, Gru4RecModel model)
    {
        file.AddMetadata(OptionsKey, JsonSerializer.Serialize(model.Options, ModelFileJson.Default.Gru4RecOptions));
        ItemVectorTensors.Add(file, model.Parameters.Items, model.VectorLength);
        foreach (var table in WeightsOf(model.Parameters))
            TableTensors.AddValues(file, table.Name, table);
    }

    public static Gru4RecModel Read(TensorFileReader file, int version, ItemCatalog catalog)
    {
        var options = ReadOptions(file);
        if (version < VersionOf(options))
            throw new ModelFileException($"The model file has format version {version}, but its Embedding is {options.Embedding}; expected version {VersionOf(options)}.");

        // Shapes first: nothing is allocated for a file whose tensors do not fit its options.
        ItemVectorTensors.Expect(file, catalog.Count, options.Layers[^1]);
        foreach (var spec in Gru4RecParameters.Specs(options, catalog.Count).Skip(1))
            file.Expect(spec.Name, TensorType.F32, spec.Rows, (long)spec.Blocks * spec.BlockColumns);

        var parameters = new Gru4RecParameters(options, catalog.Count, states: 0);
        try
        {
            ReadValues(file, parameters);
        }
        catch
        {
            parameters.Dispose(); // native memory; a refused file must not leave it to the finalizer
            throw;
        }

        return new Gru4RecModel(catalog, options, parameters);
    }

    private static Gru4RecOptions ReadOptions(TensorFileReader file)
    {
        var options = ModelFileJson.Read(file, OptionsKey, new Gru4RecOptions(), ModelFileJson.Default.Gru4RecOptions);
        try
        {
            options.Validate();
        }
        catch (OptionsException e)
        {
            throw new ModelFileException($"The model file's options cannot be used: {e.Message}", e);
        }

        return options;
    }

    private static void ReadValues(TensorFileReader file, Gru4RecParameters parameters)
    {
        ItemVectorTensors.Read(file, parameters.Items, parameters.VectorLength);
        foreach (var table in WeightsOf(parameters))
            TableTensors.ReadValues(file, table.Name, table);
    }

    private static IEnumerable<ParameterTable> WeightsOf(Gru4RecParameters parameters) => parameters.All.Tables.Where(table => table != parameters.Items);
}
