using NextItem.Models;

namespace NextItem.Tests.Reference;

/// <summary>One parameter table in double: [rows x blocks x columns].</summary>
internal sealed class DoubleTable(string name, int rows, int blocks, int columns)
{
    public readonly string Name = name;
    public readonly int Rows = rows;
    public readonly int Blocks = blocks;
    public readonly int Columns = columns;
    public readonly double[,,] Value = new double[rows, blocks, columns];
    public readonly double[,,] Accumulator = new double[rows, blocks, columns];
    public readonly double[,,] Velocity = new double[rows, blocks, columns];
}

/// <summary>What one training step sees, beside the parameters.</summary>
internal sealed record DoubleBatch(
    int[] Inputs, int[] Targets, int[] Drawn, double[][][] Previous, double[][]? InputMasks, double[][][]? Masks);

/// <summary>GRU4Rec with shared embedding in double: forward loss of a mini-batch, gradients by central differences.</summary>
internal sealed class DoubleNetwork
{
    private readonly Dictionary<string, DoubleTable> _tables = [];
    private readonly int[] _layers;
    private readonly double[] _support;
    private readonly Gru4RecOptions _options;

    /// <summary>Copies the engine's parameters, by logical coordinates.</summary>
    public DoubleNetwork(ParameterSet parameters, Gru4RecOptions options, int[] support)
    {
        _options = options;
        _layers = [.. options.Layers];
        _support = Array.ConvertAll(support, count => (double)count);
        foreach (var table in parameters.Tables)
        {
            var copy = new DoubleTable(table.Name, table.Rows, table.Blocks, table.BlockColumns);
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.BlockColumns; column++)
                        copy.Value[row, block, column] = table.At(row, block, column);
                }
            }

            _tables[table.Name] = copy;
        }
    }

    public IEnumerable<DoubleTable> Tables => _tables.Values;

    public DoubleTable this[string name] => _tables[name];

    /// <summary>The loss (its sum over the lanes divided by the configured batch size) and the new states [layer][lane][H], after dropout.</summary>
    public (double Loss, double[][][] States) Forward(DoubleBatch batch)
    {
        var items = _tables["items"].Value;
        var embedding = _layers[^1];
        var states = Array.ConvertAll(_layers, _ => new double[batch.Inputs.Length][]);
        var scores = new double[batch.Inputs.Length][];
        for (var lane = 0; lane < batch.Inputs.Length; lane++)
        {
            var x = new double[embedding];
            for (var i = 0; i < embedding; i++)
                x[i] = items[batch.Inputs[lane], 0, i] * (batch.InputMasks?[lane][i] ?? 1);
            for (var l = 0; l < _layers.Length; l++)
            {
                x = DoubleGru.Step(
                    x, batch.Previous[l][lane], _tables[$"gru.{l}.input_weights"].Value, _tables[$"gru.{l}.recurrent_weights"].Value,
                    _tables[$"gru.{l}.input_bias"].Value, _tables.GetValueOrDefault($"gru.{l}.recurrent_bias")?.Value);
                for (var i = 0; i < x.Length; i++)
                    x[i] *= batch.Masks?[l][lane][i] ?? 1;
                states[l][lane] = x;
            }

            scores[lane] = new double[items.GetLength(0)];
            for (var item = 0; item < scores[lane].Length; item++)
            {
                scores[lane][item] = items[item, 0, embedding];
                for (var i = 0; i < embedding; i++)
                    scores[lane][item] += x[i] * items[item, 0, i];
            }
        }

        var (loss, _) = DoubleCrossEntropy.OfItems(scores, batch.Targets, batch.Drawn, _support, _options.SampleAlpha, _options.LogQ);
        return (loss / _options.BatchSize, states);
    }

    /// <summary>The gradient of the loss by every parameter, by central differences: previous states and masks are constants.</summary>
    public Dictionary<string, double[,,]> Gradients(DoubleBatch batch)
    {
        var gradients = new Dictionary<string, double[,,]>();
        foreach (var table in _tables.Values)
        {
            var gradient = new double[table.Rows, table.Blocks, table.Columns];
            for (var row = 0; row < table.Rows; row++)
            {
                if (table.Name == "items" && !Touches(batch, row))
                    continue; // the loss does not depend on it
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.Columns; column++)
                        gradient[row, block, column] = CentralDifference(batch, ref table.Value[row, block, column]);
                }
            }

            gradients[table.Name] = gradient;
        }

        return gradients;
    }

    /// <summary>One training step of Adagrad with momentum: only touched item rows, and only scored items' biases, are updated.</summary>
    public (double Loss, double[][][] States) Train(DoubleBatch batch)
    {
        var gradients = Gradients(batch);
        var result = Forward(batch);
        foreach (var table in _tables.Values)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.Columns; column++)
                    {
                        var isBias = table.Name == "items" && column == table.Columns - 1;
                        if (table.Name == "items" && !(isBias ? IsScored(batch, row) : Touches(batch, row)))
                            continue;
                        DoubleAdagrad.Update(
                            ref table.Value[row, block, column], ref table.Accumulator[row, block, column], ref table.Velocity[row, block, column],
                            gradients[table.Name][row, block, column], _options.LearningRate, _options.Momentum);
                    }
                }
            }
        }

        return result;
    }

    private double CentralDifference(DoubleBatch batch, ref double value)
    {
        const double Step = 1e-5;
        var kept = value;
        value = kept + Step;
        var (up, _) = Forward(batch);
        value = kept - Step;
        var (down, _) = Forward(batch);
        value = kept;
        return (up - down) / (2 * Step);
    }

    private static bool IsScored(DoubleBatch batch, int item) => batch.Targets.Contains(item) || batch.Drawn.Contains(item);

    private static bool Touches(DoubleBatch batch, int item) => IsScored(batch, item) || batch.Inputs.Contains(item);
}
