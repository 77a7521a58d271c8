using Onnx;

namespace NextItem.Interchange.Graphs;

/// <summary>Attributes of nodes and descriptions of inputs and outputs, in ONNX's own words.</summary>
internal static class Attributes
{
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    public static AttributeProto Graph(string name, GraphProto graph) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = graph };

    /// <summary>An input or output.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="says">What it is, for people.</param>
    /// <param name="shape">Dimensions: a number, or the name of one that every call may choose.</param>
    public static ValueInfoProto Value(string name, TensorProto.Types.DataType type, string says, params object[] shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
            dimensions.Dim.Add(size is string any ? new TensorShapeProto.Types.Dimension { DimParam = any } : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(size, System.Globalization.CultureInfo.InvariantCulture) });
        return new ValueInfoProto
        {
            Name = name,
            DocString = says,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions } },
        };
    }
}
