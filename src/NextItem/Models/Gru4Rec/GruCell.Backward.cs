using System.Numerics.Tensors;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <content>The backward pass: first what each lane can do for itself, then the weights' gradients, a sum over the lanes.</content>
internal static unsafe partial class GruCell
{
    /// <summary>Weight rows whose gradients are formed together: a panel of the gates' gradients is fetched once for all of them.</summary>
    public const int WeightRows = 32;

    /// <summary>
    /// From the gradient by the new state to those by the gates' pre-activations and by the layer's input, for lanes
    /// [start, end). Weights are read, not changed.
    /// </summary>
    /// <param name="weights">The layer.</param>
    /// <param name="work">Its workspace after <see cref="Forward"/>; GradientState is read, all other gradients are overwritten.</param>
    /// <param name="start">First lane: a multiple of 16, since lanes lie along the vector here.</param>
    /// <param name="end">One past the last lane.</param>
    public static void BackwardLanes(GruWeights weights, GruWorkspace work, int start, int end)
    {
        if (end <= start)
            return;
        BackwardGates(weights, work, start, end);
        if (weights.OneHot)
            return; // the gates' gradient is the gradient of the input row
        var (lanes, all) = (end - start, GruWeights.Gates * weights.BlockWidth);
        Transpose.Run(work.GradientGates, start, end, all, work.GradientGatesByUnit);
        MatMul.Multiply(weights.Input.Values, work.GradientGatesByUnit.Block(start, lanes), work.GradientInputByUnit.Block(start, lanes), all);
    }

    /// <summary>The part of <see cref="BackwardLanes"/> up to the gates' pre-activations.</summary>
    public static void BackwardGates(GruWeights weights, GruWorkspace work, int start, int end)
    {
        var width = weights.BlockWidth;
        var resetBefore = weights.Variant == GruVariant.ResetBefore;
        var lanes = end - start;
        var (gates, previous, gradientGates) = (work.Gates.Slice(start, lanes), work.Previous.Slice(start, lanes), work.GradientGates.Slice(start, lanes));
        var backward = new CandidateAndUpdateBackward(work.GradientState.Slice(start, lanes), gates, previous, gradientGates, width);
        SimdDispatch.Run(ref backward);
        if (resetBefore)
        {
            // d(r * h) = dA_candidate U_candidate^T, as (U_candidate dA_candidate^T)^T; it takes the reset gate's place for a moment.
            var candidate = work.GradientGatesByUnit.Top(width);
            Transpose.Run(work.GradientGates, start, end, width, candidate);
            var product = work.ProductByUnit.Top(weights.Units);
            MatMul.Multiply(weights.Recurrent.Values, candidate.Block(start, lanes), product.Block(start, lanes), weights.Units);
            Transpose.RunBack(product, start, end, weights.Units, work.GradientGates.Block(Reset * width, width));
            var reset = new ResetBackward(gradientGates.Block(Reset * width, width), previous, gates, gradientGates, byProduct: default, width);
            SimdDispatch.Run(ref reset);
        }
        else
        {
            var reset = new ResetBackward(
                gradientGates.Block(Candidate * width, width), work.Recurrent.Slice(start, lanes), gates, gradientGates, work.GradientRecurrentCandidate.Slice(start, lanes), width);
            SimdDispatch.Run(ref reset);
        }
    }

    /// <summary>Forms the gradient of a share of the layer's weights, a sum over lanes and steps, and applies the rule to each row, once.</summary>
    /// <param name="weights">The layer; updated in place.</param>
    /// <param name="steps">[n] its workspaces after <see cref="BackwardLanes"/> of all lanes, the oldest step first.</param>
    /// <param name="segments">Which rows of which steps.</param>
    /// <param name="rule">What is done with each row and its gradient.</param>
    /// <param name="learningRate">The rate of this step.</param>
    /// <param name="scratch">[<see cref="WeightRows"/> x 3H].</param>
    /// <param name="member">Which share.</param>
    /// <param name="members">Of how many.</param>
    public static void UpdateWeights<TRule>(
        GruWeights weights, GruWorkspace[] steps, ReadOnlySpan<WindowSegment> segments, TRule rule, float learningRate, Matrix scratch, int member, int members)
        where TRule : struct, IRowRule
    {
        var width = weights.BlockWidth;
        var gates = GruWeights.Gates * width;
        var (start, end) = WorkerTeam.Share(member, members, weights.InputSize, MatMul.TileRows);
        for (var row = start; row < end; row += scratch.Rows)
        {
            var rows = scratch.Top(Math.Min(scratch.Rows, end - row)).Block(0, gates);
            for (var i = 0; i < segments.Length; i++)
            {
                var (step, first, lanes) = segments[i];
                MatMul.MultiplyTransposed(
                    Columns(steps[step].Input.Slice(first, lanes), row), steps[step].GradientGates.Slice(first, lanes), rows, lanes, accumulate: i > 0);
            }

            Apply(weights.Input, row, rows, rule, learningRate);
        }

        UpdateRecurrent(weights, steps, segments, rule, learningRate, scratch, member, members);
    }

    /// <summary>The part of <see cref="UpdateWeights"/> beside the input weights.</summary>
    public static void UpdateRecurrent<TRule>(
        GruWeights weights, GruWorkspace[] steps, ReadOnlySpan<WindowSegment> segments, TRule rule, float learningRate, Matrix scratch, int member, int members)
        where TRule : struct, IRowRule
    {
        var width = weights.BlockWidth;
        var gates = GruWeights.Gates * width;
        var (start, end) = WorkerTeam.Share(member, members, weights.Units, MatMul.TileRows);
        for (var row = start; row < end; row += scratch.Rows)
        {
            var rows = scratch.Top(Math.Min(scratch.Rows, end - row));
            for (var i = 0; i < segments.Length; i++)
                RecurrentGradient(weights, steps[segments[i].Step], segments[i], row, rows, width, accumulate: i > 0);
            Apply(weights.Recurrent, row, rows, rule, learningRate);
        }

        if (member != 0)
            return;
        new Span<float>(scratch.Row(0), gates).Clear();
        foreach (var (step, first, lanes) in segments)
            AddLanes(steps[step].GradientGates.Slice(first, lanes), scratch.Row(0), gates);
        rule.Update(weights.InputBias.Row(0), scratch.Row(0), gates, learningRate);
        if (weights.RecurrentBias is null)
            return;
        new Span<float>(scratch.Row(0), width).Clear(); // the two gates' sums are the same as above
        foreach (var (step, first, lanes) in segments)
            AddLanes(steps[step].GradientRecurrentCandidate.Slice(first, lanes), scratch.Row(0), width);
        rule.Update(weights.RecurrentBias.Row(0), scratch.Row(0), gates, learningRate);
    }

    private static void RecurrentGradient(GruWeights weights, GruWorkspace work, WindowSegment segment, int row, Matrix rows, int width, bool accumulate)
    {
        var (_, first, lanes) = segment;
        var previous = Columns(work.Previous.Slice(first, lanes), row);
        var gates = work.GradientGates.Slice(first, lanes);
        MatMul.MultiplyTransposed(previous, gates.Block(width, 2 * width), rows.Block(width, 2 * width), lanes, accumulate);
        if (weights.Variant == GruVariant.ResetBefore)
            MatMul.MultiplyTransposed(Columns(work.Recurrent.Slice(first, lanes), row), gates.Block(0, width), rows.Block(0, width), lanes, accumulate);
        else
            MatMul.MultiplyTransposed(previous, work.GradientRecurrentCandidate.Slice(first, lanes), rows.Block(0, width), lanes, accumulate);
    }

    /// <summary>Applies the rule to consecutive rows of a table.</summary>
    public static void Apply<TRule>(ParameterTable table, int firstRow, Matrix gradients, TRule rule, float learningRate)
        where TRule : struct, IRowRule
    {
        for (var i = 0; i < gradients.Rows; i++)
            rule.Update(table.Row(firstRow + i), gradients.Row(i), table.Width, learningRate);
    }

    private static void AddLanes(Matrix matrix, float* sum, int width)
    {
        for (var lane = 0; lane < matrix.Rows; lane++)
            TensorPrimitives.Add(
                new ReadOnlySpan<float>(sum, width), new ReadOnlySpan<float>(matrix.Row(lane), width), new Span<float>(sum, width));
    }

    /// <summary>A matrix without its first columns; only for reading it transposed, where alignment does not matter.</summary>
    internal static Matrix Columns(Matrix matrix, int start) => new(matrix.Data + start, matrix.Rows, matrix.Columns - start, matrix.Stride);
}
