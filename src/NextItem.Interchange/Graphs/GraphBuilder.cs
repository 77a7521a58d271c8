using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace NextItem.Interchange.Graphs;

/// <summary>A graph as it is written down: every node has one output, whose name the next ones take. Bodies of loops share their graph's constants and names.</summary>
internal sealed class GraphBuilder
{
    private readonly GraphBuilder _root;
    private readonly Dictionary<string, string> _constants = [];
    private int _names;

    public GraphBuilder() => _root = this;

    private GraphBuilder(GraphBuilder outer) => _root = outer._root;

    /// <summary>What was written.</summary>
    public GraphProto Graph { get; } = new();

    /// <summary>A graph within a node of this one; it sees this one's constants and values.</summary>
    public GraphBuilder Body() => new(this);

    /// <summary>Adds a node.</summary>
    /// <param name="operation">An operator of ONNX.</param>
    /// <param name="inputs">Names of values.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The name of its output.</returns>
    public string Add(string operation, string[] inputs, params AttributeProto[] attributes) => Add(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Add(string operation, string[] inputs, int outputs, params AttributeProto[] attributes)
    {
        var names = new string[outputs];
        for (var i = 0; i < outputs; i++)
            names[i] = $"{operation}_{++_root._names}";
        var node = new NodeProto { OpType = operation, Name = names[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(names);
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
        return names;
    }

    /// <summary>Gives a value a second name, which an output of the graph has.</summary>
    public void Name(string value, string name)
    {
        Graph.Node.Add(new NodeProto { OpType = "Identity", Name = name, Input = { value }, Output = { name } });
    }

    /// <summary>Floats of a name: weights, or the default of an input. Written once.</summary>
    public string Floats(string name, long[] shape, byte[] values) => Tensor(name, shape, TensorProto.Types.DataType.Float, values);

    /// <summary>Floats of a name.</summary>
    public string Floats(string name, long[] shape, params float[] values) => Floats(name, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>Whole numbers of a name.</summary>
    public string Longs(string name, long[] shape, params long[] values) => Tensor(name, shape, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>One float, without dimensions.</summary>
    public string Constant(float value) => Constant(FormattableString.Invariant($"f{value:R}"), name => Floats(name, [], value));

    /// <summary>One whole number, without dimensions.</summary>
    public string Constant(long value) => Constant(FormattableString.Invariant($"i{value}"), name => Longs(name, [], value));

    /// <summary>A list of whole numbers: axes, sizes.</summary>
    public string List(params long[] values) => Constant($"l{string.Join('_', values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}", name => Longs(name, [values.Length], values));

    /// <summary>A truth value, without dimensions.</summary>
    public string Flag(string name, bool value) => Tensor(name, [], TensorProto.Types.DataType.Bool, [value ? (byte)1 : (byte)0]);

    private string Constant(string key, Func<string, string> make)
    {
        if (!_root._constants.TryGetValue(key, out var name))
            _root._constants[key] = name = make($"constant_{key}");
        return name;
    }

    private string Tensor(string name, long[] shape, TensorProto.Types.DataType type, byte[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(values) };
        tensor.Dims.AddRange(shape);
        _root.Graph.Initializer.Add(tensor);
        return name;
    }
}
