using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>RMSProp: a = rho a + (1 - rho) g^2; u = g / sqrt(a + epsilon).</summary>
/// <remarks>Tieleman and Hinton 2012; the epsilon stands inside the root, as for Adagrad.</remarks>
internal readonly unsafe struct RmsProp(float decay, float epsilon) : IGradientScaling
{
    private readonly float _decay = decay;
    private readonly float _epsilon = epsilon;

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Scale<TSimd, TVector>(TVector gradient, float* state, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var mean = MovingMean.Of<TSimd, TVector>(TSimd.Multiply(gradient, gradient), state, _decay);
        return TSimd.Multiply(gradient, TSimd.ReciprocalSqrt(TSimd.Add(mean, TSimd.Create(_epsilon))));
    }
}

/// <summary>The exponential moving mean that RMSProp, Adadelta and Adam keep.</summary>
internal static unsafe class MovingMean
{
    /// <summary>mean = decay mean + (1 - decay) value, stored and returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector value, float* state, float decay)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var mean = TSimd.MultiplyAdd(TSimd.Create(1 - decay), value, TSimd.Multiply(TSimd.Create(decay), TSimd.Load(state)));
        TSimd.Store(mean, state);
        return mean;
    }
}
