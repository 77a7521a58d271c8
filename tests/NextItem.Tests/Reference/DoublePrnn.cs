using NextItem.Batches;
using NextItem.Features;
using NextItem.Models.Prnn;

namespace NextItem.Tests.Reference;

/// <summary>A p-RNN in double, written from algorithms section 12: the loss of a pass, and its gradients by central differences.</summary>
internal sealed class DoublePrnn
{
    private readonly PrnnShape _shape;
    private readonly Gru4RecOptions _options;
    private readonly double[] _support;
    private readonly Dictionary<string, DoubleTable> _tables = [];

    public DoublePrnn(PrnnParameters parameters, Gru4RecOptions options, int[] support)
    {
        _shape = parameters.Shape;
        _options = options;
        _support = Array.ConvertAll(support, count => (double)count);
        foreach (var table in parameters.All.Tables)
            _tables[table.Name] = new DoubleTable(table.Name, table.Rows, table.Blocks, table.BlockColumns);
        CopyFrom(parameters);
    }

    /// <summary>Takes the engine's parameters as they are now.</summary>
    public void CopyFrom(PrnnParameters parameters)
    {
        foreach (var table in parameters.All.Tables)
        {
            var value = _tables[table.Name].Value;
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.BlockColumns; column++)
                        value[row, block, column] = table.At(row, block, column);
                }
            }
        }
    }

    /// <summary>The loss of a pass, and the states [S][lane][d] that its subnets came to; null for those that are not included.</summary>
    /// <param name="batch">The mini-batch.</param>
    /// <param name="drawn">Negatives.</param>
    /// <param name="previous">[S][lane][d].</param>
    /// <param name="masks">[S][lane][d] of the subnets that are trained; null for none.</param>
    /// <param name="pass">The pass.</param>
    public (double Loss, double[]?[][] States) Forward(MiniBatch batch, int[] drawn, double[][][] previous, double[][]?[] masks, PrnnPass pass)
    {
        var states = new double[_shape.Subnets.Length][][];
        for (var k = 0; k < states.Length; k++)
        {
            states[k] = new double[batch.Lanes][];
            for (var lane = 0; lane < batch.Lanes && pass.Includes(k); lane++)
                states[k][lane] = Next(k, batch.Inputs[lane], previous[k][lane], pass.Trains(k) ? masks[k]?[lane] : null);
        }

        var scores = new double[batch.Lanes][];
        for (var lane = 0; lane < batch.Lanes; lane++)
            scores[lane] = Scores([.. states.Select(subnet => subnet[lane])], pass);
        var loss = DoubleLoss.Sum(_options, scores, batch.Targets[..batch.Lanes], drawn, _support) / _options.BatchSize;
        return (loss, states);
    }

    /// <summary>The gradient by one table, by central differences.</summary>
    public double[,,] Gradient(string name, Func<double> loss)
    {
        const double Step = 1e-5;
        var value = _tables[name].Value;
        var gradient = new double[value.GetLength(0), value.GetLength(1), value.GetLength(2)];
        for (var i = 0; i < value.GetLength(0); i++)
        {
            for (var j = 0; j < value.GetLength(1); j++)
            {
                for (var k = 0; k < value.GetLength(2); k++)
                {
                    var kept = value[i, j, k];
                    value[i, j, k] = kept + Step;
                    var up = loss();
                    value[i, j, k] = kept - Step;
                    var down = loss();
                    value[i, j, k] = kept;
                    gradient[i, j, k] = (up - down) / (2 * Step);
                }
            }
        }

        return gradient;
    }

    private double[] Next(int k, int item, double[] previous, double[]? mask)
    {
        // All inputs side by side, as one long vector, against all their weights below each other: the concatenated input of the paper.
        var subnet = _shape.Subnets[k];
        var x = subnet.Inputs.SelectMany(input => InputOf(input, item)).ToArray();
        var weights = new double[x.Length, 3, subnet.Units];
        var first = 0;
        foreach (var input in subnet.Inputs)
        {
            var own = _tables[$"{subnet.Name}.{input.Name}.input_weights"].Value;
            for (var row = 0; row < own.GetLength(0); row++, first++)
            {
                for (var i = 0; i < 3 * subnet.Units; i++)
                    weights[first, i / subnet.Units, i % subnet.Units] = own[row, i / subnet.Units, i % subnet.Units];
            }
        }

        var state = DoubleGru.Step(
            x, previous, weights, _tables[$"{subnet.Name}.recurrent_weights"].Value, _tables[$"{subnet.Name}.input_bias"].Value,
            _tables.GetValueOrDefault($"{subnet.Name}.recurrent_bias")?.Value);
        return mask is null ? state : [.. state.Zip(mask, (value, keep) => value * keep)];
    }

    private double[] InputOf(PrnnInput input, int item)
    {
        var x = new double[input.Rows?.Width ?? _support.Length];
        if (input.Rows is null)
            x[item] = 1;
        else
            foreach (var (column, value) in input.Rows.Entries(item))
                x[column] = value;
        return x;
    }

    private double[] Scores(double[]?[] states, PrnnPass pass)
    {
        var bias = _tables[PrnnParameters.ItemsOf(_shape, 0)].Value;
        var withBias = _shape.Output == PrnnOutput.SharedWeights || pass.Includes(0);
        var scores = new double[_support.Length];
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = withBias ? bias[item, 0, bias.GetLength(2) - 1] : 0;
            for (var k = 0; k < states.Length; k++)
            {
                if (states[k] is not { } h)
                    continue;
                var rows = _tables[PrnnParameters.ItemsOf(_shape, _shape.HeadOf(k))].Value;
                for (var i = 0; i < h.Length; i++)
                {
                    var value = _shape.Output == PrnnOutput.Interaction && k > 0 ? h[i] * states[0]![i] : h[i];
                    scores[item] += _shape.Subnets[k].Weight * value * rows[item, 0, i];
                }
            }
        }

        return scores;
    }
}
