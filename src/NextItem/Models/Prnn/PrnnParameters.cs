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
    /// <param name="cancellationToken">Stops the allocation.</param>
    /// <exception cref="OptionsException">The network cannot be built; all faults are listed.</exception>
    public PrnnParameters(PrnnShape shape, int itemCount, int states, CancellationToken cancellationToken = default)
        : this(shape, itemCount, new ParameterSet(Specs(Checked(shape), itemCount), states, cancellationToken))
    {
    }

    /// <summary>Takes over a set of parameters.</summary>
    /// <param name="shape">The network.</param>
    /// <param name="itemCount">Number of items, I.</param>
    /// <param name="all">With the names and shapes of <see cref="Specs"/>; the output matrices may be without rows.</param>
    public PrnnParameters(PrnnShape shape, int itemCount, ParameterSet all)
    {
        Shape = shape;
        ItemCount = itemCount;
        All = all;
        Heads = [.. Enumerable.Range(0, shape.Heads).Select(head => All[ItemsOf(shape, head)])];
        Grus = [.. shape.Subnets.Select(subnet => new GruWeights(
            All[$"{subnet.Name}.recurrent_weights"],
            All[$"{subnet.Name}.input_bias"],
            shape.Variant == GruVariant.ResetAfter ? All[$"{subnet.Name}.recurrent_bias"] : null,
            input: null,
            oneHot: true))];
        Inputs = [.. shape.Subnets.Select(subnet => subnet.Inputs.Select(input => All[$"{subnet.Name}.{input.Name}.input_weights"]).ToArray())];
    }

    /// <summary>Allocates zeros for all but the output matrices, which are without rows: those that a model joins to one.</summary>
    public static PrnnParameters WithoutHeads(PrnnShape shape, int itemCount)
    {
        var heads = HeadNames(shape);
        return new PrnnParameters(shape, itemCount, new ParameterSet(Specs(Checked(shape), itemCount).Select(spec => heads.Contains(spec.Name) ? spec with { Rows = 0 } : spec), states: 0));
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

    /// <summary>The output matrices' names.</summary>
    public static string[] HeadNames(PrnnShape shape) => [.. Enumerable.Range(0, shape.Heads).Select(head => ItemsOf(shape, head))];

    /// <summary>[I x (V + 1)] the output matrices' vectors side by side, the bias behind them: what a model scores items by.</summary>
    public unsafe ParameterTable JoinHeads()
    {
        var joined = new ParameterTable("items", ItemCount, Shape.VectorLength + 1, 1, states: 0);
        for (var item = 0; item < ItemCount; item++)
        {
            var row = new Span<float>(joined.Row(item), Shape.VectorLength + 1);
            var at = 0;
            for (var head = 0; head < Heads.Length; head++)
            {
                new ReadOnlySpan<float>(Heads[head].Row(item), VectorLength(head)).CopyTo(row[at..]);
                at += VectorLength(head);
            }

            row[at] = Heads[0].Row(item)[VectorLength(0)];
        }

        return joined;
    }

    /// <summary>
    /// Takes over what a trained network of the same shape knows: all weights, and the rows of the items that both have. Other items'
    /// rows stay as they are.
    /// </summary>
    /// <param name="other">The trained network, whose output matrices are without rows.</param>
    /// <param name="joined">[I' x (V + 1)] its output matrices side by side.</param>
    /// <param name="itemOf">[I] its index of each item, or -1.</param>
    public unsafe void TakeFrom(PrnnParameters other, ParameterTable joined, ReadOnlySpan<int> itemOf)
    {
        var byItem = Shape.Subnets.SelectMany((subnet, k) => subnet.Inputs.Select((input, i) => (input, Inputs[k][i]))).Where(each => each.input.Rows is null).Select(each => each.Item2).ToHashSet();
        for (var t = 0; t < All.Tables.Length; t++)
        {
            var (table, source) = (All.Tables[t], other.All.Tables[t]);
            for (var row = 0; row < table.Rows && !Heads.Contains(table); row++)
            {
                var from = byItem.Contains(table) ? itemOf[row] : row;
                if (from >= 0)
                    new ReadOnlySpan<float>(source.Row(from), table.Width).CopyTo(new Span<float>(table.Row(row), table.Width));
            }
        }

        for (var item = 0; item < ItemCount; item++)
        {
            if (itemOf[item] >= 0)
                SplitRow(item, new ReadOnlySpan<float>(joined.Row(itemOf[item]), Shape.VectorLength + 1));
        }
    }

    private unsafe void SplitRow(int item, ReadOnlySpan<float> joined)
    {
        var at = 0;
        for (var head = 0; head < Heads.Length; head++)
        {
            joined.Slice(at, VectorLength(head)).CopyTo(new Span<float>(Heads[head].Row(item), VectorLength(head)));
            at += VectorLength(head);
        }

        Heads[0].Row(item)[VectorLength(0)] = joined[at];
    }

    private static PrnnShape Checked(PrnnShape shape)
    {
        shape.Validate();
        return shape;
    }

    /// <inheritdoc/>
    public void Dispose() => All.Dispose();
}
