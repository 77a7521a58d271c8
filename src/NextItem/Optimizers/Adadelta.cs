using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>Adadelta: a = rho a + (1 - rho) g^2; u = g sqrt(d + epsilon) / sqrt(a + epsilon); d = rho d + (1 - rho) u^2.</summary>
/// <remarks>Zeiler 2012. A learning rate of 1 is the paper's.</remarks>
internal readonly unsafe struct Adadelta(float decay, float epsilon) : IGradientScaling
{
    private readonly float _decay = decay;
    private readonly float _epsilon = epsilon;

    public static int States => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Scale<TSimd, TVector>(TVector gradient, float* state, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var epsilon = TSimd.Create(_epsilon);
        var mean = MovingMean.Of<TSimd, TVector>(TSimd.Multiply(gradient, gradient), state, _decay);
        var last = TSimd.Sqrt(TSimd.Add(TSimd.Load(state + width), epsilon));
        var scaled = TSimd.Multiply(gradient, TSimd.Multiply(last, TSimd.ReciprocalSqrt(TSimd.Add(mean, epsilon))));
        MovingMean.Of<TSimd, TVector>(TSimd.Multiply(scaled, scaled), state + width, _decay);
        return scaled;
    }
}
