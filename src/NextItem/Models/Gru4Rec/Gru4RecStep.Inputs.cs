using System.Numerics.Tensors;
using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <content>Dropout, and the update of the item rows that are inputs of the step.</content>
internal sealed unsafe partial class Gru4RecStep<TLoss, TRule>
{
    /// <summary>Inverted dropout of one lane's values; the mask is kept for the backward pass. Nothing happens at probability 0.</summary>
    private void Dropout(RandomStream stream, int layer, int lane, float probability, Span<float> values, float* mask)
    {
        if (probability == 0)
            return;
        var keep = 1 / (1 - probability);
        var blocks = (values.Length + 3) / 4;
        for (var block = 0; block < blocks; block++)
        {
            var words = _random.At(stream, layer, _step, (uint)((lane * blocks) + block));
            var i = block * 4;
            Keep(words.A, i);
            Keep(words.B, i + 1);
            Keep(words.C, i + 2);
            Keep(words.D, i + 3);
        }

        TensorPrimitives.Multiply(values, new ReadOnlySpan<float>(mask, values.Length), values);

        // The mask's row is padded to 16 floats, so up to three elements past the end may be written.
        void Keep(uint word, int i) => mask[i] = CounterRandom.ToUnit(word) >= probability ? keep : 0;
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

    /// <summary>Each distinct input item gets one update with the sum of its gradients: as a scored item, if it is one, and as an input.</summary>
    private void UpdateInputs(int member)
    {
        var (start, end) = WorkerTeam.Share(member, _team.Members, _columns.InputCount);
        var items = _parameters.Items;
        var embedding = _parameters.EmbeddingSize;
        for (var slot = start; slot < end; slot++)
        {
            if (!_columns.InputIsScored[slot])
                new Span<float>(_buffers.Deferred.Row(slot), items.Width).Clear();
        }

        for (var lane = 0; lane < _columns.Lanes; lane++)
        {
            var slot = _columns.SlotOfLane[lane];
            if (slot < start || slot >= end)
                continue;
            var sum = new Span<float>(_buffers.Deferred.Row(slot), embedding);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(_buffers.GradientInput.Row(lane), embedding), sum);
        }

        for (var slot = start; slot < end; slot++)
        {
            var row = items.Row(_columns.InputItems[slot]);
            if (_columns.InputIsScored[slot])
                _rule.Update(row, _buffers.Deferred.Row(slot), items.Width);
            else
                UpdateVectorOnly(row, _buffers.Deferred.Row(slot), items.Width, embedding);
        }
    }

    /// <summary>An item that is only an input has no gradient for its bias: neither the bias nor its optimiser state may move.</summary>
    private void UpdateVectorOnly(float* row, float* gradient, int width, int bias)
    {
        var kept = stackalloc float[1 + TRule.States];
        for (var part = 0; part <= TRule.States; part++)
            kept[part] = row[(part * width) + bias];
        _rule.Update(row, gradient, width);
        for (var part = 0; part <= TRule.States; part++)
            row[(part * width) + bias] = kept[part];
    }
}
