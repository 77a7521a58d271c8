using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>Stochastic gradient descent: u = g.</summary>
internal readonly unsafe struct Sgd : IGradientScaling
{
    public static int States => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Scale<TSimd, TVector>(TVector gradient, float* state, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged => gradient;
}
