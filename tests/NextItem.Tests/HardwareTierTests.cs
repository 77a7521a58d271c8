using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NextItem.Kernels;

namespace NextItem.Tests;

/// <summary>
/// Says at which vector width this process runs, and fails where it is not the one that the run asked for: without it, a
/// switch that does nothing would look like a tier that passes. eng/test-tiers.sh runs the numeric tests at each width.
/// </summary>
public class HardwareTierTests(ITestOutputHelper output)
{
    private const string Variable = "NEXTITEM_EXPECT_WIDTH";

    [Fact]
    public void Floats_ThisProcess_IsTheExpectedWidth()
    {
        output.WriteLine($"This process runs at {SimdWidth.Floats} floats a vector.");
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } expected)
            return; // any width will do, but it must be one of those below
        Assert.Equal(int.Parse(expected, CultureInfo.InvariantCulture), SimdWidth.Floats);
    }

    [Fact]
    public void Floats_ThisProcess_IsTheWidestAcceleratedVector()
    {
        Assert.Equal(SimdWidth.Floats >= 16, Vector512.IsHardwareAccelerated);
        Assert.Equal(SimdWidth.Floats >= 8, Vector256.IsHardwareAccelerated);
        Assert.Equal(SimdWidth.Floats >= 4, Vector128.IsHardwareAccelerated);
        if (Vector512.IsHardwareAccelerated)
            Assert.True(Avx512F.IsSupported, "the reciprocal root of 512-bit vectors counts on AVX-512F");
    }

    [Fact]
    public void Widths_OfTheKernels_AreThoseOfTheirVectors() =>
        Assert.Equal((16, 8, 4, 1), (Simd512.Width, Simd256.Width, Simd128.Width, SimdScalar.Width));
}
