namespace NextItem.Training;

/// <summary>What is trained: a network's options, and how a run of it begins. One for each network that the trainer knows.</summary>
/// <param name="options">Loss, samples, optimiser, batch size, seed, threads.</param>
internal abstract class TrainingPlan(Gru4RecOptions options)
{
    /// <summary>Loss, samples, optimiser, batch size, seed, threads.</summary>
    public Gru4RecOptions Options => options;

    /// <summary>Passes over the data.</summary>
    public abstract int Epochs { get; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="OptionsException">At least one is out of range; all faults are listed.</exception>
    /// <exception cref="ArgumentException">They are of other data than the training sessions.</exception>
    public abstract void Validate(SessionSet train);

    /// <summary>Allocates and initialises a run.</summary>
    public abstract TrainingRun Begin(SessionSet train, CancellationToken cancellationToken);

    /// <summary>The same plan with another number of threads.</summary>
    public abstract TrainingPlan WithThreads(int threads);

    /// <summary>A checkpoint's state with what this network has beside the rest.</summary>
    public abstract RunState Describe(RunState state);

    /// <summary>Fails unless a checkpoint is of a run with these options, but for those that may change.</summary>
    /// <exception cref="TrainingStartException">It is of another.</exception>
    public abstract void RequireSame(RunState state);

    /// <summary>Fails unless a trained model has the shape of this network.</summary>
    /// <exception cref="TrainingStartException">It has another.</exception>
    public abstract void RequireSameShape(TrainedModel trained);

    /// <summary>Fails unless what a run learns from beside its sessions goes with the options.</summary>
    /// <exception cref="TrainingStartException">It does not.</exception>
    public abstract void RequireTeachers(SessionSet train, IReadOnlyList<ISessionModel> teachers);

    /// <summary>Bytes that a run allocates.</summary>
    public abstract long Memory(int itemCount);

    /// <summary>The options without those that may be others after a resume: more epochs, or a lower rate after a divergence.</summary>
    protected static Gru4RecOptions Unchangeable(Gru4RecOptions options) => options with { Epochs = 1, LearningRate = 1, LearningRateDecay = 1 };

    /// <summary>Fails with what differs.</summary>
    protected static void RequireEqual(string[] expected, string[] found)
    {
        var differences = expected.Zip(found).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.Second} where the model has {pair.First}").ToArray();
        if (differences.Length > 0)
            throw new TrainingStartException($"The model to begin with is of another shape: {string.Join("; ", differences)}.");
    }
}

/// <summary>The plan of GRU4Rec.</summary>
/// <param name="options">All of its options.</param>
/// <param name="teachers">The models that it learns from; null where there are none, or where a run is only timed.</param>
internal sealed class Gru4RecPlan(Gru4RecOptions options, IReadOnlyList<ISessionModel>? teachers = null) : TrainingPlan(options)
{
    /// <inheritdoc/>
    public override int Epochs => Options.Epochs;

    /// <inheritdoc/>
    public override void Validate(SessionSet train) => Options.Validate();

    /// <inheritdoc/>
    public override TrainingRun Begin(SessionSet train, CancellationToken cancellationToken) => new Gru4RecRun(train, Options, teachers, cancellationToken);

    /// <inheritdoc/>
    public override TrainingPlan WithThreads(int threads) => new Gru4RecPlan(Options with { Threads = threads }, teachers);

    /// <inheritdoc/>
    public override RunState Describe(RunState state) => state;

    /// <inheritdoc/>
    public override void RequireSame(RunState state)
    {
        if (state.Prnn is not null)
            throw new TrainingStartException("The checkpoint is of a p-RNN; expected one of gru4rec.");
        if (Unchangeable(Options) != Unchangeable(state.Options))
            throw new TrainingStartException("The checkpoint is of a run with other options; expected the same, but for Epochs, LearningRate and LearningRateDecay.");
    }

    /// <inheritdoc/>
    public override void RequireSameShape(TrainedModel trained)
    {
        if (trained.Model is not Gru4RecModel model)
            throw new TrainingStartException($"The model to begin with is '{trained.Model.Algorithm}'; expected gru4rec.");
        RequireEqual(Shape(model.Options), Shape(Options));
    }

    /// <inheritdoc/>
    public override void RequireTeachers(SessionSet train, IReadOnlyList<ISessionModel> teachers) => RunTeachers.Require(train, Options, teachers);

    /// <inheritdoc/>
    public override long Memory(int itemCount) => MemoryEstimate.Of(itemCount, Options, teachers ?? []);

    private static string[] Shape(Gru4RecOptions options) =>
        [$"Layers {string.Join('/', options.Layers)}", $"Variant {options.Variant}", $"Embedding {options.Embedding}", $"input size {options.InputSize}",
            options.CosineScale > 0 ? "scores by cosine" : "scores by product"];
}
