using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>The weights of one GRU layer. Gate blocks stand in the order candidate | reset | update, each padded for itself.</summary>
internal sealed class GruWeights(ParameterSet all, int layer, int units, GruVariant variant, bool oneHot)
{
    /// <summary>Candidate, reset, update.</summary>
    public const int Gates = 3;

    /// <summary>Hidden units, H.</summary>
    public readonly int Units = units;

    /// <summary>Floats of a gate's block: H padded.</summary>
    public readonly int BlockWidth = SimdWidth.Padded(units);

    /// <summary>Where the reset gate acts.</summary>
    public readonly GruVariant Variant = variant;

    /// <summary>The input is one item, so that its row of the input weights is the whole product.</summary>
    public readonly bool OneHot = oneHot;

    /// <summary>[E x 3H]: input weights; [I x 3H] for one-hot input.</summary>
    public readonly ParameterTable Input = all[$"gru.{layer}.input_weights"];

    /// <summary>[H x 3H]: recurrent weights.</summary>
    public readonly ParameterTable Recurrent = all[$"gru.{layer}.recurrent_weights"];

    /// <summary>[1 x 3H]: bias of the input's part.</summary>
    public readonly ParameterTable InputBias = all[$"gru.{layer}.input_bias"];

    /// <summary>[1 x 3H]: bias of the recurrent part; only where the reset gate acts after the product.</summary>
    public readonly ParameterTable? RecurrentBias = variant == GruVariant.ResetAfter ? all[$"gru.{layer}.recurrent_bias"] : null;

    /// <summary>Length E of the layer's input; 0 where it is one-hot.</summary>
    public int InputSize => OneHot ? 0 : Input.Rows;
}
