using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>-log sigma(r_i - r_j): the negative log-likelihood of the positive standing above this negative.</summary>
/// <remarks>Rendle et al. 2009; Hidasi et al. 2016, section 3.1.3. Derivation: docs/derivations/bpr.md.</remarks>
internal readonly struct BprTerm : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairTerm<TVector> Of<TSimd, TVector>(TVector positive, TVector negative)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var gap = TSimd.Subtract(negative, positive);
        var slope = Logistic.Sigma<TSimd, TVector>(gap);
        return new PairTerm<TVector>(Logistic.Softplus<TSimd, TVector>(gap), TSimd.Subtract(TSimd.Create(0), slope), slope);
    }
}
