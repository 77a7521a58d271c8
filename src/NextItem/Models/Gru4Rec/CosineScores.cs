using System.Numerics.Tensors;
using NextItem.Optimizers;

namespace NextItem.Models.Gru4Rec;

/// <summary>
/// Scores that are the cosine of hidden state and item vector times a constant. An item's row v is seen as u = v / |v| by everything
/// that reads it, as an input too where the embedding is shared; the finished model has u in v's place.
/// </summary>
/// <remarks>Gupta et al. 2019 (NISER), with the scale of the softmax as an option. Derivation: docs/derivations/cosine.md.</remarks>
internal static unsafe class CosineScores
{
    /// <summary>The square of the shortest vector that has a direction, of length 1e-15: with 1 / |v| squared, gradients stay far from the end of a float.</summary>
    private const float LeastSquare = 1e-30f;

    /// <summary>1 / |v|; 0 below a length of 1e-15, and where the square of the length is beyond a float: such a vector scores 0 and gets no gradient.</summary>
    public static float InverseNorm(float* vector, int length)
    {
        var square = TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(vector, length));
        return square >= LeastSquare ? 1 / MathF.Sqrt(square) : 0;
    }

    /// <summary>destination = scale * v / |v|; gives scale / |v|.</summary>
    public static float Write(float* vector, int length, float scale, float* destination)
    {
        var factor = scale * InverseNorm(vector, length);
        TensorPrimitives.Multiply(new ReadOnlySpan<float>(vector, length), factor, new Span<float>(destination, length));
        return factor;
    }

    /// <summary>Takes its part along a vector off a gradient: g -= v (v . g) / |v|^2. With g = 1/|v| times the gradient by u, what is left is that by v.</summary>
    /// <param name="vector">v, or any vector of its direction.</param>
    /// <param name="length">Its length.</param>
    /// <param name="inverse">1 / |vector|.</param>
    /// <param name="gradient">In: g; out: what is left of it.</param>
    public static void Project(float* vector, int length, float inverse, float* gradient)
    {
        var v = new ReadOnlySpan<float>(vector, length);
        var g = new Span<float>(gradient, length);
        var along = TensorPrimitives.Dot(v, g) * inverse * inverse;
        TensorPrimitives.MultiplyAdd(v, -along, g, g);
    }

    /// <summary>Puts u in the place of v in every row.</summary>
    public static void Normalise(ParameterTable items, int length)
    {
        for (var row = 0; row < items.Rows; row++)
            Write(items.Row(row), length, 1, items.Row(row));
    }
}
