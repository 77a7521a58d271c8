using NextItem.Features;
using NextItem.Kernels;
using NextItem.Losses;
using NextItem.Models.Gru4Rec;
using NextItem.Models.Prnn;
using NextItem.Optimizers;

namespace NextItem.Training;

/// <summary>
/// What a training run allocates, from the options alone, so that it can be said before anything is allocated. Follows
/// <see cref="GruWorkspace"/> and <see cref="StepBuffers"/>; a test holds it against what they take.
/// </summary>
internal static class MemoryEstimate
{
    /// <summary>Of each member, in the loss's memory: the most that a loss takes of either kind.</summary>
    private const int LossRows = 6;

    /// <summary>Rows of items that a member works on together.</summary>
    private const int ItemBlock = 32;

    /// <summary>Bytes an item beside its parameters: where its column and slot are, the sampler's table and the loss's weights, and while they are built.</summary>
    private const long BytesPerItem = 40;

    /// <summary>
    /// Bytes of the parameters with their optimiser state, which the finished model takes over, the best epoch's where it is kept, the workspace, and the
    /// teachers.
    /// </summary>
    public static long Of(int itemCount, Gru4RecOptions options, IReadOnlyList<ISessionModel> teachers)
    {
        long parameters = 0;
        var states = TrainingSteps.States(options);
        foreach (var spec in Gru4RecParameters.Specs(options, itemCount))
        {
            var copies = (options.Patience > 0 ? 1 : 0) + (options.CosineScale > 0 ? 1 : 0); // the latter while it is validated
            var best = copies * (long)ParameterTable.StrideOf(spec.BlockColumns, spec.Blocks, 0);
            parameters += spec.Rows * (ParameterTable.StrideOf(spec.BlockColumns, spec.Blocks, states) + best);
        }

        var floats = parameters + Step(itemCount, options) + Layers(options);
        return (sizeof(float) * floats) + (itemCount * BytesPerItem) + Teachers(itemCount, options, teachers);
    }

    /// <summary>The same of a p-RNN; a joined copy of the output matrices, which each validation and the finished model take, included.</summary>
    public static long Of(int itemCount, PrnnOptions prnn, PrnnShape shape)
    {
        var options = prnn.Training;
        var states = StepChoice.States(options);
        long floats = (long)itemCount * ParameterTable.StrideOf(shape.VectorLength + 1, 1, 0);
        foreach (var spec in PrnnParameters.Specs(shape, itemCount))
        {
            long best = options.Patience > 0 ? ParameterTable.StrideOf(spec.BlockColumns, spec.Blocks, 0) : 0;
            floats += spec.Rows * (ParameterTable.StrideOf(spec.BlockColumns, spec.Blocks, states) + best);
        }

        long lanes = options.BatchSize, lanesAcross = Row(options.BatchSize);
        var columns = Math.Min(itemCount, lanes + options.NegativeSampleCount);
        floats += columns * lanesAcross * (options.Activation.IsIdentity ? 1 : 2);
        floats += options.Threads * 2L * LossRows * lanesAcross;
        var workspaces = prnn.Strategy == TrainingStrategy.Interleaving ? 2 : 1;
        foreach (var subnet in shape.Subnets)
        {
            var (units, gates) = (Row(subnet.Units), Row(GruWeights.Gates * SimdWidth.Padded(subnet.Units)));
            floats += workspaces * lanes * ((5L * units) + (3L * gates));
            floats += ((GruWeights.Gates + 4L) * SimdWidth.Padded(subnet.Units) * lanesAcross) + (lanes * 4L * units);
            floats += options.Threads * ((SimdWidth.Padded(subnet.Units) * lanesAcross) + ((long)ItemBlock * units) + ((long)GruCell.WeightRows * gates));
            floats += subnet.Inputs.Sum(input => input.Rows is SparseRows sparse ? 2L * lanes * sparse.Fullest : 0);
            floats += subnet.Inputs.Sum(input => input.Rows is DenseRows rows ? lanes * Row(rows.Width) : input.Rows?.Width ?? itemCount);
        }

        return (sizeof(float) * floats) + (itemCount * BytesPerItem);
    }

    /// <summary>Scores, the loss's memory, and what lies between the items' rows and the layers.</summary>
    private static long Step(int itemCount, Gru4RecOptions options)
    {
        long lanes = options.BatchSize, lanesAcross = Row(options.BatchSize), steps = options.BackpropagationSteps;
        var vector = options.Layers[^1] + 1;
        var input = Row(Math.Max(1, options.InputSize));
        var inputRow = options.Embedding switch
        {
            EmbeddingMode.Shared => Row(vector),
            EmbeddingMode.Separate => input,
            _ => Row(GruWeights.Gates * SimdWidth.Padded(options.Layers[0])),
        };
        var columns = Math.Min(itemCount, lanes + options.NegativeSampleCount);
        var scores = columns * lanesAcross * (options.Activation.IsIdentity ? 1 : 2); // logits, slopes
        var output = (lanes * Row(vector)) + (vector * lanesAcross);
        var inputs = steps * lanes * (inputRow + (2 * input)); // gradients of rows, dropout masks, gradients of inputs
        var ofMember = (((2 * LossRows) + SimdWidth.Padded(vector)) * lanesAcross)
            + (ItemBlock * Row(vector))
            + (GruCell.WeightRows * Row(GruWeights.Gates * SimdWidth.Padded(options.Layers.Max())));
        return scores + output + inputs + (options.Threads * ofMember);
    }

    /// <summary>Each layer's workspace, one a step of the window, with one scratch for all of them.</summary>
    private static long Layers(Gru4RecOptions options)
    {
        long lanes = options.BatchSize, lanesAcross = Row(options.BatchSize), steps = options.BackpropagationSteps;
        long floats = 0;
        var inputs = Math.Max(1, options.InputSize);
        foreach (var layer in options.Layers)
        {
            var padded = SimdWidth.Padded(layer);
            var (units, gates) = (Row(layer), Row(GruWeights.Gates * padded));
            var recurrent = options.Variant == GruVariant.ResetAfter ? gates : units;
            var kept = Row(inputs) + recurrent + (4 * units) + (2 * gates); // states before and after, mask, candidate's gradient; gates and theirs
            var scratch = (lanes * units) + ((((GruWeights.Gates + 1) * padded) + inputs) * lanesAcross);
            floats += (steps * lanes * kept) + scratch + (steps > 1 ? lanes * units : 0);
            inputs = layer;
        }

        return floats;
    }

    /// <summary>Bytes of what teachers are and do: their tables, which hold no items where these are mapped, their layers without a backward pass, outputs and scores.</summary>
    private static long Teachers(int itemCount, Gru4RecOptions options, IReadOnlyList<ISessionModel> teachers)
    {
        long lanes = options.BatchSize, lanesAcross = Row(options.BatchSize), floats = 0;
        var columns = Math.Min(itemCount, lanes + options.NegativeSampleCount);
        foreach (var model in teachers.OfType<Gru4RecModel>())
        {
            floats += model.Network.All.Tables.Sum(table => table.Rows * (long)table.Stride);
            floats += (columns * lanesAcross) + (options.Threads * (CrossEntropy.StatisticsPerLane + (long)CrossEntropy.FinalsPerLane) * lanesAcross);
            floats += (lanes * Row(model.VectorLength)) + (model.VectorLength * lanesAcross);
            foreach (var layer in model.Network.Layers)
            {
                var (units, gates) = (Row(layer.BlockWidth), Row(GruWeights.Gates * layer.BlockWidth));
                floats += lanes * (Row(Math.Max(1, layer.InputSize)) + (2L * units) + gates + (layer.Variant == GruVariant.ResetAfter ? gates : units));
            }
        }

        return teachers.Count == 0 ? 0 : (sizeof(float) * floats) + ((2 + teachers.Count) * (long)sizeof(int) * itemCount); // weights of items, and each teacher's index of them
    }

    /// <summary>Floats of a scratch matrix's row.</summary>
    private static int Row(int columns) => SimdWidth.Stride(SimdWidth.Padded(columns));
}
