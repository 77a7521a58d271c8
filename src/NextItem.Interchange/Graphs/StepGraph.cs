using Onnx;

namespace NextItem.Interchange.Graphs;

/// <summary>One event of each session: item indices and states in, scores of all items and new states out.</summary>
internal static class StepGraph
{
    public static GraphProto Of(Network network)
    {
        var root = new GraphBuilder();
        var nodes = new NetworkNodes(root, network);
        var states = network.Cells.Length == 1
            ? ["state"]
            : root.Add("Split", ["state", root.List([.. network.Cells.Select(cell => (long)cell.Units)])], network.Cells.Length, Attributes.Int("axis", 1));
        var news = nodes.Step(root, "items", states);
        var output = nodes.Output(news);
        root.Name(nodes.Scores(output), "scores");
        root.Name(news.Length == 1 ? news[0] : root.Add("Concat", news, Attributes.Int("axis", 1)), "next_state");
        root.Name(nodes.Query(output, root.Add("Shape", ["items"])), "query");

        var graph = root.Graph;
        graph.Name = "step";
        graph.Input.Add(Attributes.Value("items", TensorProto.Types.DataType.Int64, "item index of each session's event; -1: none, the session stays as it is", "batch"));
        graph.Input.Add(Attributes.Value("state", TensorProto.Types.DataType.Float, "each session's state; zeros at its start", "batch", network.StateLength));
        graph.Output.Add(Attributes.Value("scores", TensorProto.Types.DataType.Float, "score of every item as the next one", "batch", network.Items));
        graph.Output.Add(Attributes.Value("next_state", TensorProto.Types.DataType.Float, "to be given with the session's next event", "batch", network.StateLength));
        graph.Output.Add(Attributes.Value("query", TensorProto.Types.DataType.Float, "scores are its products with the exported item vectors", "batch", network.QueryLength));
        return graph;
    }
}
