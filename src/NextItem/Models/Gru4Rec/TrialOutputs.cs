using System.Numerics.Tensors;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// What items are multiplied with where it is not the last hidden state itself: its direction, or one of the ideas on trial. x = h, or h less the mean of its
/// elements, plus so much of the last item's direction; the output is x times s / |x|.
/// </summary>
/// <remarks>Back: g -= o (o . g) / s^2, times s / |x|, gives the gradient by x; less its own mean, where the mean was taken off, that by h.</remarks>
internal static unsafe class TrialOutputs
{
    /// <summary>The length s of an output; 0 where the state itself is the output.</summary>
    public static float ScaleOf(Gru4RecOptions options) => options.CosineScale > 0 ? options.CosineScale : options.LayerNormScale;

    /// <summary>Writes a lane's output and gives s / |x|.</summary>
    /// <param name="options">Which.</param>
    /// <param name="state">[V] h.</param>
    /// <param name="item">[V] the last item's direction; read only where a residual weight is set.</param>
    /// <param name="length">V.</param>
    /// <param name="output">[V].</param>
    public static float Write(Gru4RecOptions options, float* state, float* item, int length, float* output)
    {
        var x = new Span<float>(output, length);
        new ReadOnlySpan<float>(state, length).CopyTo(x);
        if (HasMeanOff(options))
            TakeMeanOff(x);
        if (options.ResidualWeight > 0)
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(item, length), options.ResidualWeight, x, x);
        return CosineScores.Write(output, length, ScaleOf(options), output);
    }

    /// <summary>From the gradient by the output to that by x.</summary>
    public static void Back(Gru4RecOptions options, float* output, float factor, int length, float* gradient)
    {
        CosineScores.Project(output, length, 1 / ScaleOf(options), gradient);
        var all = new Span<float>(gradient, length);
        TensorPrimitives.Multiply(all, factor, all);
    }

    /// <summary>Whether the mean of the state's elements is taken off them.</summary>
    public static bool HasMeanOff(Gru4RecOptions options) => options.CentredStates || options.LayerNormScale > 0;

    /// <summary>Takes the mean of some numbers off each.</summary>
    public static void TakeMeanOff(Span<float> values) => TensorPrimitives.Add(values, -TensorPrimitives.Sum<float>(values) / values.Length, values);
}
