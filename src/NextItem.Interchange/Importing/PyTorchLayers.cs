using NextItem.Interchange.Arrays;
using NextItem.Optimizers;

namespace NextItem.Interchange.Importing;

/// <summary>How a GRU of the authors' PyTorch version becomes one of ours.</summary>
internal static class PyTorchLayers
{
    private const int Candidate = 0;
    private const int Reset = 1;
    private const int Update = 2;

    /// <summary>
    /// A layer that is a <c>torch.nn.GRUCell</c>: matrices are [3H x in], gates stand in the order reset, update, candidate, and 1 - z stands where
    /// we have z, so that the update gate changes its sign.
    /// </summary>
    public static void ReadCell(NpzArchive arrays, int layer, int input, int units, Func<string, ParameterTable> table)
    {
        // By our gates: the candidate is their third block, reset the first, update the second.
        ReadOnlySpan<int> theirs = [2, 0, 1];
        Transposed(arrays.Floats($"G.{layer}.weight_ih", 3 * units, input), input, units, theirs, table($"gru.{layer}.input_weights"));
        Transposed(arrays.Floats($"G.{layer}.weight_hh", 3 * units, units), units, units, theirs, table($"gru.{layer}.recurrent_weights"));
        Transposed(arrays.Floats($"G.{layer}.bias_ih", 3 * units), 1, units, theirs, table($"gru.{layer}.input_bias"));
        Transposed(arrays.Floats($"G.{layer}.bias_hh", 3 * units), 1, units, theirs, table($"gru.{layer}.recurrent_bias"));
    }

    /// <summary>
    /// The first layer without an embedding, <c>GRUEmbedding</c>: a row an item, gates in our order, z as ours. Its present form resets before
    /// the product (Wrz0 and Wh0), an older one after it (Wh0 alone, three gates wide, without recurrent biases).
    /// </summary>
    public static void ReadOneHot(NpzArchive arrays, int items, int units, bool resetsBefore, Func<string, ParameterTable> table)
    {
        Copy(arrays.Floats("GE.Wx0.weight", items, 3 * units), 3 * units, units, [Candidate, Reset, Update], table("gru.0.input_weights"));
        Copy(arrays.Floats("GE.Bh0", 3 * units), 3 * units, units, [Candidate, Reset, Update], table("gru.0.input_bias"));
        var recurrent = table("gru.0.recurrent_weights");
        if (!resetsBefore)
        {
            Copy(arrays.Floats("GE.Wh0", units, 3 * units), 3 * units, units, [Candidate, Reset, Update], recurrent);
            return;
        }

        Copy(arrays.Floats("GE.Wh0", units, units), units, units, [Candidate], recurrent);
        Copy(arrays.Floats("GE.Wrz0", units, 2 * units), 2 * units, units, [Reset, Update], recurrent);
    }

    private static void Transposed(float[] values, int rows, int units, ReadOnlySpan<int> theirs, ParameterTable table)
    {
        for (var block = 0; block < 3; block++)
        {
            var sign = block == Update ? -1f : 1f;
            for (var row = 0; row < rows; row++)
            {
                for (var unit = 0; unit < units; unit++)
                    table.At(row, block, unit) = sign * values[((((long)theirs[block] * units) + unit) * rows) + row];
            }
        }
    }

    private static void Copy(float[] values, int width, int units, ReadOnlySpan<int> ours, ParameterTable table)
    {
        for (var row = 0; row < table.Rows; row++)
        {
            for (var block = 0; block < ours.Length; block++)
                values.AsSpan((row * width) + (block * units), units).CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref table.At(row, ours[block], 0), units));
        }
    }
}
