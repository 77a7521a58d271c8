using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <content>What <see cref="Gru4RecOptions.CosineScale"/> adds: the directions of states and rows in place of themselves, forward and back.</content>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule>
{
    private readonly float[] _outputFactors; // [B] s / |h|
    private readonly float[] _inverseNorms;  // [D] 1 / |v|

    private bool IsCosine => _options.CosineScale > 0;

    /// <summary>Whether an input is a row that is seen by its direction.</summary>
    private bool HasCosineInputs => IsCosine && _parameters.Embedding == EmbeddingMode.Shared;

    /// <summary>A lane's output is s h / |h|, and a bias has no part in it.</summary>
    private void WriteDirection(int lane, float* state, float* output)
    {
        _outputFactors[lane] = CosineScores.Write(state, _parameters.VectorLength, _options.CosineScale, output);
        output[_parameters.VectorLength] = 0;
    }

    /// <summary>Turns products with rows into products with their directions.</summary>
    private void ScaleLogits(Matrix logits, float** rows, int first, int count)
    {
        for (var i = 0; i < count; i++)
            _inverseNorms[first + i] = CosineScores.InverseNorm(rows[i], _parameters.VectorLength);
        ScaleByNorms(logits, first, count);
    }

    /// <summary>The same on the way back: what is multiplied with a row on the one side and added to its gradient on the other has 1 / |v| as a factor.</summary>
    private void ScaleByNorms(Matrix logits, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            var row = new Span<float>(logits.Row(i), _batch!.Lanes);
            TensorPrimitives.Multiply(row, _inverseNorms[i], row);
        }
    }

    /// <summary>From the gradient by s h / |h| to that by h.</summary>
    private void BackThroughDirections(Matrix gradientState, int start, int end)
    {
        var length = _parameters.VectorLength;
        for (var lane = start; lane < end; lane++)
        {
            var gradient = gradientState.Row(lane);
            CosineScores.Project(_buffers.Output.Row(lane), length, 1 / _options.CosineScale, gradient);
            var all = new Span<float>(gradient, length);
            TensorPrimitives.Multiply(all, _outputFactors[lane], all);
        }
    }

    /// <summary>An input's part of a row's gradient: what <see cref="ScaleByNorms"/> does for the scores.</summary>
    private static void AddScaled(ReadOnlySpan<float> gradient, float inverseNorm, Span<float> sum) =>
        TensorPrimitives.MultiplyAdd(gradient, inverseNorm, sum, sum);
}
