using System.Numerics.Tensors;
using NextItem.Features;
using NextItem.Kernels;
using NextItem.Optimizers;

namespace NextItem.Models.Prnn;

/// <summary>What a subnet's inputs add to the gates' pre-activations.</summary>
internal static unsafe class SubnetInputs
{
    /// <summary>Adds an input's part for lanes [start, end).</summary>
    /// <param name="input">The input.</param>
    /// <param name="weights">[F x 3H], or [I x 3H] for the identity.</param>
    /// <param name="items">[B] items of the lanes; one below 0 adds nothing.</param>
    /// <param name="gates">[B x 3H].</param>
    /// <param name="dense">[B x F] the features of the items, where they are dense.</param>
    /// <param name="start">First lane.</param>
    /// <param name="end">One past the last lane.</param>
    public static void Add(PrnnInput input, ParameterTable weights, ReadOnlySpan<int> items, Matrix gates, Matrix dense, int start, int end)
    {
        if (input.Rows is DenseRows rows)
            MatMul.Multiply(dense.Slice(start, end - start), weights.Values, gates.Slice(start, end - start), rows.Width, accumulate: true);
        else
            AddRows(input.Rows as SparseRows, weights, items, gates, start, end);
    }

    /// <summary>Copies dense features of the lanes' items; zeros where there is none.</summary>
    public static void Gather(DenseRows rows, ReadOnlySpan<int> items, Matrix dense)
    {
        for (var lane = 0; lane < items.Length; lane++)
        {
            var row = new Span<float>(dense.Row(lane), rows.Width);
            if (items[lane] >= 0)
                rows[items[lane]].CopyTo(row);
            else
                row.Clear();
        }
    }

    /// <summary>One-hot and sparse inputs: a sum of rows instead of a product.</summary>
    private static void AddRows(SparseRows? features, ParameterTable weights, ReadOnlySpan<int> items, Matrix gates, int start, int end)
    {
        for (var lane = start; lane < end; lane++)
        {
            if (items[lane] < 0)
                continue;
            var sum = new Span<float>(gates.Row(lane), weights.Width);
            if (features is null)
            {
                TensorPrimitives.Add(sum, new ReadOnlySpan<float>(weights.Row(items[lane]), weights.Width), sum);
                continue;
            }

            var columns = features.ColumnsOf(items[lane]);
            var values = features.ValuesOf(items[lane]);
            for (var i = 0; i < columns.Length; i++)
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(weights.Row(columns[i]), weights.Width), values[i], sum, sum);
        }
    }
}
