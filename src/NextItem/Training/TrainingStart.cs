namespace NextItem.Training;

/// <summary>Whether a run can begin where its context says.</summary>
internal static class TrainingStart
{
    /// <exception cref="TrainingStartException">It cannot; the message says what was found and what was expected.</exception>
    public static void Require(SessionSet train, Gru4RecOptions options, TrainingContext context)
    {
        if (options.Patience > 0 && context.Validation is null)
        {
            throw new TrainingStartException(
                $"Patience is {options.Patience}, but there is no validation set to measure on; give one, or leave Patience at 0.");
        }

        if (context is { ResumeFrom: not null, WarmStart: not null })
            throw new TrainingStartException("Both ResumeFrom and WarmStart are given; a run goes on from a checkpoint or begins with a model, not both.");
        if (context.ResumeFrom is { } checkpoint)
            RequireResumable(train, options, context, checkpoint);
        if (context.WarmStart is { } model)
            RequireSameShape(options, model);
    }

    private static void RequireResumable(SessionSet train, Gru4RecOptions options, TrainingContext context, Checkpoint checkpoint)
    {
        if (checkpoint.DataFingerprint != train.Fingerprint())
            throw new TrainingStartException("The checkpoint is of other training sessions; expected those that the run began with.");
        if (checkpoint.State.ValidationFingerprint != (context.Validation?.Fingerprint() ?? ""))
            throw new TrainingStartException("The checkpoint is of a run with another validation set, or with none; expected the one that the run began with.");
        if (Unchangeable(options) != Unchangeable(checkpoint.Options))
            throw new TrainingStartException("The checkpoint is of a run with other options; expected the same, but for Epochs, LearningRate and LearningRateDecay.");
        if (options.Epochs < checkpoint.Epochs.Length)
            throw new TrainingStartException($"Epochs is {options.Epochs}, but the checkpoint has finished {checkpoint.Epochs.Length}; expected at least as many.");
        if (checkpoint.Parameters[Models.Gru4Rec.Gru4RecParameters.ItemsName].Rows != train.Catalog.Count)
            throw new TrainingStartException("The checkpoint has another number of items than its training sessions; it is damaged.");
        if (checkpoint.State.Position is { } position && !new Batches.SessionParallelBatcher(train, options.BatchSize).CanStandAt(position))
            throw new TrainingStartException("The checkpoint's place in its epoch is none of these training sessions'; it is damaged.");
        var pairs = Batches.SessionParallelBatcher.PairCount(train);
        if (checkpoint.State.Tally is { } tally && tally.Events > pairs)
            throw new TrainingStartException($"The checkpoint has taken {tally.Events:N0} events of its epoch, but the training sessions have {pairs:N0}; it is damaged.");
    }

    /// <summary>The options without those that may be others after a resume: more epochs, or a lower rate after a divergence.</summary>
    private static Gru4RecOptions Unchangeable(Gru4RecOptions options) => options with { Epochs = 1, LearningRate = 1, LearningRateDecay = 1 };

    private static void RequireSameShape(Gru4RecOptions options, TrainedModel trained)
    {
        if (trained.Model is not Gru4RecModel model)
            throw new TrainingStartException($"The model to begin with is '{trained.Model.Algorithm}'; expected gru4rec.");
        string[] expected = Shape(model.Options), found = Shape(options);
        var differences = expected.Zip(found).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.Second} where the model has {pair.First}").ToArray();
        if (differences.Length > 0)
            throw new TrainingStartException($"The model to begin with is of another shape: {string.Join("; ", differences)}.");
    }

    private static string[] Shape(Gru4RecOptions options) =>
        [$"Layers {string.Join('/', options.Layers)}", $"Variant {options.Variant}", $"Embedding {options.Embedding}", $"input size {options.InputSize}"];
}
