using NextItem.Tests.Fixtures;
using NextItem.Training;

namespace NextItem.Tests.Training;

/// <summary>One thread or several: measured by a clock that says what the test wants.</summary>
public class ThreadTrialTests
{
    private static readonly Gru4RecOptions s_options = new() { Layers = [8], BatchSize = 4, NegativeSampleCount = 8, Epochs = 3 };

    private static readonly SessionSet s_train = Generated.Sessions(300, 40, seed: 1);

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 2, 1)] // no gain: one
    [InlineData(23, 20, 2)]
    [InlineData(22, 20, 1)] // a gain that other programs could make or undo
    public void TryThreads_Times_TakesOneUnlessSeveralAreClearlyFaster(int secondsOfOne, int secondsOfTwo, int expected)
    {
        var trial = Trainer.TryThreads(s_train, s_options, new Turns(secondsOfOne, secondsOfTwo), several: 2);
        Assert.Equal(new ThreadTrial(expected, 2, ThreadTrialRun.MiniBatches, 4 * secondsOfOne, 4 * secondsOfTwo), trial);
    }

    [Theory]
    [InlineData(1)] // an epoch is shorter than the trial: it goes through the data again
    [InlineData(50)]
    public void TryThreads_OptionsOfAnyKind_AreMeasured(int negatives)
    {
        var train = Generated.Sessions(30, 20, seed: 2);
        var options = s_options with { Epochs = 40, NegativeSampleCount = negatives - 1, SessionOrder = SessionOrder.Random, Momentum = 0.1f, BackpropagationSteps = 3 };
        Assert.Equal(ThreadTrialRun.MiniBatches, Trainer.TryThreads(train, options, new Turns(1, 2), several: 3).MiniBatches);
    }

    [Fact]
    public void TryThreads_RunShorterThanTheTrial_IsOneWithoutMeasuring()
    {
        var train = Generated.Sessions(30, 20, seed: 2);
        Assert.Equal(new ThreadTrial(1, 2, 0, 0, 0), Trainer.TryThreads(train, s_options with { Epochs = 1 }, new Forbidden(), several: 2));
    }

    [Fact]
    public void TryThreads_OneProcessor_IsOneWithoutMeasuring() =>
        Assert.Equal(new ThreadTrial(1, 1, 0, 0, 0), Trainer.TryThreads(s_train, s_options, new Forbidden(), several: 1));

    [Fact]
    public void TryThreads_BeforeTraining_LeavesTheResultAsItIs()
    {
        var options = s_options with { Threads = 2 };
        var expected = Trainer.Fit(s_train, options);
        Trainer.TryThreads(s_train, options, new Turns(2, 1), several: 2);
        var trained = Trainer.Fit(s_train, options);
        Assert.Equal(Bytes(expected), Bytes(trained));
    }

    [Fact]
    public void TryThreads_BadInput_IsNamed()
    {
        Assert.Contains("BatchSize", Assert.Throws<OptionsException>(() => Trainer.TryThreads(s_train, s_options with { BatchSize = 0 }, TimeProvider.System, several: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("Threads", Assert.Throws<OptionsException>(() => Trainer.TryThreads(s_train, s_options, TimeProvider.System, several: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("Nothing to learn from", Assert.Throws<ArgumentException>(() => Trainer.TryThreads(Generated.Words("a"), s_options, TimeProvider.System, several: 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryThreads_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => Trainer.TryThreads(s_train, s_options, TimeProvider.System, 2, new CancellationToken(canceled: true)));

    private static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelFile.Save(stream, model);
        return stream.ToArray();
    }

    /// <summary>The warm-up takes long; then the blocks of one, several, several, one take what they are told to.</summary>
    private sealed class Turns(int one, int several) : TimeProvider
    {
        private int _calls;
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp()
        {
            // Three calls around one round of the warm-up; then two a block, of which the second ends it.
            const int WarmUp = 3;
            var call = _calls++;
            if (call < WarmUp)
                return _now += call == WarmUp - 1 ? 1 : 0;
            var block = (call - WarmUp) / 2 % 4;
            return _now += (call - WarmUp) % 2 == 0 ? 0 : block is 1 or 2 ? several : one;
        }
    }

    private sealed class Forbidden : TimeProvider
    {
        public override long GetTimestamp() => throw new InvalidOperationException("Nothing is to be measured.");
    }
}
