using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>The weights of one GRU layer. Gate blocks stand in the order candidate | reset | update, each padded for itself.</summary>
/// <param name="recurrent">[H x 3H]: recurrent weights.</param>
/// <param name="inputBias">[1 x 3H]: bias of the input's part.</param>
/// <param name="recurrentBias">[1 x 3H]: bias of the recurrent part; null where the reset gate acts before the product.</param>
/// <param name="input">[E x 3H], or [I x 3H] for one-hot input: input weights; null where the inputs are others' business.</param>
/// <param name="oneHot">The input is one item.</param>
internal sealed class GruWeights(ParameterTable recurrent, ParameterTable inputBias, ParameterTable? recurrentBias, ParameterTable? input, bool oneHot)
{
    /// <summary>A layer of a network whose parameters are called by its number.</summary>
    public GruWeights(ParameterSet all, int layer, GruVariant variant, bool oneHot)
        : this(
            all[$"gru.{layer}.recurrent_weights"],
            all[$"gru.{layer}.input_bias"],
            variant == GruVariant.ResetAfter ? all[$"gru.{layer}.recurrent_bias"] : null,
            all[$"gru.{layer}.input_weights"],
            oneHot)
    {
    }

    /// <summary>Candidate, reset, update.</summary>
    public const int Gates = 3;

    /// <summary>Hidden units, H.</summary>
    public readonly int Units = recurrent.Rows;

    /// <summary>Floats of a gate's block: H padded.</summary>
    public readonly int BlockWidth = SimdWidth.Padded(recurrent.Rows);

    /// <summary>Where the reset gate acts.</summary>
    public readonly GruVariant Variant = recurrentBias is null ? GruVariant.ResetBefore : GruVariant.ResetAfter;

    /// <summary>The input is one item, so that its row of the input weights is the whole product.</summary>
    public readonly bool OneHot = oneHot;

    /// <summary>[E x 3H]: input weights; [I x 3H] for one-hot input.</summary>
    public ParameterTable Input => input ?? throw new InvalidOperationException("The inputs of this GRU are added by its owner.");

    /// <summary>[H x 3H]: recurrent weights.</summary>
    public readonly ParameterTable Recurrent = recurrent;

    /// <summary>[1 x 3H]: bias of the input's part.</summary>
    public readonly ParameterTable InputBias = inputBias;

    /// <summary>[1 x 3H]: bias of the recurrent part; only where the reset gate acts after the product.</summary>
    public readonly ParameterTable? RecurrentBias = recurrentBias;

    /// <summary>Length E of the layer's input; 0 where it is one-hot.</summary>
    public int InputSize => OneHot || input is null ? 0 : input.Rows;
}
