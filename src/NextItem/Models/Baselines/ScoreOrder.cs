namespace NextItem.Models.Baselines;

/// <summary>From double scores to float scores without a change of their order.</summary>
internal static class ScoreOrder
{
    /// <summary>
    /// The score to 40 binary digits, half up: numbers that are equal on paper and differ in the last digits of their
    /// additions become equal, so that ties are ties.
    /// </summary>
    public static double Significant(double score) =>
        BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(score) + (1L << 12)) & ~((1L << 13) - 1));

    /// <summary>The float of a score that stands behind another one: lower where the score is lower, level where it is level.</summary>
    /// <param name="score">The score, at most <paramref name="before"/>.</param>
    /// <param name="before">The score before it, best first; infinity for the first.</param>
    /// <param name="floatBefore">The float that the score before it was given.</param>
    /// <remarks>A float has 24 binary digits: what would tie for want of more is moved down by one in the last place.</remarks>
    public static float Behind(double score, double before, float floatBefore) =>
        score == before ? floatBefore : MathF.Min((float)score, MathF.BitDecrement(floatBefore));
}
