using System.Numerics.Tensors;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <content>The inputs' way in and out: reading their rows, dropout, and the rows' update.</content>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule>
{
    private void ReadInputs(int step, int start, int end)
    {
        var items = _window.ItemsOf(step);
        for (var lane = start; lane < end; lane++)
        {
            var input = new Span<float>(_layers[0][step].Input.Row(lane), _parameters.InputSize);
            if (HasCosineInputs)
                CosineScores.Write(_parameters.Inputs.Row(items[lane]), input.Length, 1, _layers[0][step].Input.Row(lane));
            else
                new ReadOnlySpan<float>(_parameters.Inputs.Row(items[lane]), input.Length).CopyTo(input);
            Dropout(step, RandomStream.EmbeddingDropout, 0, lane, _options.DropoutEmbedding, input, _buffers.InputMaskOf(step).Row(lane));
        }
    }

    /// <summary>
    /// Inverted dropout of one row's values; the mask is kept for the backward pass, and for as long as its step is in the window.
    /// Nothing happens at probability 0.
    /// </summary>
    private void Dropout(int step, RandomStream stream, int layer, int row, float probability, Span<float> values, float* mask)
    {
        if (probability == 0)
            return;
        if (step == _window.Steps - 1)
            DropoutMask.Draw(_random, stream, layer, _step, _window.LaneOf(row), probability, new Span<float>(mask, values.Length));
        TensorPrimitives.Multiply(values, new ReadOnlySpan<float>(mask, values.Length), values);
    }

    private static void Mask(float probability, Matrix gradient, Matrix mask, int start, int end, int width)
    {
        if (probability == 0)
            return;
        for (var lane = start; lane < end; lane++)
        {
            var row = new Span<float>(gradient.Row(lane), width);
            TensorPrimitives.Multiply(row, new ReadOnlySpan<float>(mask.Row(lane), width), row);
        }
    }

    /// <summary>
    /// Each distinct input item gets one update with the sum of its gradients: as an input, and, where the embedding is shared,
    /// as a scored item too.
    /// </summary>
    private void UpdateInputs(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.InputCount);
        var rows = _parameters.Inputs;
        for (var slot = start; slot < end; slot++)
        {
            if (!_columns.InputIsScored[slot])
                new Span<float>(_buffers.Deferred.Row(slot), rows.Width).Clear();
        }

        foreach (var (step, first, count) in _window.Segments)
        {
            // One-hot: the input row is part of the gates' pre-activation itself.
            var (gradients, length) = _parameters.Embedding == EmbeddingMode.None
                ? (_layers[0][step].GradientGates, rows.Width)
                : (_buffers.GradientInputOf(step), _parameters.InputSize);
            var slots = step == _window.Steps - 1 ? _columns.SlotOfLane : _window.SlotsOf(step);
            for (var lane = first; lane < first + count; lane++)
            {
                var slot = slots[lane];
                if (slot < start || slot >= end)
                    continue;
                var sum = new Span<float>(_buffers.Deferred.Row(slot), length);
                var gradient = new ReadOnlySpan<float>(gradients.Row(lane), length);
                if (HasCosineInputs)
                    AddScaled(gradient, CosineScores.InverseNorm(rows.Row(_columns.InputItems[slot]), length), sum);
                else
                    TensorPrimitives.Add(sum, gradient, sum);
            }
        }

        for (var slot = start; slot < end; slot++)
        {
            var row = rows.Row(_columns.InputItems[slot]);
            if (HasCosineInputs)
                CosineScores.Project(row, _parameters.VectorLength, CosineScores.InverseNorm(row, _parameters.VectorLength), _buffers.Deferred.Row(slot));
            if (_parameters.Embedding != EmbeddingMode.Shared || _columns.InputIsScored[slot])
                _rule.Update(row, _buffers.Deferred.Row(slot), rows.Width, _learningRate);
            else
                UpdateVector(_rule, row, _buffers.Deferred.Row(slot), rows.Width, _parameters.VectorLength, _learningRate);
        }
    }

    /// <summary>An item that is only an input has no gradient for its bias: neither the bias nor its optimiser state may move.</summary>
    internal static void UpdateVector<TUpdate>(TUpdate rule, float* row, float* gradient, int width, int bias, float learningRate)
        where TUpdate : struct, IRowRule
    {
        var kept = stackalloc float[1 + TUpdate.States];
        for (var part = 0; part <= TUpdate.States; part++)
            kept[part] = row[(part * width) + bias];
        rule.Update(row, gradient, width, learningRate);
        for (var part = 0; part <= TUpdate.States; part++)
            row[(part * width) + bias] = kept[part];
    }
}
