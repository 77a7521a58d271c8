using NextItem.Batches;

namespace NextItem.Training;

/// <summary>
/// Times the same mini-batches with one thread and with several on parameters that are thrown away. Both take turns in blocks, in
/// the order one, several, several, one, so that what changes meanwhile (compiled code, other programs) meets both alike.
/// </summary>
/// <param name="train">Training sessions with at least one pair.</param>
/// <param name="plan">With one thread.</param>
/// <param name="time">The clock.</param>
/// <param name="several">Threads to try.</param>
internal sealed class ThreadTrialRun(SessionSet train, TrainingPlan plan, TimeProvider time, int several)
{
    /// <summary>Mini-batches that each number of threads is timed on.</summary>
    public const int MiniBatches = 100;

    /// <summary>
    /// How many times as fast several threads must be. The model depends on their number: where both are about as fast, other programs would
    /// decide, now for one model and now for the other.
    /// </summary>
    private const double ClearlyFaster = 1.15;

    private const int Block = 25;

    /// <summary>Untimed mini-batches of each at most, and the time after which they are enough: the runtime compiles what runs often again.</summary>
    private const int WarmUp = 200;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(0.5);

    private int _epoch;

    /// <summary>Measures, where it is worth it.</summary>
    public ThreadTrial Run(CancellationToken cancellation)
    {
        var miniBatches = plan.Epochs * (SessionParallelBatcher.PairCount(train) / plan.Options.BatchSize);
        if (several == 1 || miniBatches < 2 * MiniBatches)
            return new ThreadTrial(1, several, 0, 0, 0);
        using var one = plan.Begin(train, cancellation);
        using var many = one.WithThreads(several);
        one.StartEpoch(++_epoch);
        many.StartEpoch(_epoch);
        var started = time.GetTimestamp();
        for (var done = 0; done < WarmUp && time.GetElapsedTime(started) < s_warmUp; done += Block)
        {
            Advance(one, cancellation);
            Advance(many, cancellation);
        }

        double withOne = 0, withSeveral = 0;
        for (var done = 0; done < MiniBatches; done += 2 * Block)
        {
            withOne += Time(one, cancellation);
            withSeveral += Time(many, cancellation) + Time(many, cancellation);
            withOne += Time(one, cancellation);
        }

        return new ThreadTrial(withOne >= ClearlyFaster * withSeveral ? several : 1, several, MiniBatches, withOne, withSeveral);
    }

    private double Time(TrainingRun run, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        Advance(run, cancellation);
        return time.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Trains on a block of mini-batches, from the beginning again where the data end.</summary>
    private void Advance(TrainingRun run, CancellationToken cancellation)
    {
        for (var i = 0; i < Block; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!run.MoveNext())
            {
                run.StartEpoch(_epoch = (_epoch % plan.Epochs) + 1);
                run.MoveNext();
            }

            if (run.Batch.Lanes < 2 && plan.Options.NegativeSampleCount == 0)
                run.Skip();
            else
                run.Step();
        }
    }
}
