namespace NextItem.Tests.Evaluation.Comparing;

public class SessionResamplingTests
{
    private static readonly (string, int) s_metric = ("recall", 20);

    /// <summary>
    /// 1,000 data sets of 150 sessions, whose cases are alike within a session: the 95 % interval holds the true mean in 93 to 97 of
    /// 100. An interval over single cases, as if they had nothing to do with each other, holds it far less often.
    /// </summary>
    [Fact]
    public void Intervals_OfThousandSimulatedDataSets_HoldTheTruthAsOftenAsTheySay()
    {
        var random = new Random(11);
        int held = 0, heldByCases = 0;
        const double Truth = 0.4;
        for (var set = 0; set < 1_000; set++)
        {
            var sums = Simulated(random, 150, Truth);
            var interval = SessionResampling.Intervals(sums, new ResamplingOptions { Resamples = 400, Seed = (ulong)set })[0];
            held += interval.Low <= Truth && Truth <= interval.High ? 1 : 0;
            Assert.InRange(interval.Value, interval.Low, interval.High);

            var cases = sums.Cases.ToArray().Sum();
            var width = 1.96 * Math.Sqrt(interval.Value * (1 - interval.Value) / cases);
            heldByCases += Math.Abs(interval.Value - Truth) <= width ? 1 : 0;
        }

        Assert.InRange(held, 930, 970);
        Assert.True(heldByCases < 850, $"{heldByCases}");
    }

    [Fact]
    public void Compare_TwoModelsWithoutADifference_IsFoundAsSeldomAsItShouldBe()
    {
        var random = new Random(12);
        var found = 0;
        for (var set = 0; set < 400; set++)
        {
            var (first, second) = Pair(random, 120, 0.4, 0);
            found += SessionResampling.Compare(first, second, "recall", 20, new ResamplingOptions { Resamples = 200, Seed = (ulong)set }).PValue < 0.05 ? 1 : 0;
        }

        Assert.InRange(found, 8, 34); // 20 are expected, with a standard deviation of 4.4
    }

    [Fact]
    public void Compare_IdenticalModels_FindsNothing()
    {
        var sums = Simulated(new Random(1), 200, 0.3);
        Assert.Equal(new PairedDifference(new ConfidenceInterval(0, 0, 0), 1), SessionResampling.Compare(sums, sums, "recall", 20));
    }

    [Fact]
    public void Compare_PlantedDifference_IsFoundAndItsIntervalHoldsIt()
    {
        var (first, second) = Pair(new Random(5), 600, 0.4, 0.05);
        var compared = SessionResampling.Compare(first, second, "recall", 20);
        Assert.Equal(1 / 2001.0, compared.PValue);
        Assert.InRange(0.05, compared.Difference.Low, compared.Difference.High);
        Assert.Equal(first.MeanOf("recall", 20) - second.MeanOf("recall", 20), compared.Difference.Value, 1e-12);
        Assert.True(compared.Difference.Low > 0);

        var turned = SessionResampling.Compare(second, first, "recall", 20);
        Assert.Equal((compared.PValue, -compared.Difference.Value), (turned.PValue, turned.Difference.Value));

        // The unpaired intervals overlap: that the sessions are the same is what finds it.
        Assert.True(SessionResampling.Intervals(first)[0].Low < SessionResampling.Intervals(second)[0].High);
    }

    /// <summary>Sessions with the differences 1, 1 and 1: of the 8 ways to choose signs, 2 are as extreme, so p is near 1/4.</summary>
    [Fact]
    public void Compare_ThreeSessionsByHand_HasTheShareOfSigns()
    {
        var first = SessionSums.From([2, 2, 2, 0], Of(1, 1, 1, 0));
        var second = SessionSums.From([2, 2, 2, 0], Of(0, 0, 0, 0));
        var compared = SessionResampling.Compare(first, second, "recall", 20, new ResamplingOptions { Resamples = 20_000 });
        Assert.Equal(0.25, compared.PValue, 0.01);
        Assert.Equal(new ConfidenceInterval(0.5, 0.5, 0.5), compared.Difference);
    }

    [Fact]
    public void Resampling_SeedAndThreads_ChangeWhatTheyShould()
    {
        var (first, second) = Pair(new Random(7), 80, 0.4, 0.02);
        var options = new ResamplingOptions { Resamples = 500 };
        var before = (SessionResampling.Intervals(first, options)[0], SessionResampling.Compare(first, second, "recall", 20, options));
        Assert.Equal(before, (SessionResampling.Intervals(first, options with { Threads = 4 })[0], SessionResampling.Compare(first, second, "recall", 20, options with { Threads = 4 })));
        foreach (var changed in new[] { options with { Seed = 43 }, options with { Resamples = 700 } })
            Assert.NotEqual(before, (SessionResampling.Intervals(first, changed)[0], SessionResampling.Compare(first, second, "recall", 20, changed)));
        var narrow = SessionResampling.Intervals(first, options with { Level = 0.5 })[0];
        Assert.True(narrow.Low > before.Item1.Low && narrow.High < before.Item1.High);
    }

    [Fact]
    public void Resampling_WrongArguments_SaySo()
    {
        var sums = Simulated(new Random(1), 5, 0.3);
        Assert.Contains("other cases", Refused(() => SessionResampling.Compare(sums, Simulated(new Random(1), 6, 0.3), "recall", 20)), StringComparison.Ordinal);
        Assert.Contains("There are no sums of mrr@20; there are: recall@20.", Refused(() => SessionResampling.Compare(sums, sums, "mrr", 20)), StringComparison.Ordinal);
        Assert.Contains("No session has a case", Refused(() => SessionResampling.Intervals(SessionSums.From([0, 0], Of(0, 0)))), StringComparison.Ordinal);
        Assert.Contains("Session 1 has no case, but its sum of recall@20 is 3", Refused(() => SessionSums.From([1, 0], Of(0, 3))), StringComparison.Ordinal);
        Assert.Contains("expected 2", Refused(() => SessionSums.From([1, 0], Of(0))), StringComparison.Ordinal);
        var faults = Assert.Throws<OptionsException>(new ResamplingOptions { Level = 1, Resamples = 99, Threads = 0 }.Validate).Faults;
        Assert.Equal(["Level is 1; expected a number between 0 and 1.", "Resamples is 99; expected 100 to 10,000,000.", "Threads is 0; expected at least 1."], faults);
    }

    /// <summary>p sorted is 0.01, 0.02, 0.03, 0.5: times 4, 3, 2, 1 and never falling.</summary>
    [Fact]
    public void Holm_PValuesByHand_AreTheseNumbers()
    {
        var adjusted = SessionResampling.Holm([0.03, 0.01, 0.5, 0.02]);
        double[] expected = [0.06, 0.04, 0.5, 0.06];
        foreach (var (value, hand) in adjusted.Zip(expected))
            Assert.Equal(hand, value, 1e-15);
        Assert.Equal([1.0, 1.0], SessionResampling.Holm([0.6, 0.9]));
    }

    private static string Refused(Action call) => Assert.ThrowsAny<ArgumentException>(call).Message;

    private static Dictionary<(string Name, int Cutoff), IReadOnlyList<double>> Of(params double[] sums) => new() { [s_metric] = sums };

    /// <summary>Sessions of 1 to 8 cases, each with a chance of its own around the mean, whatever its length.</summary>
    private static SessionSums Simulated(Random random, int sessions, double mean) => Pair(random, sessions, mean, 0).First;

    /// <summary>Two models with the same chances in each session, the first better by so much.</summary>
    private static (SessionSums First, SessionSums Second) Pair(Random random, int sessions, double mean, double better)
    {
        var cases = new int[sessions];
        var sums = new[] { new double[sessions], new double[sessions] };
        for (var session = 0; session < sessions; session++)
        {
            cases[session] = random.Next(1, 9);
            var chance = mean + (random.Next(2) == 0 ? -0.35 : 0.35);
            for (var i = 0; i < cases[session]; i++)
            {
                sums[0][session] += random.NextDouble() < chance + better ? 1 : 0;
                sums[1][session] += random.NextDouble() < chance ? 1 : 0;
            }
        }

        return (SessionSums.From(cases, Of(sums[0])), SessionSums.From(cases, Of(sums[1])));
    }
}
