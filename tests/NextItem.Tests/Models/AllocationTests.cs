using NextItem.Batches;

namespace NextItem.Tests.Models;

/// <summary>Measures the whole process's allocations: must run alone.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class RunsAlone;

[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    private static readonly Gru4RecOptions s_options = new()
    {
        Layers = [24, 20],
        BatchSize = 37,
        NegativeSampleCount = 50,
        Momentum = 0.2f,
        DropoutHidden = 0.2f,
        DropoutEmbedding = 0.1f,
    };

    [Theory, InlineData(1, 0), InlineData(4, 0), InlineData(1, 12)]
    public void Run_FiftyStepsOnOneThread_AllocateNothing(int backpropagationSteps, float cosineScale)
    {
        using var harness = Harness(s_options with { BackpropagationSteps = backpropagationSteps, CosineScale = cosineScale });
        AssertNothing(harness);
    }

    /// <summary>Fifty steps of 37 lanes and 50 samples allocate nothing.</summary>
    internal static void AssertNothing(StepHarness harness)
    {
        var batches = SmallBatches.Sequence(37, 50, 60, seed: 1).ToArray();
        for (var i = 0; i < 10; i++)
            harness.Run(batches[i].Batch, batches[i].Drawn);

        // The least of three rounds: a collection or a method that is compiled again in one of them shows in the thread's count
        // too, once; what a step allocates shows in all.
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 10; i < 60; i++)
                harness.Run(batches[i].Batch, batches[i].Drawn);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory, InlineData(1), InlineData(4)]
    public void Run_StepsOnTwoThreads_AllocateNothingPerStep(int backpropagationSteps)
    {
        // What the runtime allocates for itself meanwhile (some 20 kB on a busy machine) does not grow with the steps: so many steps
        // stay below 20 bytes each, and the smallest object has 24.
        const int Steps = 4000;
        using var harness = Harness(s_options with { Threads = 2, BackpropagationSteps = backpropagationSteps });
        var batches = SmallBatches.Sequence(37, 50, 20, seed: 1).ToArray();
        for (var i = 0; i < 20; i++)
            harness.Run(batches[i].Batch, batches[i].Drawn);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Steps; i++)
            harness.Run(batches[1].Batch, batches[1].Drawn);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 20L * Steps);
    }

    /// <summary>As a training run has it: the step draws the next one's negatives too.</summary>
    private static StepHarness Harness(Gru4RecOptions options)
    {
        var harness = new StepHarness(options, SmallBatches.Support);
        harness.Step.Upcoming = new NegativeStream(new NegativeSampler(SmallBatches.Support, options.SampleAlpha, options.Seed), options.NegativeSampleCount);
        return harness;
    }
}
