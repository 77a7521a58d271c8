using System.Runtime.CompilerServices;

namespace NextItem.Kernels;

/// <summary>The logistic function and its relatives, element by element.</summary>
internal static class Logistic
{
    /// <summary>sigma(x) = 1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigma<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var one = TSimd.Create(1);
        return TSimd.Divide(one, TSimd.Add(one, TSimd.Exp(TSimd.Subtract(TSimd.Create(0), x))));
    }

    /// <summary>log(1 + e^x) = -log sigma(-x) = max(x, 0) + log(1 + e^-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var (zero, one) = (TSimd.Create(0), TSimd.Create(1));
        var positive = TSimd.Max(x, zero);
        var minusMagnitude = TSimd.Subtract(x, TSimd.Add(positive, positive));
        return TSimd.Add(positive, TSimd.Log(TSimd.Add(one, TSimd.Exp(minusMagnitude))));
    }

    /// <summary>tanh(x) = 1 - 2 / (1 + e^2x), to about 1e-7 absolute.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var one = TSimd.Create(1);
        return TSimd.Subtract(one, TSimd.Divide(TSimd.Create(2), TSimd.Add(one, TSimd.Exp(TSimd.Add(x, x)))));
    }
}
