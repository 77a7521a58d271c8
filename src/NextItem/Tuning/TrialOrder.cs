namespace NextItem.Tuning;

/// <summary>The order of trials that came to different numbers of epochs.</summary>
internal static class TrialOrder
{
    /// <summary>Trials with a result from the best to the worst: by how far they came, for only the better ones go on, and there by value; those that failed come last.</summary>
    public static IEnumerable<SearchTrial> Ranked(IEnumerable<SearchTrial> trials) => trials.Where(trial => trial.Rung >= 0)
        .OrderBy(trial => trial.IsFailed).ThenByDescending(trial => trial.Rung).ThenByDescending(trial => trial.Value).ThenBy(trial => trial.Number);
}
