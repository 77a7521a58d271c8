namespace NextItem;

/// <summary>Where the reset gate acts in a GRU. The two are different networks; results agree to about one per cent.</summary>
public enum GruVariant
{
    /// <summary>
    /// The reset gate multiplies the previous hidden state before the recurrent product: h~ = tanh(x W + (r * h) U + b).
    /// The papers' variant and the default.
    /// </summary>
    ResetBefore,

    /// <summary>
    /// The reset gate multiplies the recurrent product, which has a bias of its own: h~ = tanh(x W + b + r * (h U + c)).
    /// The variant of cuDNN, of PyTorch's GRUCell and of ONNX with linear_before_reset = 1.
    /// </summary>
    ResetAfter,
}
