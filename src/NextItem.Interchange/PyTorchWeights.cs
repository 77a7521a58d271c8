using System.Globalization;
using NextItem.Interchange.Arrays;
using NextItem.Interchange.Importing;
using NextItem.Models.Gru4Rec;

namespace NextItem.Interchange;

/// <summary>
/// Takes over networks that the authors' PyTorch version of GRU4Rec trained, from a plain archive of arrays (.npz): nothing in it is run.
/// The snippet that writes one: docs/coming-from.md. Scores are equal up to the order of additions.
/// </summary>
public static class PyTorchWeights
{
    /// <summary>Reads an archive.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model. Its options say what the network is; those of training are defaults, since an archive does not have them.</returns>
    /// <exception cref="ImportException">It is no such archive: what was found and expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads an archive.</summary>
    /// <param name="stream">Seekable, at its start; stays open.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="ImportException">It is no such archive: what was found and expected.</exception>
    public static TrainedModel Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var arrays = new NpzArchive(stream, path);
        var shape = PyTorchShape.Of(arrays);
        var catalog = CatalogOf(arrays, shape.Items);
        var parameters = new Gru4RecParameters(shape.Options, shape.Items, states: 0);
        try
        {
            Fill(arrays, shape, parameters);
        }
        catch
        {
            parameters.Dispose(); // native memory; a refused file must not leave it to the finalizer
            throw;
        }

        return new TrainedModel(new Gru4RecModel(catalog, shape.Options, parameters), ProvenanceOf(catalog));
    }

    private static void Fill(NpzArchive arrays, PyTorchShape shape, Gru4RecParameters parameters)
    {
        var options = shape.Options;
        var length = parameters.VectorLength;
        var vectors = arrays.Floats("Wy.weight", shape.Items, length);
        var biases = arrays.Floats("By.weight", shape.Items, 1);
        for (var item = 0; item < shape.Items; item++)
        {
            for (var unit = 0; unit < length; unit++)
                parameters.Items.At(item, 0, unit) = vectors[((long)item * length) + unit];
            parameters.Items.At(item, 0, length) = biases[item];
        }

        if (options.Embedding == EmbeddingMode.None)
        {
            PyTorchLayers.ReadOneHot(arrays, shape.Items, options.Layers[0], options.Variant == GruVariant.ResetBefore, name => parameters.All[name]);
            return;
        }

        if (options.Embedding == EmbeddingMode.Separate)
        {
            var embedding = arrays.Floats("E.weight", shape.Items, parameters.InputSize);
            for (var item = 0; item < shape.Items; item++)
            {
                for (var unit = 0; unit < parameters.InputSize; unit++)
                    parameters.Inputs.At(item, 0, unit) = embedding[((long)item * parameters.InputSize) + unit];
            }
        }

        for (var layer = 0; layer < options.Layers.Length; layer++)
            PyTorchLayers.ReadCell(arrays, layer, layer == 0 ? parameters.InputSize : options.Layers[layer - 1], options.Layers[layer], name => parameters.All[name]);
    }

    private static ItemCatalog CatalogOf(NpzArchive arrays, int items)
    {
        var keys = arrays.Texts(PyTorchShape.Keys);
        if (keys.Length != items)
            throw arrays.Fault($"there are {keys.Length:N0} '{PyTorchShape.Keys}' and {items:N0} rows in 'Wy.weight'", "one key an item, in the order of the rows");
        if (keys.Contains(""))
            throw arrays.Fault($"'{PyTorchShape.Keys}' has an empty key", "a key for every item");
        if (keys.CountBy(key => key).FirstOrDefault(count => count.Value > 1) is { Value: > 1 } twice)
            throw arrays.Fault($"'{PyTorchShape.Keys}' has {Data.Reading.Shown.Value(twice.Key)} {twice.Value:N0} times", "every item once");
        if (!arrays.Has(PyTorchShape.Support))
            return ItemCatalog.From(keys, new int[items]);
        var counts = arrays.Texts(PyTorchShape.Support);
        if (counts.Length != items)
            throw arrays.Fault($"there are {counts.Length:N0} '{PyTorchShape.Support}' for {items:N0} items", "a number of events an item");
        return ItemCatalog.From(keys, [.. counts.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw arrays.Fault($"'{PyTorchShape.Support}' has {Data.Reading.Shown.Value(text)}", "numbers of events, 0 to 2,147,483,647"))]);
    }

    private static TrainingProvenance ProvenanceOf(ItemCatalog catalog)
    {
        long events = 0;
        foreach (var count in catalog.Support)
            events += count;
        return new TrainingProvenance
        {
            NextItemVersion = typeof(PyTorchWeights).Assembly.GetName().Version!.ToString(3),
            DataFingerprint = "",
            Sessions = 0,
            Events = events,
            TrainedUntil = 0,
        };
    }
}
