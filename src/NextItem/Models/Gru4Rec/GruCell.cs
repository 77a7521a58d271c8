using System.Numerics.Tensors;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// One step of a GRU for a range of lanes, h' = (1 - z) * h + z * h~, in both variants. As in the papers each step sees the
/// previous state as a constant, unless training asks for the gradient by it.
/// </summary>
/// <remarks>Hidasi et al. 2016, section 3; Cho et al. 2014. Derivations: docs/derivations/gru.md, bptt.md.</remarks>
internal static unsafe partial class GruCell
{
    private const int Candidate = 0;
    private const int Reset = 1;
    private const int Update = 2;

    /// <summary>Computes <c>State</c>, before dropout, from <c>Input</c> and <c>Previous</c> for lanes [start, end).</summary>
    /// <param name="weights">The layer.</param>
    /// <param name="work">Its workspace: Gates, Recurrent and State are overwritten.</param>
    /// <param name="start">First lane.</param>
    /// <param name="end">One past the last lane.</param>
    /// <param name="items">[B] the input items, for one-hot input; an item below 0 adds nothing.</param>
    public static void Forward(GruWeights weights, GruWorkspace work, int start, int end, ReadOnlySpan<int> items)
    {
        var lanes = end - start;
        if (lanes <= 0)
            return;
        BeginGates(weights, work, start, end);
        var gates = work.Gates.Slice(start, lanes);
        if (weights.OneHot)
            AddRows(gates, weights.Input, items.Slice(start, lanes));
        else
            MatMul.Multiply(work.Input.Slice(start, lanes), weights.Input.Values, gates, weights.InputSize, accumulate: true);
        Recur(weights, work, start, end);
    }

    /// <summary>Sets the gates' pre-activations to the bias; the inputs' parts are added to them.</summary>
    public static void BeginGates(GruWeights weights, GruWorkspace work, int start, int end) =>
        FillRows(work.Gates.Slice(start, end - start), weights.InputBias.Row(0), GruWeights.Gates * weights.BlockWidth);

    /// <summary>The rest of <see cref="Forward"/>, once the inputs' parts stand in <c>Gates</c>.</summary>
    public static void Recur(GruWeights weights, GruWorkspace work, int start, int end)
    {
        var lanes = end - start;
        var width = weights.BlockWidth;
        var previous = work.Previous.Slice(start, lanes);
        var gates = work.Gates.Slice(start, lanes);
        if (weights.Variant == GruVariant.ResetBefore)
            ForwardResetBefore(weights, previous, gates, work.Recurrent.Slice(start, lanes));
        else
            ForwardResetAfter(weights, previous, gates, work.Recurrent.Slice(start, lanes));

        var newState = new NewState(gates, previous, work.State.Slice(start, lanes), width);
        SimdDispatch.Run(ref newState);
    }

    private static void ForwardResetBefore(GruWeights weights, Matrix previous, Matrix gates, Matrix resetPrevious)
    {
        var width = weights.BlockWidth;
        var recurrent = weights.Recurrent.Values;
        MatMul.Multiply(previous, recurrent.Block(width, 2 * width), gates.Block(width, 2 * width), weights.Units, accumulate: true);
        var work = new GatesBefore(gates, previous, resetPrevious, width);
        SimdDispatch.Run(ref work);
        MatMul.Multiply(resetPrevious, recurrent.Block(0, width), gates.Block(0, width), weights.Units, accumulate: true);
    }

    private static void ForwardResetAfter(GruWeights weights, Matrix previous, Matrix gates, Matrix product)
    {
        var width = weights.BlockWidth;
        FillRows(product, weights.RecurrentBias!.Row(0), GruWeights.Gates * width);
        MatMul.Multiply(previous, weights.Recurrent.Values, product, weights.Units, accumulate: true);
        var work = new GatesAfter(gates, product, width);
        SimdDispatch.Run(ref work);
    }

    private static void AddRows(Matrix gates, ParameterTable inputWeights, ReadOnlySpan<int> items)
    {
        for (var lane = 0; lane < gates.Rows; lane++)
        {
            if (items[lane] < 0)
                continue;
            var row = new Span<float>(gates.Row(lane), inputWeights.Width);
            TensorPrimitives.Add(row, new ReadOnlySpan<float>(inputWeights.Row(items[lane]), inputWeights.Width), row);
        }
    }

    private static void FillRows(Matrix matrix, float* row, int width)
    {
        for (var lane = 0; lane < matrix.Rows; lane++)
            new ReadOnlySpan<float>(row, width).CopyTo(new Span<float>(matrix.Row(lane), width));
    }
}
