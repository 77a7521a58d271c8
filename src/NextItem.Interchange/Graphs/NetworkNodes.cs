using System.Runtime.InteropServices;

namespace NextItem.Interchange.Graphs;

/// <summary>The nodes that both graphs are made of: a step of all GRUs, what items are scored with, and scores. docs/derivations/gru.md, cosine.md.</summary>
/// <param name="root">The graph that has the constants.</param>
/// <param name="network">The network.</param>
internal sealed class NetworkNodes(GraphBuilder root, Network network)
{
    /// <summary>The square of the shortest state that has a direction, as in the model's own scoring.</summary>
    private const float LeastSquare = 1e-30f;

    private readonly Dictionary<string, Weights> _written = new(StringComparer.Ordinal);

    /// <summary>One event of each session.</summary>
    /// <param name="graph">Gets the nodes.</param>
    /// <param name="items">[B] item indices; below 0 leaves the session as it is.</param>
    /// <param name="states">[B x H] of each cell.</param>
    /// <returns>The new states.</returns>
    public string[] Step(GraphBuilder graph, string items, string[] states)
    {
        var zero = root.Constant(0L);
        var item = graph.Add("Max", [items, zero]); // of the others nothing is kept below
        var isKnown = graph.Add("Unsqueeze", [graph.Add("GreaterOrEqual", [items, zero]), root.List(1)]);
        var news = new string[states.Length];
        for (var c = 0; c < states.Length; c++)
        {
            var cell = network.Cells[c];
            var gates = Constant(cell.Bias);
            foreach (var input in cell.Inputs)
                gates = graph.Add("Add", [gates, Part(graph, input, item, c > 0 ? news[c - 1] : "")]);
            var next = cell.RecurrentBias is null ? ResetBefore(graph, cell, gates, states[c]) : ResetAfter(graph, cell, gates, states[c], cell.RecurrentBias);
            news[c] = graph.Add("Where", [isKnown, next, states[c]]);
        }

        return news;
    }

    /// <summary>What items are scored with, [B x V]: the states joined, or s h / |h|.</summary>
    public string Output(string[] states)
    {
        if (network.Join == Joined.Last)
            return network.CosineScale > 0 ? Direction(states[^1]) : states[^1];
        var parts = new string[states.Length];
        for (var k = 0; k < states.Length; k++)
        {
            parts[k] = root.Add("Mul", [states[k], root.Constant(network.JoinWeights[k])]);
            if (network.Join == Joined.ByTheFirst && k > 0)
                parts[k] = root.Add("Mul", [parts[k], states[0]]);
        }

        return network.Join == Joined.Sum ? root.Add("Sum", parts) : root.Add("Concat", parts, Attributes.Int("axis", 1));
    }

    /// <summary>[B x I].</summary>
    public string Scores(string output) =>
        root.Add("Gemm", [output, Constant(network.Vectors), Constant(network.Biases, [network.Items])], Attributes.Int("transB", 1));

    /// <summary>[B x Q]: the output, and behind it the 1 that the biases are multiplied with, where there are any.</summary>
    public string Query(string output, string batch)
    {
        if (network.CosineScale > 0)
            return output;
        var shape = root.Add("Concat", [batch, root.List(1)], Attributes.Int("axis", 0));
        return root.Add("Concat", [output, root.Add("Expand", [root.Constant(1f), shape])], Attributes.Int("axis", 1));
    }

    private string Part(GraphBuilder graph, CellInput input, string item, string below) => input switch
    {
        ItemRow row => graph.Add("Gather", [Constant(row.Weights), item]),
        ItemVector vector => graph.Add("MatMul", [graph.Add("Gather", [Constant(vector.Table), item]), Constant(vector.Weights)]),
        _ => graph.Add("MatMul", [below, Constant(input.Weights)]),
    };

    private string ResetBefore(GraphBuilder graph, Cell cell, string gates, string state)
    {
        var own = graph.Add("Split", [gates, root.List(cell.Units, 2 * cell.Units)], 2, Attributes.Int("axis", 1));
        var both = graph.Add("Sigmoid", [graph.Add("Add", [own[1], graph.Add("MatMul", [state, Constant(cell.GatesRecurrent)])])]);
        var (reset, update) = Halves(graph, cell, both);
        var recurrent = graph.Add("MatMul", [graph.Add("Mul", [reset, state]), Constant(cell.CandidateRecurrent)]);
        return NewState(graph, state, update, graph.Add("Tanh", [graph.Add("Add", [own[0], recurrent])]));
    }

    private string ResetAfter(GraphBuilder graph, Cell cell, string gates, string state, Weights recurrentBias)
    {
        var sizes = root.List(cell.Units, 2 * cell.Units);
        var own = graph.Add("Split", [gates, sizes], 2, Attributes.Int("axis", 1));
        var bias = graph.Add("Split", [Constant(recurrentBias), sizes], 2, Attributes.Int("axis", 1));
        var both = graph.Add("Add", [graph.Add("MatMul", [state, Constant(cell.GatesRecurrent)]), bias[1]]);
        var (reset, update) = Halves(graph, cell, graph.Add("Sigmoid", [graph.Add("Add", [own[1], both])]));
        var recurrent = graph.Add("Add", [graph.Add("MatMul", [state, Constant(cell.CandidateRecurrent)]), bias[0]]);
        return NewState(graph, state, update, graph.Add("Tanh", [graph.Add("Add", [own[0], graph.Add("Mul", [reset, recurrent])])]));
    }

    private (string Reset, string Update) Halves(GraphBuilder graph, Cell cell, string gates)
    {
        var halves = graph.Add("Split", [gates, root.List(cell.Units, cell.Units)], 2, Attributes.Int("axis", 1));
        return (halves[0], halves[1]);
    }

    /// <summary>(1 - z) h + z g.</summary>
    private string NewState(GraphBuilder graph, string state, string update, string candidate)
    {
        var kept = graph.Add("Mul", [graph.Add("Sub", [root.Constant(1f), update]), state]);
        return graph.Add("Add", [kept, graph.Add("Mul", [update, candidate])]);
    }

    /// <summary>s h / |h|; no number where h has no direction.</summary>
    private string Direction(string state)
    {
        var square = root.Add("ReduceSum", [root.Add("Mul", [state, state]), root.List(1)], Attributes.Int("keepdims", 1));
        var factor = root.Add("Div", [root.Constant(network.CosineScale), root.Add("Sqrt", [square])]);
        var hasDirection = root.Add("GreaterOrEqual", [square, root.Constant(LeastSquare)]);
        return root.Add("Mul", [state, root.Add("Where", [hasDirection, factor, root.Constant(float.NaN)])]);
    }

    private string Constant(Weights weights) => Constant(weights, [weights.Rows, weights.Columns]);

    private string Constant(Weights weights, long[] shape)
    {
        if (_written.TryGetValue(weights.Name, out var before))
            return ReferenceEquals(before, weights) ? weights.Name : throw new InvalidOperationException($"Two matrices of weights are called '{weights.Name}'; expected a name of its own for each.");
        _written.Add(weights.Name, weights);
        var bytes = new byte[weights.Bytes];
        weights.Fill(MemoryMarshal.Cast<byte, float>(bytes.AsSpan()));
        return root.Floats(weights.Name, shape, bytes);
    }
}
