using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <content>The way back through time: the gradient by the previous state.</content>
internal static unsafe partial class GruCell
{
    /// <summary>The gradient by the previous state, for lanes [start, end): what the step before gets from this one.</summary>
    /// <param name="weights">The layer.</param>
    /// <param name="work">Its workspace right after <see cref="BackwardLanes"/> of these lanes; all its scratch memory is overwritten.</param>
    /// <param name="start">First lane: a multiple of 16.</param>
    /// <param name="end">One past the last lane.</param>
    /// <param name="gradientPrevious">[B x H]: overwritten in these lanes.</param>
    public static void BackwardPrevious(GruWeights weights, GruWorkspace work, int start, int end, Matrix gradientPrevious)
    {
        if (end <= start)
            return;
        var width = weights.BlockWidth;
        var lanes = end - start;
        var resetBefore = weights.Variant == GruVariant.ResetBefore;
        for (var lane = start; lane < end; lane++)
            PreviousOfLane(work, lane, weights.Units, width, resetBefore, gradientPrevious.Row(lane));

        // What comes through the recurrent products, as U dA^T; through r * h it has been added above.
        var (block, blocks) = (resetBefore ? width : 0, resetBefore ? 2 * width : 3 * width);
        var byUnit = work.GradientGatesByUnit;
        if (!resetBefore)
            Transpose.Run(work.GradientRecurrentCandidate, start, end, width, byUnit.Top(width));
        if (weights.OneHot) // else they have been transposed for the input's gradient
            Transpose.Run(work.GradientGates.Block(width, 2 * width), start, end, 2 * width, byUnit.Slice(width, 2 * width));
        var product = work.ProductByUnit.Top(weights.Units);
        MatMul.Multiply(weights.Recurrent.Values.Block(block, blocks), byUnit.Slice(block, blocks).Block(start, lanes), product.Block(start, lanes), blocks);
        Transpose.RunBack(product, start, end, weights.Units, work.GradientState);
        for (var lane = start; lane < end; lane++)
        {
            var sum = new Span<float>(gradientPrevious.Row(lane), weights.Units);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(work.GradientState.Row(lane), sum.Length), sum);
        }
    }

    /// <summary>Element by element: g (1 - z), and where the reset gate acts before the product, r times the gradient by r * h.</summary>
    private static void PreviousOfLane(GruWorkspace work, int lane, int units, int width, bool resetBefore, float* sum)
    {
        var gradient = work.GradientState.Row(lane);
        var reset = work.Gates.Row(lane) + width;
        var update = reset + width;
        for (var i = 0; i < units; i++)
            sum[i] = gradient[i] * (1 - update[i]);
        if (!resetBefore)
            return;
        var product = work.ProductByUnit.Data + lane;
        var stride = work.ProductByUnit.Stride;
        for (var i = 0; i < units; i++)
            sum[i] += product[i * stride] * reset[i];
    }
}
