using System.Text.Json;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

namespace NextItem.ModelFiles;

/// <summary>A GRU4Rec model as tensors: item vectors alone (the scoring layout, mappable), biases, a separate embedding, and the weights of each layer without padding.</summary>
internal static unsafe class Gru4RecTensors
{
    private const string OptionsKey = "options";

    /// <summary>The lowest format version whose readers understand the options: version 1 knows a shared embedding alone, version 2 no cosines.</summary>
    public static int VersionOf(Gru4RecOptions options) => options.CosineScale > 0 ? 3 : options.Embedding == EmbeddingMode.Shared ? 1 : 2;

    public static void Add(TensorFileWriter file, Gru4RecModel model)
    {
        file.AddMetadata(OptionsKey, JsonSerializer.Serialize(model.Options, ModelFileJson.Default.Gru4RecOptions));
        ItemVectorTensors.Add(file, model.Scored.Rows);
        foreach (var table in WeightsOf(model.Parameters))
            TableTensors.AddValues(file, table.Name, table);
    }

    public static Gru4RecModel Read(TensorFileReader file, int version, ItemCatalog catalog)
    {
        var options = ReadOptions(file);
        if (version < VersionOf(options))
            throw new ModelFileException($"The model file has format version {version}, but its Embedding is {options.Embedding} and its CosineScale {options.CosineScale}; expected version {VersionOf(options)}.");

        // Shapes first: nothing is allocated for a file whose tensors do not fit its options.
        var (vectors, bias) = ItemVectorTensors.Expect(file, catalog.Count, options.Layers[^1]);
        foreach (var spec in Gru4RecParameters.Specs(options, catalog.Count).Skip(1))
            file.Expect(spec.Name, TensorType.F32, spec.Rows, (long)spec.Blocks * spec.BlockColumns);

        if (file.Map() is { } mapping)
        {
            if (ReadMapped(file, mapping, options, catalog, vectors, bias) is { } model)
                return model;
        }

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

    /// <summary>A model that reads its items where they lie; null where that is no place to read floats from.</summary>
    private static Gru4RecModel? ReadMapped(
        TensorFileReader file, MappedFile mapping, Gru4RecOptions options, ItemCatalog catalog, TensorEntry vectors, TensorEntry bias)
    {
        Gru4RecParameters? network = null;
        try
        {
            var length = options.Layers[^1];
            var scored = new ItemRows(
                file.RowsIn(mapping, vectors, catalog.Count, length), length, file.RowsIn(mapping, bias, catalog.Count, 1), 1, catalog.Count, length);
            var inputs = options.Embedding switch
            {
                EmbeddingMode.Shared => scored.Vector(0),
                EmbeddingMode.Separate => file.RowsIn(mapping, file.Expect(Gru4RecParameters.EmbeddingName, TensorType.F32, catalog.Count, options.InputSize), catalog.Count, options.InputSize),
                _ => null,
            };
            if (scored.Vector(0) == null || scored.Bias(0) == null || (inputs == null && options.Embedding != EmbeddingMode.None))
            {
                mapping.Dispose();
                return null;
            }

            network = Gru4RecParameters.WithoutItems(options, catalog.Count);
            foreach (var table in network.All.Tables.Where(table => table.Rows > 0))
                TableTensors.ReadValues(file, table.Name, table);
            return new Gru4RecModel(catalog, options, network, new MappedItems(mapping, scored, inputs, options.InputSize));
        }
        catch
        {
            network?.Dispose();
            mapping.Dispose();
            throw;
        }
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
