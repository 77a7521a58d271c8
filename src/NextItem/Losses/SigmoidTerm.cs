using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>-log(1 - sigma(r_j)): the negative alone; the positive has a term of its own.</summary>
/// <remarks>The pointwise loss of Hidasi et al. 2016. Derivation: docs/derivations/sigmoid-cross-entropy.md.</remarks>
internal readonly struct SigmoidTerm : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairTerm<TVector> Of<TSimd, TVector>(TVector positive, TVector negative)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged =>
        new(Logistic.Softplus<TSimd, TVector>(negative), TSimd.Create(0), Logistic.Sigma<TSimd, TVector>(negative));
}
