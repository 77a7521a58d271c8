using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>The part of a loss that one positive score and one negative score give, with its derivatives.</summary>
internal interface IPairTerm
{
    /// <summary>phi(r_i, r_j) and its derivatives by both.</summary>
    /// <param name="positive">r_i, the target's score.</param>
    /// <param name="negative">r_j.</param>
    static abstract PairTerm<TVector> Of<TSimd, TVector>(TVector positive, TVector negative)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged;
}

/// <summary>A term's value and derivatives, element by element.</summary>
internal readonly struct PairTerm<TVector>(TVector value, TVector byPositive, TVector byNegative)
    where TVector : unmanaged
{
    public readonly TVector Value = value;
    public readonly TVector ByPositive = byPositive;
    public readonly TVector ByNegative = byNegative;
}

/// <summary>The functions that the terms are made of.</summary>
internal static class Logistic
{
    /// <summary>sigma(x) = 1 / (1 + e^-x).</summary>
    public static TVector Sigma<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var one = TSimd.Create(1);
        return TSimd.Divide(one, TSimd.Add(one, TSimd.Exp(TSimd.Subtract(TSimd.Create(0), x))));
    }

    /// <summary>log(1 + e^x) = -log sigma(-x) = max(x, 0) + log(1 + e^-|x|).</summary>
    public static TVector Softplus<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged
    {
        var (zero, one) = (TSimd.Create(0), TSimd.Create(1));
        var positive = TSimd.Max(x, zero);
        var minusMagnitude = TSimd.Subtract(x, TSimd.Add(positive, positive));
        return TSimd.Add(positive, TSimd.Log(TSimd.Add(one, TSimd.Exp(minusMagnitude))));
    }
}
