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
