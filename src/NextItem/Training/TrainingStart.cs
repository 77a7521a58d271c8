namespace NextItem.Training;

/// <summary>Whether a run can begin where its context says.</summary>
internal static class TrainingStart
{
    /// <exception cref="TrainingStartException">It cannot; the message says what was found and what was expected.</exception>
    public static void Require(SessionSet train, TrainingPlan plan, TrainingContext context)
    {
        if (plan.Options.Patience > 0 && context.Validation is null)
        {
            throw new TrainingStartException(
                $"Patience is {plan.Options.Patience}, but there is no validation set to measure on; give one, or leave Patience at 0.");
        }

        plan.RequireTeachers(train, context.Teachers);
        if (context is { ResumeFrom: not null, WarmStart: not null })
            throw new TrainingStartException("Both ResumeFrom and WarmStart are given; a run goes on from a checkpoint or begins with a model, not both.");
        if (context.ResumeFrom is { } checkpoint)
            RequireResumable(train, plan, context, checkpoint);
        if (context.WarmStart is { } model)
            plan.RequireSameShape(model);
    }

    private static void RequireResumable(SessionSet train, TrainingPlan plan, TrainingContext context, Checkpoint checkpoint)
    {
        if (checkpoint.DataFingerprint != train.Fingerprint())
            throw new TrainingStartException("The checkpoint is of other training sessions; expected those that the run began with.");
        if (checkpoint.State.ValidationFingerprint != (context.Validation?.Fingerprint() ?? ""))
            throw new TrainingStartException("The checkpoint is of a run with another validation set, or with none; expected the one that the run began with.");
        plan.RequireSame(checkpoint.State);
        if (checkpoint.State.TeachersFingerprint != RunTeachers.Fingerprint(RunTeachers.Fingerprints(context.Teachers)))
            throw new TrainingStartException("The checkpoint is of a run with other teachers; expected those that the run began with, in the same order.");
        if (plan.Epochs < checkpoint.Epochs.Length)
            throw new TrainingStartException($"Epochs is {plan.Epochs}, but the checkpoint has finished {checkpoint.Epochs.Length}; expected at least as many.");
        if (checkpoint.IsWithinEpoch && checkpoint.Epoch > plan.Epochs)
            throw new TrainingStartException($"Epochs is {plan.Epochs}, but the checkpoint is within epoch {checkpoint.Epoch}; expected at least as many.");
        if (checkpoint.ItemCount != train.Catalog.Count)
            throw new TrainingStartException("The checkpoint has another number of items than its training sessions; it is damaged.");
        if (checkpoint.State.Position is { } position && !new Batches.SessionParallelBatcher(train, plan.Options.BatchSize).CanStandAt(position))
            throw new TrainingStartException("The checkpoint's place in its epoch is none of these training sessions'; it is damaged.");
        var pairs = Batches.SessionParallelBatcher.PairCount(train);
        if (checkpoint.State.Tally is { } tally && tally.Events > pairs)
            throw new TrainingStartException($"The checkpoint has taken {tally.Events:N0} events of its epoch, but the training sessions have {pairs:N0}; it is damaged.");
    }
}
