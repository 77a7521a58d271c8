using System.Runtime.Intrinsics;
using NextItem.Kernels;

namespace NextItem.Tests.Kernels;

public class ExponentialTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Exp_WholeRange_IsWithinOneUnitInTheLastPlaceAndABit(int width)
    {
        // Every 4,099th float of those between the ends: 520,000 of either sign.
        double worst = 0, at = 0;
        foreach (var sign in new[] { 1f, -1f })
        {
            for (var bits = 1; bits < BitConverter.SingleToInt32Bits(120f); bits += 4099)
            {
                var x = sign * BitConverter.Int32BitsToSingle(bits);
                var error = UnitsOff(Exp(width, x), Math.Exp(x));
                if (error > worst)
                    (worst, at) = (error, x);
            }
        }

        Assert.True(worst <= 1.1, $"{worst} units in the last place at {at}");
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Exp_AtTheEnds_IsZeroOneInfinityAndNaN(int width)
    {
        Assert.Equal(1f, Exp(width, 0f));
        Assert.Equal(1f, Exp(width, -0f));
        Assert.Equal(0f, Exp(width, float.NegativeInfinity));
        Assert.Equal(0f, Exp(width, float.MinValue));
        Assert.Equal(0f, Exp(width, -105f));
        Assert.Equal(float.PositiveInfinity, Exp(width, 89f));
        Assert.Equal(float.PositiveInfinity, Exp(width, float.MaxValue));
        Assert.Equal(float.PositiveInfinity, Exp(width, float.PositiveInfinity));
        Assert.True(float.IsNaN(Exp(width, float.NaN)), "a loss that is not a number must be seen");
        Assert.True(float.IsFinite(Exp(width, 88.7f)));
        Assert.Equal(float.Epsilon, Exp(width, -103.2f));
    }

    private static float Exp(int width, float x) => width switch
    {
        16 => Simd512.Exp(Vector512.Create(x))[9],
        8 => Simd256.Exp(Vector256.Create(x))[5],
        4 => Simd128.Exp(Vector128.Create(x))[2],
        _ => SimdScalar.Exp(x),
    };

    /// <summary>In units of the exact result's last place; those below the smallest normal number share its last place.</summary>
    private static double UnitsOff(float actual, double exact)
    {
        if (exact > float.MaxValue)
            return float.IsPositiveInfinity(actual) || actual == float.MaxValue ? 0 : double.PositiveInfinity;
        var place = Math.Max(Math.ScaleB(1, -149), Math.ScaleB(1, Math.ILogB(exact) - 23));
        return Math.Abs(actual - exact) / place;
    }
}
