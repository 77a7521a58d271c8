using System.Runtime.InteropServices;
using Onnx;

namespace NextItem.Interchange.Graphs;

/// <summary>Whole sessions in, the best K items of each out, as <see cref="Recommender"/> gives them.</summary>
internal static class SessionsGraph
{
    /// <summary>Writes the graph.</summary>
    /// <param name="network">The network.</param>
    /// <param name="support">[I] training events of each item: the scores where nothing is known of a session.</param>
    /// <param name="top">K where a call does not say it.</param>
    /// <param name="excludeSeen">Whether items of the session are left out where a call does not say it.</param>
    public static GraphProto Of(Network network, ReadOnlySpan<int> support, int top, bool excludeSeen)
    {
        var root = new GraphBuilder();
        var nodes = new NetworkNodes(root, network);
        root.Longs("k", [1], top);
        root.Flag("exclude_seen", excludeSeen);
        var zero = root.Constant(0L);

        var batch = root.Add("Shape", ["sessions"], Attributes.Int("start", 0), Attributes.Int("end", 1));
        var starts = network.Cells.Select(cell =>
            root.Add("Expand", [root.Constant(0f), root.Add("Concat", [batch, root.List(cell.Units)], Attributes.Int("axis", 0))]));
        var states = root.Add("Scan", [.. starts, "sessions"], network.Cells.Length, Attributes.Graph("body", Body(root, nodes, network)), Attributes.Int("num_scan_inputs", 1), Attributes.Ints("scan_input_axes", 1));

        var isKnown = root.Add("GreaterOrEqual", ["sessions", zero]); // [B x T]
        var least = root.Constant(float.NegativeInfinity);
        var scores = nodes.Scores(nodes.Output(states));
        scores = root.Add("Where", [root.Add("IsNaN", [scores]), least, scores]);

        // Added and not set, so that what is no item can add nothing to item 0.
        var taken = root.Add("Where", [root.Add("And", [isKnown, "exclude_seen"]), least, root.Constant(0f)]);
        scores = root.Add("ScatterElements", [scores, root.Add("Max", ["sessions", zero]), taken], Attributes.Int("axis", 1), String("reduction", "add"));

        var known = root.Add("ReduceMax", [root.Add("Cast", [isKnown], Attributes.Int("to", (long)TensorProto.Types.DataType.Int32))], Attributes.Ints("axes", 1), Attributes.Int("keepdims", 1));
        var isPopular = root.Add("Equal", [known, root.Add("Cast", [zero], Attributes.Int("to", (long)TensorProto.Types.DataType.Int32))]);
        scores = root.Add("Where", [isPopular, Popularity(root, support), scores]);

        var count = root.Add("Min", ["k", root.List(network.Items)]);
        var best = root.Add("TopK", [scores, count], 2, Attributes.Int("axis", 1));
        root.Name(best[0], "scores");
        root.Name(root.Add("Where", [root.Add("Equal", [best[0], least]), root.Constant(-1L), best[1]]), "items");
        root.Name(root.Add("Squeeze", [isPopular, root.List(1)]), "popular");

        var graph = root.Graph;
        graph.Name = "sessions";
        graph.Input.Add(Attributes.Value("sessions", TensorProto.Types.DataType.Int64, "item indices of each session, oldest first; -1 anywhere: none", "batch", "length"));
        graph.Input.Add(Attributes.Value("k", TensorProto.Types.DataType.Int64, "how many items are wanted", 1));
        graph.Input.Add(Attributes.Value("exclude_seen", TensorProto.Types.DataType.Bool, "whether the session's own items are left out"));
        graph.Output.Add(Attributes.Value("items", TensorProto.Types.DataType.Int64, "item indices, best first; -1: there is none any more", "batch", "found"));
        graph.Output.Add(Attributes.Value("scores", TensorProto.Types.DataType.Float, "their scores", "batch", "found"));
        graph.Output.Add(Attributes.Value("popular", TensorProto.Types.DataType.Bool, "the session has no item: these are the most popular ones", "batch"));
        return graph;
    }

    /// <summary>What runs for every place of the sessions: a step.</summary>
    private static GraphProto Body(GraphBuilder root, NetworkNodes nodes, Network network)
    {
        var body = root.Body();
        var states = network.Cells.Select((_, c) => FormattableString.Invariant($"state.{c}")).ToArray();
        var news = nodes.Step(body, "event", states);
        var graph = body.Graph;
        graph.Name = "event";
        for (var c = 0; c < states.Length; c++)
        {
            var to = $"{states[c]}.next";
            body.Name(news[c], to);
            graph.Input.Add(Attributes.Value(states[c], TensorProto.Types.DataType.Float, "state", "batch", network.Cells[c].Units));
            graph.Output.Add(Attributes.Value(to, TensorProto.Types.DataType.Float, "state", "batch", network.Cells[c].Units));
        }

        graph.Input.Add(Attributes.Value("event", TensorProto.Types.DataType.Int64, "item index of each session", "batch"));
        return graph;
    }

    private static string Popularity(GraphBuilder root, ReadOnlySpan<int> support)
    {
        var values = new float[support.Length];
        for (var item = 0; item < values.Length; item++)
            values[item] = support[item];
        return root.Floats("item.support", [1, values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    private static AttributeProto String(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = Google.Protobuf.ByteString.CopyFromUtf8(value) };
}
