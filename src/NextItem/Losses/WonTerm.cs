using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>sigma(r_i - r_j), the likelihood of the positive standing above this negative: what BPR-max takes the weighted mean of.</summary>
/// <remarks>Hidasi and Karatzoglou 2018, section 3.3. Derivation: docs/derivations/bpr-max.md.</remarks>
internal readonly struct WonTerm : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairTerm<TVector> Of<TSimd, TVector>(TVector positive, TVector negative)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var won = Logistic.Sigma<TSimd, TVector>(TSimd.Subtract(positive, negative));
        var slope = TSimd.Multiply(won, TSimd.Subtract(TSimd.Create(1), won));
        return new PairTerm<TVector>(won, slope, TSimd.Subtract(TSimd.Create(0), slope));
    }
}
