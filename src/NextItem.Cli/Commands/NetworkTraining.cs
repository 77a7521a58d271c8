using NextItem.Cli.Settings;

namespace NextItem.Cli.Commands;

/// <summary>A network that <c>train</c> trains in epochs: its options, and the trainer's doors for it.</summary>
/// <param name="Training">Loss, samples, optimiser, threads, epochs.</param>
internal abstract record NetworkTraining(Gru4RecOptions Training)
{
    /// <summary>Passes over the data.</summary>
    public abstract int Epochs { get; }

    /// <summary>All options by name.</summary>
    public abstract IReadOnlyList<(string Name, string Value)> Describe();

    /// <summary>The same with a number of threads.</summary>
    public abstract NetworkTraining WithThreads(int threads);

    /// <summary>The same with a number of epochs; of a p-RNN, of each subnet where they are trained one after the other.</summary>
    public abstract NetworkTraining WithEpochs(int epochs);

    /// <summary>Refuses what the trainer would.</summary>
    public abstract void RequireStart(SessionSet train, TrainingContext context);

    /// <summary>Bytes that training takes, with the teachers if there are any.</summary>
    public abstract long EstimateMemory(int itemCount, IReadOnlyList<ISessionModel>? teachers = null);

    /// <summary>Tries out one thread and as many as there are processors.</summary>
    public abstract ThreadTrial TryThreads(SessionSet train, TimeProvider time, CancellationToken cancellationToken);

    /// <summary>Trains.</summary>
    public abstract TrainedModel Fit(SessionSet train, TrainingContext context, CancellationToken cancellationToken);

    /// <summary>Updates of each subnet in the finished epochs; none where there are no subnets.</summary>
    public virtual IReadOnlyList<SubnetUpdates> CountUpdates(IReadOnlyList<EpochSummary> epochs) => [];
}

/// <summary>GRU4Rec.</summary>
internal sealed record Gru4RecTraining(Gru4RecOptions Options) : NetworkTraining(Options)
{
    public override int Epochs => Options.Epochs;

    public override IReadOnlyList<(string Name, string Value)> Describe() => [.. HyperparameterNames.Describe(Options)];

    public override NetworkTraining WithThreads(int threads) => new Gru4RecTraining(Options with { Threads = threads });

    public override NetworkTraining WithEpochs(int epochs) => new Gru4RecTraining(Options with { Epochs = epochs });

    public override void RequireStart(SessionSet train, TrainingContext context) => Trainer.RequireStart(train, Options, context);

    public override long EstimateMemory(int itemCount, IReadOnlyList<ISessionModel>? teachers = null) => Trainer.EstimateMemory(itemCount, Options, teachers ?? []);

    public override ThreadTrial TryThreads(SessionSet train, TimeProvider time, CancellationToken cancellationToken) =>
        Trainer.TryThreads(train, Options, time, Environment.ProcessorCount, cancellationToken);

    public override TrainedModel Fit(SessionSet train, TrainingContext context, CancellationToken cancellationToken) => Trainer.Fit(train, Options, context, cancellationToken);
}

/// <summary>A p-RNN with the features of the training items.</summary>
internal sealed record PrnnTraining(PrnnOptions Options, ItemFeatures? Features) : NetworkTraining(Options.Training)
{
    public override int Epochs => Trainer.CountEpochs(Options, Features);

    public override IReadOnlyList<(string Name, string Value)> Describe() => [.. PrnnNames.Describe(Options)];

    public override NetworkTraining WithThreads(int threads) => new PrnnTraining(Options with { Training = Options.Training with { Threads = threads } }, Features);

    public override NetworkTraining WithEpochs(int epochs) => new PrnnTraining(Options with { Training = Options.Training with { Epochs = epochs } }, Features);

    public override void RequireStart(SessionSet train, TrainingContext context) =>
        OptionWords.Validate(() => Trainer.RequireStart(train, Options, Features, context), property => PrnnNames.NameOf(property) ?? new Assignments(ofPrnn: true).NameOf(property));

    public override long EstimateMemory(int itemCount, IReadOnlyList<ISessionModel>? teachers = null) => Trainer.EstimateMemory(itemCount, Options, Features);

    public override ThreadTrial TryThreads(SessionSet train, TimeProvider time, CancellationToken cancellationToken) =>
        Trainer.TryThreads(train, Options, Features, time, Environment.ProcessorCount, cancellationToken);

    public override TrainedModel Fit(SessionSet train, TrainingContext context, CancellationToken cancellationToken) =>
        Trainer.Fit(train, Options, Features, context, cancellationToken);

    public override IReadOnlyList<SubnetUpdates> CountUpdates(IReadOnlyList<EpochSummary> epochs) => Trainer.CountUpdates(Options, Features, epochs);
}
