using System.Collections.Immutable;
using System.Reflection;
using NextItem.Batches;
using NextItem.Training;

namespace NextItem;

/// <summary>Trains models.</summary>
public static class Trainer
{
    /// <summary>Trains GRU4Rec with session-parallel mini-batches, sessions in the order of their start times.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The model and its training; null for the defaults.</param>
    /// <param name="context">What the run has beside them: a validation set, who watches, checkpoints, a model to begin with; null for nothing.</param>
    /// <param name="cancellationToken">Stops training between mini-batches; a checkpoint is saved first.</param>
    /// <returns>The model and its provenance.</returns>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="ArgumentException">There is no session with two events, or only one, and nothing sampled to set against it.</exception>
    /// <exception cref="TrainingStartException">
    /// Early stopping without a validation set; a checkpoint of other data or options; a model to begin with that is of another shape; teachers that do not
    /// go with the options or the items.
    /// </exception>
    /// <exception cref="TrainingDivergedException">The loss or a parameter became infinite or not a number, or the loss climbed far above the untrained network's.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static TrainedModel Fit(SessionSet train, Gru4RecOptions? options = null, TrainingContext? context = null, CancellationToken cancellationToken = default) =>
        Fit(train, new Gru4RecPlan(options ?? new Gru4RecOptions(), context?.Teachers), context ?? new TrainingContext(), cancellationToken);

    /// <summary>Trains a p-RNN: parallel GRUs over the items and their features.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The model and its training.</param>
    /// <param name="features">Features of the items of <paramref name="train"/>; null for <see cref="PrnnArchitecture.IdOnly"/>.</param>
    /// <param name="context">What the run has beside them; null for nothing.</param>
    /// <param name="cancellationToken">Stops training between mini-batches; a checkpoint is saved first.</param>
    /// <returns>The model and its provenance.</returns>
    /// <remarks>Hidasi, Quadrana, Karatzoglou, Tikk, RecSys 2016. With the item alone it is GRU4Rec with one-hot input, to the bit.</remarks>
    /// <inheritdoc cref="Fit(SessionSet, Gru4RecOptions?, TrainingContext?, CancellationToken)" path="/exception"/>
    public static TrainedModel Fit(
        SessionSet train, PrnnOptions options, ItemFeatures? features, TrainingContext? context = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Fit(train, new PrnnPlan(options, features), context ?? new TrainingContext(), cancellationToken);
    }

    /// <summary>Fails as <see cref="Fit(SessionSet, Gru4RecOptions?, TrainingContext?, CancellationToken)"/> would before it begins; allocates nothing.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The model and its training.</param>
    /// <param name="context">What the run has beside them.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="ArgumentException">There is nothing to learn from.</exception>
    /// <exception cref="TrainingStartException">
    /// Early stopping without a validation set; a checkpoint of other data or options; a model to begin with that is of another shape; teachers that do not
    /// go with the options or the items.
    /// </exception>
    public static void RequireStart(SessionSet train, Gru4RecOptions options, TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireStart(train, new Gru4RecPlan(options), context);
    }

    /// <summary>Fails as <see cref="Fit(SessionSet, PrnnOptions, ItemFeatures?, TrainingContext?, CancellationToken)"/> would before it begins; allocates nothing.</summary>
    /// <inheritdoc cref="Fit(SessionSet, PrnnOptions, ItemFeatures?, TrainingContext?, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="RequireStart(SessionSet, Gru4RecOptions, TrainingContext)" path="/exception"/>
    public static void RequireStart(SessionSet train, PrnnOptions options, ItemFeatures? features, TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireStart(train, new PrnnPlan(options, features), context);
    }

    /// <summary>
    /// Tries out whether one thread or several train faster, on a run that is thrown away: nothing of it reaches the model. Takes the time of some
    /// two hundred mini-batches and the memory of a run, which is free again afterwards.
    /// </summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The model and its training; their number of threads is not looked at.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="several">The other number of threads, such as the number of processors.</param>
    /// <param name="cancellationToken">Stops the trial between mini-batches.</param>
    /// <returns>The better number and what was measured; nothing is measured for a run that is shorter than the trial.</returns>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    /// <exception cref="ArgumentException">There is no session with two events.</exception>
    /// <exception cref="OperationCanceledException">The trial was cancelled.</exception>
    public static ThreadTrial TryThreads(
        SessionSet train, Gru4RecOptions options, TimeProvider timeProvider, int several, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TryThreads(train, new Gru4RecPlan(options), timeProvider, several, cancellationToken);
    }

    /// <summary>The same for a p-RNN.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="options">The model and its training; their number of threads is not looked at.</param>
    /// <param name="features">Features of the items of <paramref name="train"/>; null for <see cref="PrnnArchitecture.IdOnly"/>.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="several">The other number of threads, such as the number of processors.</param>
    /// <param name="cancellationToken">Stops the trial between mini-batches.</param>
    /// <inheritdoc cref="TryThreads(SessionSet, Gru4RecOptions, TimeProvider, int, CancellationToken)" path="/returns"/>
    public static ThreadTrial TryThreads(
        SessionSet train, PrnnOptions options, ItemFeatures? features, TimeProvider timeProvider, int several, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return TryThreads(train, new PrnnPlan(options, features), timeProvider, several, cancellationToken);
    }

    /// <summary>Wraps a model that was fitted without a trainer, such as a baseline, for a model file.</summary>
    public static TrainedModel Describe(ISessionModel model, SessionSet train)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        return new TrainedModel(model, ProvenanceOf(train, train.Fingerprint()));
    }

    /// <summary>
    /// Bytes that training will hold at once, beside the sessions themselves: parameters with optimiser state, whose memory the
    /// finished model takes over, workspace, and with early stopping the best epoch's parameters.
    /// </summary>
    public static long EstimateMemory(int itemCount, Gru4RecOptions options) => EstimateMemory(itemCount, options, []);

    /// <summary>The same of a run with teachers: what they hold in memory, which of mapped ones are not the items, their states and their scores too.</summary>
    /// <param name="itemCount">Training items.</param>
    /// <param name="options">The model and its training.</param>
    /// <param name="teachers"><see cref="TrainingContext.Teachers"/>; those of other kinds, which a run refuses, count for nothing.</param>
    public static long EstimateMemory(int itemCount, Gru4RecOptions options, IReadOnlyList<ISessionModel> teachers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(teachers);
        options.Validate();
        return MemoryEstimate.Of(itemCount, options, teachers);
    }

    /// <summary>The same for a p-RNN; the features themselves not counted.</summary>
    public static long EstimateMemory(int itemCount, PrnnOptions options, ItemFeatures? features)
    {
        ArgumentNullException.ThrowIfNull(options);
        var plan = new PrnnPlan(options, features);
        plan.CountEpochs(); // checks the options
        return plan.Memory(itemCount);
    }

    /// <summary>Passes over the data that a p-RNN's training takes: the epochs of its subnets, one after the other where its strategy trains one at a time.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="features">Its features.</param>
    /// <exception cref="OptionsException">An option is out of range; all faults are listed.</exception>
    public static int CountEpochs(PrnnOptions options, ItemFeatures? features)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new PrnnPlan(options, features).CountEpochs();
    }

    /// <summary>How often each subnet of a p-RNN was updated: the same in every strategy for the same numbers of epochs.</summary>
    /// <param name="options">The options of the run.</param>
    /// <param name="features">Its features.</param>
    /// <param name="epochs">Its finished epochs.</param>
    public static ImmutableArray<SubnetUpdates> CountUpdates(PrnnOptions options, ItemFeatures? features, IReadOnlyList<EpochSummary> epochs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(epochs);
        return new PrnnPlan(options, features).CountUpdates(epochs);
    }

    private static TrainedModel Fit(SessionSet train, TrainingPlan plan, TrainingContext context, CancellationToken cancellationToken)
    {
        RequireStart(train, plan, context);
        using var loop = new TrainingLoop(train, plan, context, cancellationToken);
        return loop.Run();
    }

    private static void RequireStart(SessionSet train, TrainingPlan plan, TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(context.Teachers);
        plan.Validate(train);
        RequireTrainable(train, plan.Options, context.Validation);
        TrainingStart.Require(train, plan, context);
    }

    private static ThreadTrial TryThreads(SessionSet train, TrainingPlan plan, TimeProvider timeProvider, int several, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(timeProvider);
        plan.Validate(train);
        plan.WithThreads(several).Validate(train);
        RequireTrainable(train, plan.Options, null);
        return new ThreadTrialRun(train, plan.WithThreads(1), timeProvider, several).Run(cancellationToken);
    }

    private static void RequireTrainable(SessionSet train, Gru4RecOptions options, SessionSet? validation)
    {
        if (SessionParallelBatcher.PairCount(train) == 0)
        {
            throw new ArgumentException(
                $"Nothing to learn from: {train.Count} sessions with {train.EventCount} events, but no session with two events.", nameof(train));
        }

        if (options.NegativeSampleCount == 0 && Enumerable.Range(0, train.Count).Count(session => train.ItemsOf(session).Length > 1) == 1)
        {
            throw new ArgumentException(
                "Nothing to learn from: one session alone has two events, and NegativeSampleCount is 0, so no mini-batch would have a negative; expected another such session, or at least 1 sample.", nameof(train));
        }

        if (train.UnknownEventCount > 0)
            throw new ArgumentException($"The training sessions have {train.UnknownEventCount} events of items that their catalog does not know; read them without a catalog.", nameof(train));
        if (validation is not null && !ReferenceEquals(validation.Catalog, train.Catalog))
            throw new ArgumentException("The validation sessions were read with another catalog than the training sessions'; read them with train.Catalog.", nameof(validation));
    }

    internal static TrainingProvenance ProvenanceOf(SessionSet train, string fingerprint)
    {
        var until = double.NegativeInfinity;
        for (var session = 0; session < train.Count; session++)
            until = Math.Max(until, train.EndTimeOf(session));
        return new TrainingProvenance
        {
            NextItemVersion = typeof(Trainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            DataFingerprint = fingerprint,
            Sessions = train.Count,
            Events = train.EventCount,
            TrainedUntil = train.Count == 0 ? 0 : until,
        };
    }
}
