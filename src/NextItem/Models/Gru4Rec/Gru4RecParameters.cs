using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// The parameters of a GRU4Rec network with shared (constrained) embedding: one table of item rows [vector | bias], which are
/// the inputs' embedding and the scored rows at once, and for each layer the weights of a GRU.
/// </summary>
internal sealed class Gru4RecParameters : IDisposable
{
    /// <summary>Allocates zeros.</summary>
    /// <param name="options">Layers and variant.</param>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="states">Floats of optimiser state per parameter; 0 for scoring.</param>
    public Gru4RecParameters(Gru4RecOptions options, int itemCount, int states)
        : this(options, new ParameterSet(Specs(options, itemCount), states))
    {
    }

    private Gru4RecParameters(Gru4RecOptions options, ParameterSet all)
    {
        All = all;
        Items = all["items"];
        Layers = new GruWeights[options.Layers.Length];
        for (var layer = 0; layer < Layers.Length; layer++)
            Layers[layer] = new GruWeights(all, layer, options.Layers[layer], options.Variant);
    }

    /// <summary>Every parameter.</summary>
    public ParameterSet All { get; }

    /// <summary>[I x (E + 1)]: an item's vector, then its bias.</summary>
    public ParameterTable Items { get; }

    /// <summary>The GRU layers, first layer first.</summary>
    public GruWeights[] Layers { get; }

    /// <summary>Length E of an item's vector: the units of the last layer.</summary>
    public int EmbeddingSize => Items.BlockColumns - 1;

    /// <summary>Names and shapes of everything.</summary>
    public static IEnumerable<ParameterSpec> Specs(Gru4RecOptions options, int itemCount)
    {
        var embedding = options.Layers[^1];
        yield return new ParameterSpec("items", itemCount, embedding + 1, 1, embedding);
        var input = embedding;
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

    /// <summary>A copy without optimiser state, for scoring.</summary>
    public Gru4RecParameters WithoutStates(Gru4RecOptions options) => new(options, All.WithoutStates());

    /// <inheritdoc/>
    public void Dispose() => All.Dispose();
}
