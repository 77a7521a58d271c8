using System.Collections.Immutable;

namespace NextItem.Interchange.Graphs;

/// <summary>A matrix of weights without padding, as bytes of a tensor.</summary>
/// <param name="Name">Unique in the file, without names that the user gave; a layer's as in the model file.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Fill">Writes the values row after row.</param>
internal sealed record Weights(string Name, int Rows, int Columns, Action<Span<float>> Fill)
{
    public long Bytes => (long)Rows * Columns * sizeof(float);
}

/// <summary>One thing that a GRU reads.</summary>
/// <param name="Weights">[F x 3H]; or [I x 3H], a row an item, where there is nothing to multiply it with.</param>
internal abstract record CellInput(Weights Weights);

/// <summary>The row of the item is all: one-hot input, or a product that was formed for each item.</summary>
internal sealed record ItemRow(Weights Weights) : CellInput(Weights);

/// <summary>A row of a table, [I x F], times the weights: an embedding, or dense features.</summary>
internal sealed record ItemVector(Weights Table, Weights Weights) : CellInput(Weights);

/// <summary>The new state of the cell before this one, times the weights: a layer above the first.</summary>
internal sealed record StateBelow(Weights Weights) : CellInput(Weights);

/// <summary>A GRU. Gate blocks stand in the order candidate | reset | update.</summary>
/// <param name="Name">Of a layer or a subnet, for the metadata: the user may have given it.</param>
/// <param name="Units">H.</param>
/// <param name="Inputs">What it reads, summed up.</param>
/// <param name="CandidateRecurrent">[H x H].</param>
/// <param name="GatesRecurrent">[H x 2H], reset | update.</param>
/// <param name="Bias">[1 x 3H].</param>
/// <param name="RecurrentBias">[1 x 3H]; null where the reset gate acts before the product.</param>
internal sealed record Cell(
    string Name, int Units, ImmutableArray<CellInput> Inputs, Weights CandidateRecurrent, Weights GatesRecurrent, Weights Bias, Weights? RecurrentBias);

/// <summary>How the states become what items are scored with.</summary>
internal enum Joined
{
    /// <summary>The last cell's state: layers.</summary>
    Last,

    /// <summary>Side by side, each times its weight: parallel subnets.</summary>
    SideBySide,

    /// <summary>The sum, each times its weight.</summary>
    Sum,

    /// <summary>Side by side, each but the first times its weight and the first.</summary>
    ByTheFirst,
}

/// <summary>A network as its graphs need it.</summary>
/// <param name="Items">Number of items, I.</param>
/// <param name="Cells">Its GRUs.</param>
/// <param name="Join">How they are joined.</param>
/// <param name="JoinWeights">w, one for each cell.</param>
/// <param name="Vectors">[I x V].</param>
/// <param name="Biases">[I x 1].</param>
/// <param name="CosineScale">s; 0 where scores are products.</param>
internal sealed record Network(
    int Items, ImmutableArray<Cell> Cells, Joined Join, ImmutableArray<float> JoinWeights, Weights Vectors, Weights Biases, float CosineScale)
{
    /// <summary>Length S of all states side by side.</summary>
    public int StateLength => Cells.Sum(cell => cell.Units);

    /// <summary>Length Q of a query: V, and the 1 that a bias is multiplied with.</summary>
    public int QueryLength => Vectors.Columns + (CosineScale > 0 ? 0 : 1);

    /// <summary>Bytes of all weights, each counted once.</summary>
    public long Bytes => All.DistinctBy(weights => weights.Name).Sum(weights => weights.Bytes);

    private IEnumerable<Weights> All =>
    [
        Vectors, Biases,
        .. from cell in Cells
           from weights in (Weights?[])[cell.CandidateRecurrent, cell.GatesRecurrent, cell.Bias, cell.RecurrentBias, .. cell.Inputs.Select(input => input.Weights), .. cell.Inputs.OfType<ItemVector>().Select(input => input.Table)]
           where weights is not null
           select weights,
    ];
}
