namespace NextItem.Tuning;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    /// <summary>Beyond it a double has no digits left for the rest.</summary>
    private const double Farthest = 8.5;

    /// <summary>Its density.</summary>
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>The share of it below a number.</summary>
    /// <remarks>The density times x + x³/3 + x⁵/(3·5) + ...: all of one sign, so that no digits are lost but next to 0 and 1.</remarks>
    public static double Below(double x)
    {
        if (x < -Farthest)
            return 0;
        if (x > Farthest)
            return 1;
        double term = x, sum = x;
        for (var n = 3; sum + term != sum; n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (sum * Density(x));
    }
}
