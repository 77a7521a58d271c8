using NextItem.Models.Gru4Rec;
using NextItem.Optimizers;

namespace NextItem.Models.Prnn;

/// <summary>The parameters of a p-RNN: for each output matrix the items' rows, the first one's with the bias behind; for each subnet a GRU and the weights of its inputs.</summary>
internal sealed class PrnnParameters : IDisposable
{
    /// <summary>Allocates zeros.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="states">Floats of optimiser state per parameter; 0 for scoring.</param>
    /// <exception cref="OptionsException">The network cannot be built; all faults are listed.</exception>
    public PrnnParameters(PrnnShape shape, int itemCount, int states)
    {
        shape.Validate();
        Shape = shape;
        ItemCount = itemCount;
        All = new ParameterSet(Specs(shape, itemCount), states);
        Heads = [.. Enumerable.Range(0, shape.Heads).Select(head => All[ItemsOf(shape, head)])];
        Grus = [.. shape.Subnets.Select(subnet => new GruWeights(
            All[$"{subnet.Name}.recurrent_weights"],
            All[$"{subnet.Name}.input_bias"],
            shape.Variant == GruVariant.ResetAfter ? All[$"{subnet.Name}.recurrent_bias"] : null,
            input: null,
            oneHot: true))];
        Inputs = [.. shape.Subnets.Select(subnet => subnet.Inputs.Select(input => All[$"{subnet.Name}.{input.Name}.input_weights"]).ToArray())];
    }

    /// <summary>The network.</summary>
    public PrnnShape Shape { get; }

    /// <summary>Number of items, I.</summary>
    public int ItemCount { get; }

    /// <summary>Every parameter.</summary>
    public ParameterSet All { get; }

    /// <summary>[heads][I x d_k], the first with one column more, the bias.</summary>
    public ParameterTable[] Heads { get; }

    /// <summary>[S] the recurrent parts.</summary>
    public GruWeights[] Grus { get; }

    /// <summary>[S][inputs][F x 3H], or [I x 3H] for the identity.</summary>
    public ParameterTable[][] Inputs { get; }

    /// <summary>Length d_k of a head's vectors.</summary>
    public int VectorLength(int head) => Heads[head].BlockColumns - (head == 0 ? 1 : 0);

    /// <summary>Names and shapes, subnet by subnet in the order of GRU4Rec's: with one subnet, the same initial values.</summary>
    public static IEnumerable<ParameterSpec> Specs(PrnnShape shape, int itemCount)
    {
        for (var k = 0; k < shape.Subnets.Length; k++)
        {
            var subnet = shape.Subnets[k];
            var units = subnet.Units;
            if (k < shape.Heads)
                yield return new ParameterSpec(ItemsOf(shape, k), itemCount, units + (k == 0 ? 1 : 0), 1, units);
            foreach (var input in subnet.Inputs)
                yield return new ParameterSpec($"{subnet.Name}.{input.Name}.input_weights", input.Rows?.Width ?? itemCount, units, GruWeights.Gates, units);
            yield return new ParameterSpec($"{subnet.Name}.recurrent_weights", units, units, GruWeights.Gates, units);
            yield return new ParameterSpec($"{subnet.Name}.input_bias", 1, units, GruWeights.Gates, 0);
            if (shape.Variant == GruVariant.ResetAfter)
                yield return new ParameterSpec($"{subnet.Name}.recurrent_bias", 1, units, GruWeights.Gates, 0);
        }
    }

    /// <summary>A head's table in <see cref="All"/>.</summary>
    public static string ItemsOf(PrnnShape shape, int head) => shape.Output == PrnnOutput.SharedWeights ? "items" : $"{shape.Subnets[head].Name}.items";

    /// <inheritdoc/>
    public void Dispose() => All.Dispose();
}
