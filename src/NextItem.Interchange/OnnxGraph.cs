namespace NextItem.Interchange;

/// <summary>What an ONNX file computes; each file has one graph.</summary>
public enum OnnxGraph
{
    /// <summary>One event of each session: item indices and states in, scores of all items and new states out.</summary>
    Step,

    /// <summary>A padded batch of sessions in, the best K items of each out.</summary>
    Sessions,
}
