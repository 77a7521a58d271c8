using NextItem.Tuning;

namespace NextItem.Tests.Tuning;

public class NormalDistributionTests
{
    /// <summary>From the tables in Abramowitz and Stegun, 26.2.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.841344746068543)]
    [InlineData(-1, 0.158655253931457)]
    [InlineData(2, 0.977249868051821)]
    [InlineData(-3, 0.001349898031630)]
    [InlineData(5, 0.999999713348428)]
    [InlineData(-40, 0)]
    [InlineData(40, 1)]
    public void Below_KnownPlaces_IsTheTables(double x, double share) => Assert.Equal(share, NormalDistribution.Below(x), 1e-14);

    [Fact]
    public void Below_Differences_AreTheDensity()
    {
        for (var x = -6.0; x < 6; x += 0.37)
            Assert.Equal(NormalDistribution.Density(x), (NormalDistribution.Below(x + 1e-5) - NormalDistribution.Below(x - 1e-5)) / 2e-5, 1e-9);
    }
}
