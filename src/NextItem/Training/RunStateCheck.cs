namespace NextItem.Training;

/// <summary>
/// What is wrong with the numbers of a run that came from a file, which may hold anything; what depends on the training sessions
/// is checked when they are there, by <see cref="TrainingStart"/>.
/// </summary>
internal static class RunStateCheck
{
    /// <summary>The first fault: what was found and what was expected; null where there is none.</summary>
    public static string? FaultOf(RunState state)
    {
        for (var i = 0; i < state.Epochs.Length; i++)
        {
            if (FaultOf(state.Epochs[i], i + 1) is { } fault)
                return fault;
        }

        if (state.Epoch != state.Epochs.Length + 1L)
            return $"epoch is {state.Epoch}; expected {state.Epochs.Length + 1L}, the one after the finished ones.";
        if (state.BestEpoch < 0 || state.BestEpoch > state.Epochs.Length)
            return $"bestEpoch is {state.BestEpoch}; expected 0 to {state.Epochs.Length}, the finished epochs.";
        if (state.BestEpoch > 0 && state.Options.Patience == 0)
            return $"bestEpoch is {state.BestEpoch}, but Patience is 0; expected 0.";
        if (state.FirstLoss < 0 || double.IsInfinity(state.FirstLoss))
            return $"firstLoss is {state.FirstLoss}; expected 0 or more.";
        if (!double.IsFinite(state.BestMetric))
            return $"bestMetric is {state.BestMetric}; expected a finite number.";
        if (state.Tally is null != state.Position is null)
            return "one of tally and position is there without the other; expected both within an epoch, none between two.";
        return FaultOfPlace(state) ?? FaultOfSteps(state);
    }

    private static string? FaultOf(EpochSummary? summary, int epoch)
    {
        if (summary is null)
            return $"the finished epoch {epoch} is null.";
        if (summary.Epoch != epoch)
            return $"the finished epoch {epoch} calls itself {summary.Epoch}.";
        if (!double.IsFinite(summary.Loss))
            return $"epoch {epoch}'s loss is {summary.Loss}; expected a finite number.";
        if (summary.MiniBatches < 0 || summary.Events < 0 || summary.SkippedMiniBatches < 0 || !(summary.Seconds >= 0))
            return $"epoch {epoch}'s counts are {summary.MiniBatches}, {summary.Events}, {summary.SkippedMiniBatches} in {summary.Seconds} seconds; expected 0 or more.";
        if (summary.Validation is not { } validation)
            return null;
        if (!Enum.IsDefined(validation.Ties) || !Enum.IsDefined(validation.Unknown))
            return $"epoch {epoch}'s evaluation is with ties {validation.Ties} and unknown items {validation.Unknown}; expected known ways.";
        return validation.Metrics.Any(metric => metric.Name is null) ? $"a metric of epoch {epoch} has no name." : null; // a struct: its reader takes it without
    }

    private static string? FaultOfPlace(RunState state)
    {
        if (state.Tally is { } tally)
        {
            if (!double.IsFinite(tally.WeightedLoss) || tally.Events < 0 || tally.TrainedEvents < 0 || tally.MiniBatches < 0 || tally.Skipped < 0 || tally.TrainedEvents > tally.Events)
                return $"the epoch's tally is {tally}; expected finite numbers of 0 or more, no more trained events than events.";
        }

        return state.Position is { } position && position.Sessions.Length != position.Positions.Length
            ? $"the place in the epoch has {position.Sessions.Length} sessions and {position.Positions.Length} positions; expected as many."
            : null;
    }

    /// <summary>Steps are numbers of random draws: they are the mini-batches so far, all of them.</summary>
    private static string? FaultOfSteps(RunState state)
    {
        Int128 steps = state.Tally is { } tally ? (Int128)tally.MiniBatches + tally.Skipped : 0;
        foreach (var epoch in state.Epochs)
            steps += (Int128)epoch.MiniBatches + epoch.SkippedMiniBatches;
        if (state.Steps != steps)
            return $"steps is {state.Steps}; expected {steps}, the mini-batches so far.";
        return state.Steps >= 1L << 40 ? $"steps is {state.Steps}; expected less than 2^40." : null;
    }
}
