using NextItem.Kernels;
using NextItem.Models.Gru4Rec;

namespace NextItem.Training;

/// <summary>
/// What a training run allocates, from the options alone, so that it can be said before anything is allocated. Follows
/// <see cref="GruWorkspace"/> and <see cref="StepBuffers"/>; a test holds it against what they take.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>Of each member, in the loss's memory: the most that a loss takes of either kind.</summary>
    private const int LossRows = 6;

    /// <summary>Rows of items, and of weights, that a member works on together.</summary>
    private const int ItemBlock = 32, WeightRows = 8;

    /// <summary>Bytes an item beside its parameters: where its column and slot are, the sampler's table and the loss's weights, and while they are built.</summary>
    private const long BytesPerItem = 40;

    /// <summary>Bytes of the parameters with their optimiser state, the finished model, the best epoch's where it is kept, and the workspace.</summary>
    public static long Of(int itemCount, Gru4RecOptions options)
    {
        long values = 0;
        foreach (var spec in Gru4RecParameters.Specs(options, itemCount))
            values += (long)spec.Rows * SimdWidth.Padded(spec.BlockColumns) * spec.Blocks;
        var copies = 1 + TrainingSteps.States(options) + (options.Patience > 0 ? 2 : 1);
        var floats = (values * copies) + Step(itemCount, options) + Layers(options);
        return (sizeof(float) * floats) + (itemCount * BytesPerItem);
    }

    /// <summary>Scores, the loss's memory, and what lies between the items' rows and the layers.</summary>
    private static long Step(int itemCount, Gru4RecOptions options)
    {
        long lanes = options.BatchSize, lanesAcross = SimdWidth.Padded(options.BatchSize), steps = options.BackpropagationSteps;
        var vector = options.Layers[^1] + 1;
        var input = SimdWidth.Padded(Math.Max(1, options.InputSize));
        var inputRow = options.Embedding switch
        {
            EmbeddingMode.Shared => SimdWidth.Padded(vector),
            EmbeddingMode.Separate => input,
            _ => GruWeights.Gates * SimdWidth.Padded(options.Layers[0]),
        };
        var columns = Math.Min(itemCount, lanes + options.NegativeSampleCount);
        var scores = columns * lanesAcross * (options.Activation.IsIdentity ? 1 : 2); // logits, slopes
        var output = (lanes * SimdWidth.Padded(vector)) + (vector * lanesAcross);
        var inputs = steps * lanes * (inputRow + (2 * input)); // gradients of rows, dropout masks, gradients of inputs
        var ofMember = (((2 * LossRows) + vector) * lanesAcross)
            + (2 * ItemBlock * SimdWidth.Padded(vector))
            + (WeightRows * GruWeights.Gates * SimdWidth.Padded(options.Layers.Max()));
        return scores + output + inputs + (options.Threads * ofMember);
    }

    /// <summary>Each layer's workspace, one a step of the window, with one scratch for all of them.</summary>
    private static long Layers(Gru4RecOptions options)
    {
        long lanes = options.BatchSize, lanesAcross = SimdWidth.Padded(options.BatchSize), steps = options.BackpropagationSteps;
        long floats = 0;
        var inputs = Math.Max(1, options.InputSize);
        foreach (var layer in options.Layers)
        {
            var units = SimdWidth.Padded(layer);
            var recurrent = options.Variant == GruVariant.ResetAfter ? GruWeights.Gates * units : units;
            var kept = SimdWidth.Padded(inputs) + recurrent + ((4 + (2 * GruWeights.Gates)) * units); // states before and after, mask, candidate's gradient; gates and theirs
            var scratch = (lanes * units) + ((((GruWeights.Gates + 1) * units) + inputs) * lanesAcross);
            floats += (steps * lanes * kept) + scratch + (steps > 1 ? lanes * units : 0);
            inputs = layer;
        }

        return floats;
    }
}
