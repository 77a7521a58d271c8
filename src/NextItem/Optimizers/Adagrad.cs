using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>Adagrad: a += g^2; u = g / sqrt(a + epsilon).</summary>
/// <remarks>Duchi, Hazan, Singer 2011; the epsilon stands inside the root, as in the original GRU4Rec.</remarks>
internal readonly unsafe struct Adagrad(float epsilon) : IGradientScaling
{
    private readonly float _epsilon = epsilon;

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Scale<TSimd, TVector>(TVector gradient, float* state, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var sum = TSimd.MultiplyAdd(gradient, gradient, TSimd.Load(state));
        TSimd.Store(sum, state);
        return TSimd.Multiply(gradient, TSimd.ReciprocalSqrt(TSimd.Add(sum, TSimd.Create(_epsilon))));
    }
}
