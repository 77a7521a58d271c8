using NextItem.Cli.Output;

namespace NextItem.Cli.Tests;

/// <summary>How long is left, by a clock that says what the test wants.</summary>
public sealed class TrainingReporterTests
{
    /// <summary>Of four epochs of 1,000 events, one and 600 events of the next were trained before: 2,400 are to come. 100 of them take 10 s, and the rest 230 s.</summary>
    [Fact]
    public void Left_OfARunGoneOnWithInAnEpoch_IsByWhatThisProcessTrained()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var time = new SetTime();
        var reporter = new TrainingReporter(new Terminal(output, TextWriter.Null), time) { Before = (1, 600) };

        time.Seconds = 10;
        reporter.Report(new TrainingProgress(2, 4, 700, 1_000, 5, null));
        time.Seconds = 40;
        reporter.Report(new TrainingProgress(2, 4, 1_000, 1_000, 5, new EpochSummary(2, 5, 100, 1_000, 0, 40, null)));
        time.Seconds = 140;
        reporter.Report(new TrainingProgress(3, 4, 1_000, 1_000, 5, new EpochSummary(3, 5, 100, 1_000, 0, 100, null)));

        var lines = output.ToString().Split('\n');
        Assert.Contains("  10 events/s  left 0:03:50  ", lines[0], StringComparison.Ordinal);
        Assert.Contains("  10 events/s       1 mini-batches/s  left 0:03:20  ", lines[1], StringComparison.Ordinal);
        Assert.Contains("  10 events/s       1 mini-batches/s  left 0:01:40  ", lines[2], StringComparison.Ordinal); // 1,400 took 140 s
    }

    [Fact]
    public void Left_OfANewRun_IsByAllOfIt()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var time = new SetTime();
        var reporter = new TrainingReporter(new Terminal(output, TextWriter.Null), time);
        time.Seconds = 30;
        reporter.Report(new TrainingProgress(1, 2, 500, 1_000, 5, null));
        Assert.Contains("left 0:01:30", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class SetTime : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
