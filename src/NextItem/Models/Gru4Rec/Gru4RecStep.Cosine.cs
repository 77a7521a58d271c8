using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <content>What <see cref="Gru4RecOptions.CosineScale"/> adds: the directions of states and rows in place of themselves, forward and back.</content>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule>
{
    private readonly float[] _outputFactors; // [B] s / |h|
    private readonly float[] _inverseNorms;  // [D] 1 / |v|
    private readonly Arena _residualArena = new();
    private readonly Matrix _residuals;      // [B x V] directions of the last items, then the gradients by them; only with a residual weight

    /// <summary>Whether items are multiplied with something made of the last state.</summary>
    private bool HasDirections => TrialOutputs.ScaleOf(_options) > 0;

    private bool IsCosine => _options.CosineScale > 0;

    /// <summary>Whether an input is a row that is seen by its direction.</summary>
    private bool HasCosineInputs => IsCosine && _parameters.Embedding == EmbeddingMode.Shared;

    /// <summary>A lane's output is s h / |h|, or what else the options make of it, and a bias has no part in cosines.</summary>
    private void WriteDirection(int lane, float* state, float* output)
    {
        float* item = null;
        if (_options.ResidualWeight > 0)
            CosineScores.Write(_parameters.Inputs.Row(_window.ItemsOf(_window.Steps - 1)[lane]), _parameters.VectorLength, 1, item = _residuals.Row(lane));
        _outputFactors[lane] = TrialOutputs.Write(_options, state, item, _parameters.VectorLength, output);
        output[_parameters.VectorLength] = IsCosine ? 0 : 1;
    }

    /// <summary>The residual connection's part of the gradient by the inputs, which no dropout is on.</summary>
    private void AddResiduals(Matrix gradientInput, int start, int end)
    {
        for (var lane = start; lane < end && _options.ResidualWeight > 0; lane++)
        {
            var gradient = new Span<float>(gradientInput.Row(lane), _parameters.InputSize);
            TensorPrimitives.Add(gradient, new ReadOnlySpan<float>(_residuals.Row(lane), gradient.Length), gradient);
        }
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
            var gradient = new Span<float>(gradientState.Row(lane), length);
            TrialOutputs.Back(_options, _buffers.Output.Row(lane), _outputFactors[lane], length, gradientState.Row(lane));
            if (_options.ResidualWeight > 0)
                TensorPrimitives.Multiply(gradient, _options.ResidualWeight, new Span<float>(_residuals.Row(lane), length));
            if (TrialOutputs.HasMeanOff(_options))
                TrialOutputs.TakeMeanOff(gradient);
        }
    }

    /// <summary>An input's part of a row's gradient: what <see cref="ScaleByNorms"/> does for the scores.</summary>
    private static void AddScaled(ReadOnlySpan<float> gradient, float inverseNorm, Span<float> sum) =>
        TensorPrimitives.MultiplyAdd(gradient, inverseNorm, sum, sum);
}
