using System.Collections.Immutable;
using System.Numerics.Tensors;
using NextItem.Features;
using NextItem.Kernels;
using NextItem.Models.Gru4Rec;
using NextItem.Models.Prnn;
using NextItem.Optimizers;

namespace NextItem.Interchange.Graphs;

/// <summary>Takes trained models apart.</summary>
internal static unsafe class Networks
{
    /// <summary>What can be taken apart, for messages.</summary>
    public const string Expected = "gru4rec or prnn";

    /// <summary>The network of a model; null where it is none.</summary>
    public static Network? Of(ISessionModel model) => model switch
    {
        Gru4RecModel gru4Rec => Of(gru4Rec),
        PrnnModel prnn => Of(prnn),
        _ => null,
    };

    /// <summary>[I x V] what items are scored by.</summary>
    public static Weights VectorsOf(ItemRows rows) => new("item.vectors", rows.Count, rows.Length, values =>
    {
        for (var item = 0; item < rows.Count; item++)
            new ReadOnlySpan<float>(rows.Vector(item), rows.Length).CopyTo(values.Slice(item * rows.Length, rows.Length));
    });

    private static Network Of(Gru4RecModel model)
    {
        var (network, rows) = (model.Network, model.Scored.Rows);
        var vectors = VectorsOf(rows);
        var cells = ImmutableArray.CreateBuilder<Cell>();
        for (var layer = 0; layer < network.Layers.Length; layer++)
        {
            var gru = network.Layers[layer];
            var weights = Values($"gru.{layer}.input_weights", gru.Input);
            CellInput input = (layer, network.Embedding) switch
            {
                ( > 0, _) => new StateBelow(weights),
                (_, EmbeddingMode.None) => new ItemRow(weights),
                (_, EmbeddingMode.Shared) => new ItemVector(vectors, weights),
                _ => new ItemVector(EmbeddingOf(model), weights),
            };
            cells.Add(CellOf($"gru.{layer}", $"gru.{layer}", gru, [input]));
        }

        return new Network(rows.Count, cells.ToImmutable(), Joined.Last, [.. cells.Select(_ => 1f)], vectors, BiasesOf(rows), model.Options.CosineScale);
    }

    private static Network Of(PrnnModel model)
    {
        var (network, rows) = (model.Network, model.Scored.Rows);
        var cells = ImmutableArray.CreateBuilder<Cell>();
        var tables = new Dictionary<string, Weights>(StringComparer.Ordinal);
        for (var k = 0; k < network.Grus.Length; k++)
        {
            var subnet = network.Shape.Subnets[k];
            var weights = network.Inputs[k];
            // Places and not the user's names, which may be those of anything else: a block 'features' beside one 'input_bias', for instance.
            var place = $"subnet.{k}";
            cells.Add(CellOf(subnet.Name, place, network.Grus[k], [.. subnet.Inputs.Select((input, i) => InputOf($"{place}.input.{i}", input, weights[i], rows.Count, tables))]));
        }

        var join = network.Shape.Output switch
        {
            PrnnOutput.SharedWeights => Joined.Sum,
            PrnnOutput.Interaction => Joined.ByTheFirst,
            _ => Joined.SideBySide,
        };
        return new Network(rows.Count, cells.ToImmutable(), join, [.. network.Shape.Subnets.Select(subnet => subnet.Weight)], VectorsOf(rows), BiasesOf(rows), CosineScale: 0);
    }

    private static CellInput InputOf(string place, PrnnInput input, ParameterTable table, int items, Dictionary<string, Weights> tables)
    {
        var weights = $"{place}.input_weights";
        return input.Rows switch
        {
            null => new ItemRow(Values(weights, table)),
            DenseRows dense => new ItemVector(TableOf(dense, input.Name, items, tables), Values(weights, table)),
            // No operator of ONNX multiplies sparse rows: what they add to the gates is formed here, once for each item.
            FeatureRows sparse => new ItemRow(new Weights(place, items, table.Blocks * table.BlockColumns, values => Products(sparse, table, values))),
        };
    }

    /// <summary>A block of features, the same for every subnet that reads it.</summary>
    private static Weights TableOf(DenseRows rows, string block, int items, Dictionary<string, Weights> tables)
    {
        if (!tables.TryGetValue(block, out var table))
            tables[block] = table = new Weights($"block.{tables.Count}.features", items, rows.Width, values => rows.Values.CopyTo(values));
        return table;
    }

    private static void Products(FeatureRows features, ParameterTable weights, Span<float> values)
    {
        var width = weights.Blocks * weights.BlockColumns;
        var sum = new float[weights.Width];
        for (var item = 0; item < features.Count; item++)
        {
            Array.Clear(sum);
            foreach (var (column, value) in features.Entries(item))
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(weights.Row(column), sum.Length), value, sum, sum);
            for (var block = 0; block < weights.Blocks; block++)
                sum.AsSpan(block * (weights.Width / weights.Blocks), weights.BlockColumns).CopyTo(values.Slice((item * width) + (block * weights.BlockColumns), weights.BlockColumns));
        }
    }

    private static Cell CellOf(string name, string place, GruWeights gru, ImmutableArray<CellInput> inputs) => new(
        name,
        gru.Units,
        inputs,
        Values($"{place}.recurrent_weights.candidate", gru.Recurrent, 0, 1),
        Values($"{place}.recurrent_weights.gates", gru.Recurrent, 1, 2),
        Values($"{place}.input_bias", gru.InputBias),
        gru.RecurrentBias is null ? null : Values($"{place}.recurrent_bias", gru.RecurrentBias));

    private static Weights EmbeddingOf(Gru4RecModel model) => new(Gru4RecParameters.EmbeddingName, model.Catalog.Count, model.Network.InputSize, values =>
    {
        for (var item = 0; item < model.Catalog.Count; item++)
            model.InputOf(item).CopyTo(values[(item * model.Network.InputSize)..]);
    });

    private static Weights BiasesOf(ItemRows rows) => new("item.bias", rows.Count, 1, values =>
    {
        for (var item = 0; item < rows.Count; item++)
            values[item] = *rows.Bias(item);
    });

    private static Weights Values(string name, ParameterTable table) => Values(name, table, 0, table.Blocks);

    /// <summary>Some blocks of a table, without padding.</summary>
    private static Weights Values(string name, ParameterTable table, int first, int blocks) => new(name, table.Rows, blocks * table.BlockColumns, values =>
    {
        var to = 0;
        for (var row = 0; row < table.Rows; row++)
        {
            for (var block = first; block < first + blocks; block++, to += table.BlockColumns)
                new ReadOnlySpan<float>(table.Row(row) + (block * (table.Width / table.Blocks)), table.BlockColumns).CopyTo(values[to..]);
        }
    });
}
