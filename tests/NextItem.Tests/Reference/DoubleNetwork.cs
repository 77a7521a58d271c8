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
    public readonly double[,,][] State = AllStates(rows, blocks, columns);

    private static double[,,][] AllStates(int rows, int blocks, int columns)
    {
        var states = new double[rows, blocks, columns][];
        for (var i = 0; i < rows * blocks * columns; i++)
            states[i / (blocks * columns), i / columns % blocks, i % columns] = new double[DoubleOptimizer.States];
        return states;
    }
}

/// <summary>One event of a lane's session: the item, and the dropout masks of its input and of each layer's state.</summary>
internal sealed record DoubleEvent(int Item, double[]? InputMask, double[][]? Masks);

/// <summary>
/// What one training step sees, beside the parameters: for each lane the events that the state is computed from, the current one
/// last, the state before them [layer][H], and the target.
/// </summary>
internal sealed record DoubleBatch(DoubleEvent[][] Events, double[][][] Before, int[] Targets, int[] Drawn)
{
    /// <summary>[teacher][lane][item]: what teachers score the items of the network with.</summary>
    public double[][][] TeacherScores { get; init; } = [];
}

/// <summary>GRU4Rec in double: forward loss of a mini-batch, gradients by central differences.</summary>
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

    /// <summary>
    /// The loss (its sum over the lanes divided by the configured batch size) and, for each lane, the state [layer][H] after its
    /// first event, after dropout.
    /// </summary>
    public (double Loss, double[][][] AfterFirst) Forward(DoubleBatch batch)
    {
        var afterFirst = new double[batch.Targets.Length][][];
        var scores = new double[batch.Targets.Length][];
        for (var lane = 0; lane < batch.Targets.Length; lane++)
        {
            var state = batch.Before[lane];
            foreach (var seen in batch.Events[lane])
            {
                state = Next(state, seen);
                afterFirst[lane] ??= state;
            }

            scores[lane] = Scores(state[^1]);
        }

        var loss = DoubleLoss.Sum(_options, scores, batch.Targets, batch.Drawn, _support);
        if (batch.TeacherScores.Length > 0)
        {
            var activated = Array.ConvertAll(scores, lane => Array.ConvertAll(lane, score => DoubleLoss.Activation(_options.Activation, score)));
            var soft = DoubleDistillation.Sum(activated, batch.TeacherScores, batch.Targets, batch.Drawn, _support, _options.SampleAlpha, _options.LogQ);
            loss = ((1 - _options.Distillation) * loss) + (_options.Distillation * soft);
        }

        return (loss / _options.BatchSize, afterFirst);
    }

    /// <summary>[I]: what the items are scored with after a state of the last layer.</summary>
    public double[] Scores(double[] x)
    {
        var items = _tables["items"].Value;
        var vector = _layers[^1];
        var scores = new double[items.GetLength(0)];
        for (var item = 0; item < scores.Length; item++)
        {
            scores[item] = items[item, 0, vector];
            for (var i = 0; i < vector; i++)
                scores[item] += x[i] * items[item, 0, i];
            if (_options.CosineScale > 0)
                scores[item] = _options.CosineScale * (scores[item] - items[item, 0, vector]) / (Norm(x) * Norm(Vector(items, item)));
        }

        return scores;
    }

    /// <summary>The layers' states after one more event.</summary>
    public double[][] Next(double[][] state, DoubleEvent seen)
    {
        var next = new double[_layers.Length][];
        var x = Input(seen);
        for (var l = 0; l < _layers.Length; l++)
        {
            x = DoubleGru.Step(
                x, state[l], _tables[$"gru.{l}.input_weights"].Value, _tables[$"gru.{l}.recurrent_weights"].Value,
                _tables[$"gru.{l}.input_bias"].Value, _tables.GetValueOrDefault($"gru.{l}.recurrent_bias")?.Value);
            for (var i = 0; i < x.Length; i++)
                x[i] *= seen.Masks?[l][i] ?? 1;
            next[l] = x;
        }

        return next;
    }

    /// <summary>The gradient of the loss by every parameter, by central differences: the states before the events and the masks are constants.</summary>
    public Dictionary<string, double[,,]> Gradients(DoubleBatch batch)
    {
        var gradients = new Dictionary<string, double[,,]>();
        foreach (var table in _tables.Values)
        {
            var gradient = new double[table.Rows, table.Blocks, table.Columns];
            for (var row = 0; row < table.Rows; row++)
            {
                if (!Touches(batch, table, row, column: 0))
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

    /// <summary>One training step: only touched rows, and only scored items' biases, are updated.</summary>
    public (double Loss, double[][][] AfterFirst) Train(DoubleBatch batch)
    {
        var gradients = Gradients(batch);
        var result = Forward(batch);
        var norm = Math.Sqrt(gradients.Values.Sum(table => table.Cast<double>().Sum(g => g * g)));
        var scale = _options.GradientCap > 0 && norm >= _options.GradientCap ? _options.GradientCap / norm : 1;
        foreach (var table in _tables.Values)
        {
            for (var row = 0; row < table.Rows; row++)
            {
                for (var block = 0; block < table.Blocks; block++)
                {
                    for (var column = 0; column < table.Columns; column++)
                    {
                        if (Touches(batch, table, row, column))
                        {
                            DoubleOptimizer.Update(
                                _options, ref table.Value[row, block, column], table.State[row, block, column], scale * gradients[table.Name][row, block, column]);
                        }
                    }
                }
            }
        }

        return result;
    }

    /// <summary>What the first layer sees: a row of the embedding, or a one-hot vector.</summary>
    private double[] Input(DoubleEvent seen)
    {
        if (_options.Embedding == EmbeddingMode.None)
            return [.. Enumerable.Range(0, _support.Length).Select(i => i == seen.Item ? 1.0 : 0)];
        var rows = _tables[_options.Embedding == EmbeddingMode.Shared ? "items" : "embedding"].Value;
        var norm = _options.CosineScale > 0 && _options.Embedding == EmbeddingMode.Shared ? Norm(Vector(rows, seen.Item)) : 1;
        return [.. Enumerable.Range(0, _options.InputSize).Select(i => rows[seen.Item, 0, i] * (seen.InputMask?[i] ?? 1) / norm)];
    }

    private double[] Vector(double[,,] rows, int item) => [.. Enumerable.Range(0, _layers[^1]).Select(i => rows[item, 0, i])];

    private static double Norm(double[] vector) => Math.Max(Math.Sqrt(vector.Sum(value => value * value)), double.Epsilon);

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

    /// <summary>Whether the step has to do with an element: rows of items are touched one by one, weights always.</summary>
    private bool Touches(DoubleBatch batch, DoubleTable table, int row, int column)
    {
        var isInput = batch.Events.Any(lane => lane.Any(seen => seen.Item == row));
        var isScored = batch.Targets.Contains(row) || batch.Drawn.Contains(row);
        var isBias = table.Name == "items" && column == table.Columns - 1;
        return table.Name switch
        {
            "items" => isScored || (isInput && !isBias && _options.Embedding == EmbeddingMode.Shared),
            "embedding" => isInput,
            "gru.0.input_weights" => isInput || _options.Embedding != EmbeddingMode.None,
            _ => true,
        };
    }
}
