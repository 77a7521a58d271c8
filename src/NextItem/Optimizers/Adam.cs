using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>
/// Adam: m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; u = (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon), t counting the
/// updates of each element: rows are updated at very different rates, and each is corrected by its own.
/// </summary>
/// <remarks>
/// Kingma and Ba 2015. 1 - b^t is itself the moving mean of ones: kept beside m and v it needs no power, and is exact for small t.
/// The original GRU4Rec's sparse Adam is not this one (its first moment holds squares).
/// </remarks>
internal readonly unsafe struct Adam(float firstDecay, float secondDecay, float epsilon) : IGradientScaling
{
    private readonly float _firstDecay = firstDecay;
    private readonly float _secondDecay = secondDecay;
    private readonly float _epsilon = epsilon;

    /// <summary>m, 1 - b1^t, v, 1 - b2^t.</summary>
    public static int States => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Scale<TSimd, TVector>(TVector gradient, float* state, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var one = TSimd.Create(1);
        var first = MovingMean.Of<TSimd, TVector>(gradient, state, _firstDecay);
        var firstWeight = MovingMean.Of<TSimd, TVector>(one, state + width, _firstDecay);
        var second = MovingMean.Of<TSimd, TVector>(TSimd.Multiply(gradient, gradient), state + (2 * width), _secondDecay);
        var secondWeight = MovingMean.Of<TSimd, TVector>(one, state + (3 * width), _secondDecay);
        var size = TSimd.Add(TSimd.Sqrt(TSimd.Divide(second, secondWeight)), TSimd.Create(_epsilon));
        return TSimd.Divide(TSimd.Divide(first, firstWeight), size);
    }
}
