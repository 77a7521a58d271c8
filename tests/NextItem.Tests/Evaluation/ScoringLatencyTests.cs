using NextItem.Tests.Fixtures;

namespace NextItem.Tests.Evaluation;

public class ScoringLatencyTests
{
    private static readonly SessionSet s_train = Generated.Sessions(40, 30, seed: 2);

    /// <summary>The first 100 events are not timed; the others take 1, 2, ... 200 ms by the clock.</summary>
    [Fact]
    public void Measure_TimesByHand_AreMedianAndPercentile()
    {
        var latency = ScoringLatency.Measure(MarkovModel.Fit(s_train), s_train, new SlowerAndSlower(100), listLength: 5, events: 200);
        Assert.Equal(new ScoringLatency(200, 5, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(190)), latency);
    }

    [Fact]
    public void Measure_NothingToTime_IsRefused()
    {
        var model = MarkovModel.Fit(s_train);
        var unknown = SessionSet.From([new SessionEvent("s", "x", 1)], s_train.Catalog);
        Assert.Contains("nothing to time", Assert.Throws<ArgumentException>(() => ScoringLatency.Measure(model, unknown, TimeProvider.System)).Message, StringComparison.Ordinal);
        Assert.Contains("another catalog", Assert.Throws<ArgumentException>(() => ScoringLatency.Measure(model, Generated.Words("ab"), TimeProvider.System)).Message, StringComparison.Ordinal);
    }

    /// <summary>A clock by which the n-th event after the first ones takes n milliseconds; it is asked before and after each.</summary>
    private sealed class SlowerAndSlower(int warmUp) : TimeProvider
    {
        private int _asked;
        private long _now;

        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp()
        {
            // The events that are not timed are asked for once, the others twice.
            _asked++;
            var timed = _asked - warmUp;
            if (timed > 0 && timed % 2 == 0)
                _now += timed / 2;
            return _now;
        }
    }
}
