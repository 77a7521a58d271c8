namespace NextItem.Training;

/// <summary>Whether a run can begin where its context says.</summary>
internal static class TrainingStart
{
    /// <exception cref="ArgumentException">It cannot; the message says what was found and what was expected.</exception>
    public static void Require(SessionSet train, Gru4RecOptions options, TrainingContext context)
    {
        if (options.Patience > 0 && context.Validation is null)
        {
            throw new ArgumentException(
                $"Patience is {options.Patience}, but there is no validation set to measure on; give one, or leave Patience at 0.", nameof(options));
        }

        if (context is { ResumeFrom: not null, WarmStart: not null })
            throw new ArgumentException("Both ResumeFrom and WarmStart are given; a run goes on from a checkpoint or begins with a model, not both.", nameof(context));
        if (context.ResumeFrom is { } checkpoint)
            RequireResumable(train, options, context, checkpoint);
        if (context.WarmStart is { } model)
            RequireSameShape(options, model);
    }

    private static void RequireResumable(SessionSet train, Gru4RecOptions options, TrainingContext context, Checkpoint checkpoint)
    {
        if (checkpoint.DataFingerprint != train.Fingerprint())
            throw new ArgumentException("The checkpoint is of other training sessions; expected those that the run began with.", nameof(context));
        if (checkpoint.State.ValidationFingerprint != (context.Validation?.Fingerprint() ?? ""))
            throw new ArgumentException("The checkpoint is of a run with another validation set, or with none; expected the one that the run began with.", nameof(context));
        if (options with { Epochs = 1 } != checkpoint.Options with { Epochs = 1 })
            throw new ArgumentException("The checkpoint is of a run with other options; expected the same, but for Epochs.", nameof(options));
        if (options.Epochs < checkpoint.Epochs.Length)
            throw new ArgumentException($"Epochs is {options.Epochs}, but the checkpoint has finished {checkpoint.Epochs.Length}; expected at least as many.", nameof(options));
        if (checkpoint.Parameters[Models.Gru4Rec.Gru4RecParameters.ItemsName].Rows != train.Catalog.Count)
            throw new ArgumentException("The checkpoint has another number of items than its training sessions; it is damaged.", nameof(context));
        if (checkpoint.State.Position is { } position && !new Batches.SessionParallelBatcher(train, options.BatchSize).CanStandAt(position))
            throw new ArgumentException("The checkpoint's place in its epoch is none of these training sessions'; it is damaged.", nameof(context));
    }

    private static void RequireSameShape(Gru4RecOptions options, TrainedModel trained)
    {
        if (trained.Model is not Gru4RecModel model)
            throw new ArgumentException($"The model to begin with is '{trained.Model.Algorithm}'; expected gru4rec.", nameof(trained));
        string[] expected = Shape(model.Options), found = Shape(options);
        var differences = expected.Zip(found).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.Second} where the model has {pair.First}").ToArray();
        if (differences.Length > 0)
            throw new ArgumentException($"The model to begin with is of another shape: {string.Join("; ", differences)}.", nameof(options));
    }

    private static string[] Shape(Gru4RecOptions options) =>
        [$"Layers {string.Join('/', options.Layers)}", $"Variant {options.Variant}", $"Embedding {options.Embedding}", $"input size {options.InputSize}"];
}
