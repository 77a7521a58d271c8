using NextItem.Kernels;
using NextItem.Models.Gru4Rec;
using NextItem.Tests.Fixtures;
using NextItem.Training;

namespace NextItem.Tests.Training;

/// <summary>What is said before training begins, against what its objects take: counted, not measured.</summary>
public class MemoryEstimateTests
{
    private static readonly SessionSet s_manyItems = Generated.Sessions(9000, 6000, seed: 3);
    private static readonly SessionSet s_fewItems = Generated.Sessions(900, 300, seed: 3);

    private static readonly Dictionary<string, (SessionSet Train, Gru4RecOptions Options)> s_cases = new()
    {
        ["default"] = (s_manyItems, new()),
        ["momentum, early stopping"] = (s_manyItems, new() { Momentum = 0.2f, Patience = 2 }),
        ["cosines, early stopping"] = (s_manyItems, new() { CosineScale = 12, Patience = 2 }),
        ["capped adam"] = (s_manyItems, new() { Optimizer = Optimizer.Adam, GradientCap = 1, Layers = [60] }),
        ["separate"] = (s_manyItems, new() { Embedding = EmbeddingMode.Separate, EmbeddingSize = 200, Layers = [40] }),
        ["one-hot"] = (s_manyItems, new() { Embedding = EmbeddingMode.None, Layers = [64], Momentum = 0.1f }),
        ["scores alone"] = (s_fewItems, new() { BatchSize = 500, NegativeSampleCount = 2048, Layers = [10] }),
        ["slopes"] = (s_fewItems, new() { BatchSize = 500, NegativeSampleCount = 2048, Layers = [10], Loss = Loss.BprMax }),
        ["through time"] = (s_fewItems, new() { BatchSize = 200, NegativeSampleCount = 0, Layers = [100, 60], BackpropagationSteps = 12 }),
        ["through time, reset after, separate"] = (s_fewItems, new() { BatchSize = 200, NegativeSampleCount = 0, Layers = [100], Variant = GruVariant.ResetAfter, Embedding = EmbeddingMode.Separate, EmbeddingSize = 300, BackpropagationSteps = 5 }),
        ["through time, one-hot"] = (s_fewItems, new() { BatchSize = 300, NegativeSampleCount = 0, Layers = [50], Embedding = EmbeddingMode.None, BackpropagationSteps = 20 }),
        ["wide layers, many lanes, threads"] = (s_fewItems, new() { BatchSize = 700, NegativeSampleCount = 32, Layers = [300], Threads = 3 }),
        ["the best samples"] = (s_fewItems, new() { TopSamples = 7, BatchSize = 700, NegativeSampleCount = 32, Layers = [300], Threads = 3 }),
        ["one lane"] = (s_fewItems, new() { BatchSize = 1, NegativeSampleCount = 1, Layers = [1] }),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void EstimateMemory_AnyOptions_IsNearWhatTrainingAllocates(string name)
    {
        var (train, options) = s_cases[name];
        var (native, managed) = Counted();
        using var run = new Gru4RecRun(train, options);
        using var best = options.Patience > 0 ? run.Parameters.WithoutStates() : null;
        using var measured = options.CosineScale > 0 ? run.Parameters.WithoutStates() : null;
        using var model = ((Gru4RecModel)run.IntoModel()).Parameters.All;
        var (nativeAfter, managedAfter) = Counted();
        var allocated = nativeAfter - native + managedAfter - managed;

        var estimate = Trainer.EstimateMemory(train.Catalog.Count, options);
        Assert.True(estimate > 0.7 * allocated && estimate < 1.5 * allocated, $"estimated {estimate:N0} bytes, allocated {nativeAfter - native:N0} native and {managedAfter - managed:N0} managed");

        // The native part follows the shapes of the buffers: no more than a few rows of the loss's may be missing or too many.
        var buffers = estimate - (40L * train.Catalog.Count);
        Assert.InRange(buffers, 0.97 * (nativeAfter - native), 1.1 * (nativeAfter - native));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public void Fit_ManyItems_AllocatesWhatWasEstimated(int patience)
    {
        var validation = Generated.Sessions(300, 6000, seed: 4, catalog: s_manyItems.Catalog);
        var options = new Gru4RecOptions { Epochs = 2, Patience = patience, BatchSize = 50, NegativeSampleCount = 20 };
        var before = AlignedBuffer.AllocatedBytesForCurrentThread;
        var trained = Trainer.Fit(s_manyItems, options, new TrainingContext { Validation = validation });
        using var model = ((Gru4RecModel)trained.Model).Parameters.All;
        var allocated = AlignedBuffer.AllocatedBytesForCurrentThread - before;

        // No copy for the validation and none for the finished model: one of this size would be a quarter to a half of all.
        Assert.InRange(allocated, 0.9 * Estimate(), 1.1 * Estimate());
        double Estimate() => Trainer.EstimateMemory(s_manyItems.Catalog.Count, options) - (40L * s_manyItems.Catalog.Count);
    }

    /// <summary>Teachers in memory, with all that a run makes for them; mapped ones have their items in the file.</summary>
    [Theory, InlineData(1), InlineData(3)]
    public void EstimateMemory_Teachers_IsWhatTheyHoldAndWhatIsMadeForThem(int threads)
    {
        var options = new Gru4RecOptions { BatchSize = 100, NegativeSampleCount = 500, Threads = threads, Layers = [20] };
        var taught = options with { Distillation = 0.5f };
        var before = AlignedBuffer.AllocatedBytesForCurrentThread;
        ISessionModel[] teachers =
        [
            TeacherOf(options with { Layers = [60, 40], Variant = GruVariant.ResetAfter }),
            TeacherOf(options with { Embedding = EmbeddingMode.Separate, EmbeddingSize = 30, CosineScale = 9 }),
        ];
        var held = AlignedBuffer.AllocatedBytesForCurrentThread - before;
        using var stream = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 4096, FileOptions.DeleteOnClose);
        ModelFile.Save(stream, Trainer.Describe(teachers[0], s_manyItems));
        stream.Position = 0;
        using var mapped = ModelFile.Map(stream);

        var made = Allocated(taught, teachers) - Allocated(options, []);
        var alone = Trainer.EstimateMemory(s_manyItems.Catalog.Count, options);
        var estimate = Trainer.EstimateMemory(s_manyItems.Catalog.Count, taught, teachers) - alone;
        Assert.InRange(estimate - (4L * 4 * s_manyItems.Catalog.Count), 0.97 * (held + made), 1.03 * (held + made));
        Assert.Equal(alone, Trainer.EstimateMemory(s_manyItems.Catalog.Count, options, []));

        if (!OperatingSystem.IsWindows())
            Assert.Equal(Of(teachers[0]) - (4L * s_manyItems.Catalog.Count * ((Gru4RecModel)teachers[0]).Parameters.Items.Stride), Of(mapped.Model));
        long Of(ISessionModel teacher) => Trainer.EstimateMemory(s_manyItems.Catalog.Count, taught, [teacher]);
    }

    private static Gru4RecModel TeacherOf(Gru4RecOptions options) =>
        new(s_manyItems.Catalog, options, new Gru4RecParameters(options, s_manyItems.Catalog.Count, states: 0));

    private static long Allocated(Gru4RecOptions options, ISessionModel[] teachers)
    {
        var before = AlignedBuffer.AllocatedBytesForCurrentThread;
        using var run = new Gru4RecRun(s_manyItems, options, teachers);
        return AlignedBuffer.AllocatedBytesForCurrentThread - before;
    }

    private static (long Native, long Managed) Counted() => (AlignedBuffer.AllocatedBytesForCurrentThread, GC.GetAllocatedBytesForCurrentThread());
}
