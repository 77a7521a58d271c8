namespace NextItem.Server.Tests.Feedback;

public sealed class RateEstimateTests
{
    /// <summary>Newcombe 1998, table I: 81/263, 15/148, 0/20 and 1/29 by Wilson's score method without continuity correction.</summary>
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Interval_OfSessionsWithOneListEach_IsWilsons(int count, int cases, double low, double high)
    {
        var rate = RateEstimate.Of(Enumerable.Range(0, cases).Select(i => (i < count ? 1 : 0, 1)))!;
        Assert.Equal(((long)count, (long)cases), (rate.Count, rate.Cases));
        Assert.Equal((low, high), (Math.Round(rate.Interval.Low, 4), Math.Round(rate.Interval.High, 4)));
    }

    /// <summary>Newcombe 1998 (interval estimation for the difference), table II, method 10, without correction: 56/70 less 48/80; 9/10 less 3/10; 10/10 less 0/10.</summary>
    [Theory]
    [InlineData(48, 80, 56, 70, 0.2, 0.0524, 0.3339)]
    [InlineData(3, 10, 9, 10, 0.6, 0.1705, 0.8090)]
    [InlineData(0, 10, 10, 10, 1, 0.6075, 1)]
    public void Difference_IsNewcombes(int countA, int casesA, int countB, int casesB, double value, double low, double high)
    {
        var difference = RateEstimate.Difference(Of(countA, casesA), Of(countB, casesB));
        Assert.Equal((value, low, high), (Math.Round(difference.Value, 4), Math.Round(difference.Low, 4), Math.Round(difference.High, 4)));

        static RateEstimate Of(int count, int cases) => RateEstimate.Of(Enumerable.Range(0, cases).Select(i => (i < count ? 1 : 0, 1)))!;
    }

    /// <summary>Sessions that all do the same tell as much as one list each; the interval is that of so many fewer lists.</summary>
    [Fact]
    public void Lists_OfOneSession_AreNoSingleCases()
    {
        var alone = RateEstimate.Of(Enumerable.Range(0, 400).Select(i => (i % 4 == 0 ? 1 : 0, 1)))!;
        var together = RateEstimate.Of(Enumerable.Range(0, 40).Select(i => (i % 4 == 0 ? 10 : 0, 10)))!;

        Assert.Equal(alone.Interval.Value, together.Interval.Value);
        Assert.Equal(400, alone.EffectiveCases, 1e-9);
        Assert.Equal(40, together.EffectiveCases, 40 * 0.03);
        Assert.True(together.Interval.High - together.Interval.Low > 2.5 * (alone.Interval.High - alone.Interval.Low));
        Assert.Equal(1, RateEstimate.Of([(3, 10)])!.EffectiveCases);
        Assert.Equal(20, RateEstimate.Of([(0, 10), (0, 10)])!.EffectiveCases);
    }

    [Fact]
    public void NoList_HasNoRate()
    {
        Assert.Null(RateEstimate.Of([]));
        Assert.Null(RateEstimate.Of([(0, 0)]));
    }
}
