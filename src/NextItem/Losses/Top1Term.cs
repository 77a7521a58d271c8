using System.Runtime.CompilerServices;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>sigma(r_j - r_i) + sigma(r_j^2): the rank of the positive, relaxed, and a pull of the negatives towards 0.</summary>
/// <remarks>Hidasi et al. 2016, section 3.1.3. Derivation: docs/derivations/top1.md.</remarks>
internal readonly struct Top1Term : IPairTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairTerm<TVector> Of<TSimd, TVector>(TVector positive, TVector negative)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var (zero, one) = (TSimd.Create(0), TSimd.Create(1));
        var rank = Logistic.Sigma<TSimd, TVector>(TSimd.Subtract(negative, positive));
        var size = Logistic.Sigma<TSimd, TVector>(TSimd.Multiply(negative, negative));
        var rankSlope = TSimd.Multiply(rank, TSimd.Subtract(one, rank));
        var sizeSlope = TSimd.Multiply(TSimd.Multiply(size, TSimd.Subtract(one, size)), TSimd.Add(negative, negative));
        return new PairTerm<TVector>(TSimd.Add(rank, size), TSimd.Subtract(zero, rankSlope), TSimd.Add(rankSlope, sizeSlope));
    }
}
