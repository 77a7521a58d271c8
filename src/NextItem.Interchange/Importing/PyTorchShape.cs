using System.Globalization;
using NextItem.Interchange.Arrays;

namespace NextItem.Interchange.Importing;

/// <summary>What network the arrays of the authors' PyTorch version are: read off their names and shapes.</summary>
/// <param name="Options">The network; how it was trained stands nowhere.</param>
/// <param name="Items">Number of items, I.</param>
internal sealed record PyTorchShape(Gru4RecOptions Options, int Items)
{
    /// <summary>Names that are not the network's.</summary>
    public const string Keys = "item_ids";

    /// <summary>Events of each item: not necessary.</summary>
    public const string Support = "item_support";

    public static PyTorchShape Of(NpzArchive arrays)
    {
        var vectors = Matrix(arrays, "Wy.weight", "(items, units of the last layer)");
        var (items, last) = (vectors[0], vectors[1]);
        var isOneHot = arrays.Names.Any(name => name.StartsWith("GE.", StringComparison.Ordinal));
        var layers = isOneHot ? [Matrix(arrays, "GE.Wx0.weight", "(items, 3 x units)")[1] / 3] : LayersOf(arrays);
        var resetsBefore = isOneHot && arrays.Has("GE.Wrz0");
        var embedding = isOneHot ? EmbeddingMode.None : arrays.Has("E.weight") ? EmbeddingMode.Separate : EmbeddingMode.Shared;
        if (layers[^1] != last)
            throw arrays.Fault($"the last layer has {layers[^1]} units, and 'Wy.weight' vectors of {last}", "as many");

        string[] known =
        [
            Keys, Support, "Wy.weight", "By.weight",
            .. embedding switch
            {
                EmbeddingMode.None => (string[])["GE.Wx0.weight", "GE.Wh0", "GE.Bh0", .. resetsBefore ? (string[])["GE.Wrz0"] : []],
                EmbeddingMode.Separate => ["E.weight"],
                _ => [],
            },
            .. isOneHot ? [] : Enumerable.Range(0, layers.Length).SelectMany(ArraysOf),
        ];
        if (arrays.Names.Except(known).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw arrays.Fault($"there is an array {Data.Reading.Shown.Value(unknown)}", $"of this network {string.Join(", ", known)}", isOneHot && unknown.StartsWith("G.", StringComparison.Ordinal) ? "Their version cannot run layers above one without an embedding." : null);

        var size = embedding == EmbeddingMode.Separate ? Matrix(arrays, "E.weight", "(items, size)")[1] : 0;
        var options = new Gru4RecOptions
        {
            Layers = [.. layers],
            Variant = resetsBefore ? GruVariant.ResetBefore : GruVariant.ResetAfter,
            Embedding = embedding,
            EmbeddingSize = size,
            LogQ = 0, // the default there
        };
        try
        {
            options.Validate();
        }
        catch (OptionsException e)
        {
            throw new ImportException(arrays.Path, string.Join(' ', e.Faults).TrimEnd('.'), "a network that NextItem can have", null, e);
        }

        RequireShapes(arrays, options, items);
        return new PyTorchShape(options, items);
    }

    /// <summary>
    /// Every array as large as the network says. The network's size comes from a dimension or two, which a stranger can write large in a file
    /// that is small; when all arrays agree with it, the archive has as many numbers as the network.
    /// </summary>
    private static void RequireShapes(NpzArchive arrays, Gru4RecOptions options, long items)
    {
        arrays.Require("By.weight", items, 1);
        var layers = options.Layers;
        if (options.Embedding == EmbeddingMode.None)
        {
            long units = layers[0];
            arrays.Require("GE.Wx0.weight", items, 3 * units);
            arrays.Require("GE.Bh0", 3 * units);
            arrays.Require("GE.Wh0", units, options.Variant == GruVariant.ResetBefore ? units : 3 * units);
            if (options.Variant == GruVariant.ResetBefore)
                arrays.Require("GE.Wrz0", units, 2 * units);
            return;
        }

        for (var layer = 0; layer < layers.Length; layer++)
        {
            long units = layers[layer];
            long input = layer > 0 ? layers[layer - 1] : options.Embedding == EmbeddingMode.Separate ? options.EmbeddingSize : layers[^1];
            var names = ArraysOf(layer).ToArray();
            arrays.Require(names[1], 3 * units, units);
            arrays.Require(names[0], 3 * units, input);
            arrays.Require(names[2], 3 * units);
            arrays.Require(names[3], 3 * units);
        }

        if (options.Embedding == EmbeddingMode.Separate)
            arrays.Require("E.weight", items, options.EmbeddingSize);
    }

    private static int[] LayersOf(NpzArchive arrays)
    {
        var layers = new List<int>();
        while (ArraysOf(layers.Count).Any(arrays.Has))
        {
            // Looked at by itself: otherwise one that is transposed would be told as a fault of the vectors, which disagree with it.
            const string Expected = "(3 x units, units)";
            var name = ArraysOf(layers.Count).ElementAt(1);
            if (Matrix(arrays, name, Expected) is not [var rows, var units] || rows != 3L * units)
                throw arrays.Fault($"array '{name}' has the shape {NpyArray.Text(arrays.ShapeOf(name))}", Expected);
            layers.Add(units);
        }

        return layers.Count > 0 ? [.. layers] : throw arrays.Fault("there is neither 'G.0.weight_hh' nor 'GE.Wx0.weight'", "the state_dict of the authors' PyTorch version");
    }

    private static IEnumerable<string> ArraysOf(int layer) =>
        ((string[])["weight_ih", "weight_hh", "bias_ih", "bias_hh"]).Select(name => $"G.{layer.ToString(CultureInfo.InvariantCulture)}.{name}");

    private static int[] Matrix(NpzArchive arrays, string name, string expected)
    {
        var shape = arrays.ShapeOf(name);
        return shape.Length == 2 ? [(int)shape[0], (int)shape[1]] : throw arrays.Fault($"array '{name}' has the shape {NpyArray.Text(shape)}", expected);
    }
}
