using System.Collections.Immutable;
using NextItem.Features;
using NextItem.Models.Gru4Rec;

namespace NextItem.Models.Prnn;

/// <summary>How the hidden states of the subnets become scores.</summary>
internal enum PrnnOutput
{
    /// <summary>o = sum_k w_k h_k V_k^T + b: an output matrix for each subnet.</summary>
    Parallel,

    /// <summary>o = (sum_k w_k h_k) V^T + b: one for all, of subnets with as many units.</summary>
    SharedWeights,

    /// <summary>o = w_1 h_1 V_1^T + sum_k w_k (h_1 * h_k) V_k^T + b: the others' states multiplied by the first one's.</summary>
    Interaction,
}

/// <summary>One thing that a subnet reads of an item: its identity (one-hot), or a block of features.</summary>
/// <param name="Name">Unique within the subnet; part of its parameters' names.</param>
/// <param name="Rows">[I x F] the features; null for the identity.</param>
internal sealed record PrnnInput(string Name, FeatureRows? Rows = null)
{
    /// <summary>The item itself.</summary>
    public static PrnnInput Id { get; } = new("id");
}

/// <summary>A GRU with its inputs. Several inputs of one subnet are the concatenated input of the paper.</summary>
/// <param name="Name">Unique; part of its parameters' names.</param>
/// <param name="Inputs">At least one.</param>
/// <param name="Units">Hidden units, d.</param>
internal sealed record PrnnSubnet(string Name, ImmutableArray<PrnnInput> Inputs, int Units)
{
    /// <summary>Dropout of the hidden state while the subnet is trained. Default 0.</summary>
    public float DropoutHidden { get; init; }

    /// <summary>w_k. Default 1.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>The subnet's learning rate as a multiple of the training's. Default 1.</summary>
    public float RateFactor { get; init; } = 1;
}

/// <summary>A p-RNN: subnets, and what joins them. One subnet that reads the item alone is GRU4Rec with one-hot input.</summary>
/// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016, section 3.</remarks>
/// <param name="Subnets">The first one has the items' bias.</param>
/// <param name="Output">How they are joined.</param>
/// <param name="Variant">Where the reset gates act.</param>
internal sealed record PrnnShape(ImmutableArray<PrnnSubnet> Subnets, PrnnOutput Output = PrnnOutput.Parallel, GruVariant Variant = GruVariant.ResetBefore)
{
    /// <summary>Output matrices: one for each subnet, or one for all.</summary>
    public int Heads => Output == PrnnOutput.SharedWeights ? 1 : Subnets.Length;

    /// <summary>The output matrix that a subnet's state is scored by.</summary>
    public int HeadOf(int subnet) => Output == PrnnOutput.SharedWeights ? 0 : subnet;
}
