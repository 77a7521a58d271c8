using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <summary>What one GRU layer computes for B lanes in a forward pass and keeps for the backward pass. One row a lane.</summary>
internal sealed class GruWorkspace : IDisposable
{
    private readonly Arena _arena = new();

    /// <summary>Allocates for a layer.</summary>
    /// <param name="weights">The layer.</param>
    /// <param name="lanes">The most lanes, B.</param>
    /// <param name="training">Whether the backward pass's buffers are wanted too.</param>
    /// <param name="scratch">Another step's workspace of the same layer, whose scratch memory is used too; null for its own.</param>
    public GruWorkspace(GruWeights weights, int lanes, bool training, GruWorkspace? scratch = null)
    {
        var units = weights.BlockWidth;
        var inputs = Math.Max(1, weights.InputSize); // a one-hot input is a row of weights, not a vector
        Input = _arena.Allocate(lanes, inputs);
        Previous = _arena.Allocate(lanes, units);
        State = _arena.Allocate(lanes, units);
        Gates = _arena.Allocate(lanes, GruWeights.Gates * units);
        Recurrent = _arena.Allocate(lanes, weights.Variant == GruVariant.ResetAfter ? GruWeights.Gates * units : units);
        if (!training)
            return;
        Mask = _arena.Allocate(lanes, units);
        GradientGates = _arena.Allocate(lanes, GruWeights.Gates * units);
        GradientRecurrentCandidate = _arena.Allocate(lanes, units);
        GradientState = scratch?.GradientState ?? _arena.Allocate(lanes, units);
        GradientGatesByUnit = scratch?.GradientGatesByUnit ?? _arena.Allocate(GruWeights.Gates * units, lanes);
        ProductByUnit = scratch?.ProductByUnit ?? _arena.Allocate(units, lanes);
        GradientInputByUnit = scratch?.GradientInputByUnit ?? _arena.Allocate(inputs, lanes);
    }

    /// <summary>[B x E]: the layer's input, after dropout.</summary>
    public Matrix Input { get; }

    /// <summary>[B x H]: h of the previous step; zero where a session starts.</summary>
    public Matrix Previous { get; }

    /// <summary>[B x H]: h of this step, after dropout; what carries on.</summary>
    public Matrix State { get; }

    /// <summary>[B x 3H]: candidate state h~, reset gate r, update gate z.</summary>
    public Matrix Gates { get; }

    /// <summary>Reset before: [B x H], r * h. Reset after: [B x 3H], h U + c; the candidate's block is needed again in backward.</summary>
    public Matrix Recurrent { get; }

    /// <summary>[B x H]: dropout mask, 0 or 1 / (1 - p).</summary>
    public Matrix Mask { get; }

    /// <summary>[B x H]: gradient by the new state. Scratch.</summary>
    public Matrix GradientState { get; }

    /// <summary>[B x 3H]: gradient by the gates' pre-activations (their input part).</summary>
    public Matrix GradientGates { get; }

    /// <summary>[B x H]: gradient by the candidate's recurrent product; used where the reset gate acts after it.</summary>
    public Matrix GradientRecurrentCandidate { get; }

    /// <summary>[3H x B]: <see cref="GradientGates"/> transposed. Scratch.</summary>
    public Matrix GradientGatesByUnit { get; }

    /// <summary>[H x B]: scratch for a product that comes out transposed.</summary>
    public Matrix ProductByUnit { get; }

    /// <summary>[E x B]: gradient by the layer's input, transposed. Scratch.</summary>
    public Matrix GradientInputByUnit { get; }

    /// <summary>Each lane's previous state: that of the lane it continues, or zero where a session starts.</summary>
    /// <param name="layers">The layers' workspaces.</param>
    /// <param name="batch">The mini-batch that is next.</param>
    public static unsafe void Carry(GruWorkspace[] layers, MiniBatch batch)
    {
        foreach (var layer in layers)
        {
            for (var lane = 0; lane < batch.Lanes; lane++)
            {
                var previous = new Span<float>(layer.Previous.Row(lane), layer.Previous.Columns);
                var source = batch.ContinuesLane[lane];
                if (source == MiniBatch.NewSession)
                    previous.Clear();
                else
                    new ReadOnlySpan<float>(layer.State.Row(source), previous.Length).CopyTo(previous);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
