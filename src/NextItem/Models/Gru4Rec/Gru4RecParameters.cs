using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// The parameters of a GRU4Rec network: a table of scored item rows [vector | bias], the rows that inputs are read from (the
/// same table where the embedding is shared), and for each layer the weights of a GRU.
/// </summary>
internal sealed class Gru4RecParameters : IDisposable
{
    /// <summary>Allocates zeros.</summary>
    /// <param name="options">Layers and variant.</param>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="states">Floats of optimiser state per parameter; 0 for scoring.</param>
    /// <param name="cancellationToken">Stops the allocation.</param>
    public Gru4RecParameters(Gru4RecOptions options, int itemCount, int states, CancellationToken cancellationToken = default)
        : this(options, new ParameterSet(Specs(options, itemCount), states, cancellationToken))
    {
    }

    /// <summary>Allocates zeros for all that is not read from a mapped file: neither scored rows nor an embedding, whose tables have no rows.</summary>
    /// <param name="options">Layers and variant.</param>
    /// <param name="itemCount">Number of items, I.</param>
    public static Gru4RecParameters WithoutItems(Gru4RecOptions options, int itemCount) =>
        new(options, new ParameterSet(Specs(options, itemCount).Select(spec => spec.Name is ItemsName or EmbeddingName ? spec with { Rows = 0 } : spec), states: 0));

    /// <summary>Takes over a set of parameters.</summary>
    /// <param name="options">Layers and variant.</param>
    /// <param name="all">With the names and shapes of <see cref="Specs"/>.</param>
    public Gru4RecParameters(Gru4RecOptions options, ParameterSet all)
    {
        All = all;
        Items = all[ItemsName];
        Embedding = options.Embedding;
        InputSize = options.InputSize;
        Layers = new GruWeights[options.Layers.Length];
        for (var layer = 0; layer < Layers.Length; layer++)
            Layers[layer] = new GruWeights(all, layer, options.Variant, oneHot: layer == 0 && Embedding == EmbeddingMode.None);
        Inputs = Embedding switch
        {
            EmbeddingMode.Shared => Items,
            EmbeddingMode.Separate => all[EmbeddingName],
            _ => Layers[0].Input,
        };
    }

    /// <summary>The scored rows' name in files.</summary>
    public const string ItemsName = "items";

    /// <summary>A separate embedding's name in files.</summary>
    public const string EmbeddingName = "embedding";

    /// <summary>Every parameter.</summary>
    public ParameterSet All { get; }

    /// <summary>[I x (V + 1)]: an item's output vector, then its bias.</summary>
    public ParameterTable Items { get; }

    /// <summary>
    /// One row an item, what an input is read from. Shared: <see cref="Items"/>. Separate: [I x E]. None: the first layer's input
    /// weights, [I x 3H].
    /// </summary>
    public ParameterTable Inputs { get; }

    /// <summary>Which of the three.</summary>
    public EmbeddingMode Embedding { get; }

    /// <summary>Length E of the first layer's input; 0 for one-hot input.</summary>
    public int InputSize { get; }

    /// <summary>The GRU layers, first layer first.</summary>
    public GruWeights[] Layers { get; }

    /// <summary>Length V of an item's output vector: the units of the last layer.</summary>
    public int VectorLength => Items.BlockColumns - 1;

    /// <summary>Names and shapes of everything.</summary>
    public static IEnumerable<ParameterSpec> Specs(Gru4RecOptions options, int itemCount)
    {
        var vector = options.Layers[^1];
        yield return new ParameterSpec(ItemsName, itemCount, vector + 1, 1, vector);
        if (options.Embedding == EmbeddingMode.Separate)
            yield return new ParameterSpec(EmbeddingName, itemCount, options.InputSize, 1, options.InputSize);
        var input = options.Embedding == EmbeddingMode.None ? itemCount : options.InputSize;
        for (var layer = 0; layer < options.Layers.Length; layer++)
        {
            var units = options.Layers[layer];
            yield return new ParameterSpec($"gru.{layer}.input_weights", input, units, GruWeights.Gates, units);
            yield return new ParameterSpec($"gru.{layer}.recurrent_weights", units, units, GruWeights.Gates, units);
            yield return new ParameterSpec($"gru.{layer}.input_bias", 1, units, GruWeights.Gates, 0);
            if (options.Variant == GruVariant.ResetAfter)
                yield return new ParameterSpec($"gru.{layer}.recurrent_bias", 1, units, GruWeights.Gates, 0);
            input = units;
        }
    }

    /// <summary>
    /// Takes over what a trained network of the same shapes knows: all weights, and the rows of the items that both have. Other
    /// items' rows stay as they are.
    /// </summary>
    /// <param name="other">The trained network.</param>
    /// <param name="itemOf">[I] the other network's index of each item, or -1.</param>
    public unsafe void TakeFrom(Gru4RecParameters other, ReadOnlySpan<int> itemOf)
    {
        for (var t = 0; t < All.Tables.Length; t++)
        {
            var (table, source) = (All.Tables[t], other.All.Tables[t]);
            var byItem = table == Items || table == Inputs;
            for (var row = 0; row < table.Rows; row++)
            {
                var from = byItem ? itemOf[row] : row;
                if (from >= 0)
                    new ReadOnlySpan<float>(source.Row(from), table.Width).CopyTo(new Span<float>(table.Row(row), table.Width));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => All.Dispose();
}
