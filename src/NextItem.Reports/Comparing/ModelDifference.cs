namespace NextItem.Reports;

/// <summary>By how much the best model is ahead of another in one metric, on the same cases.</summary>
/// <param name="Model">The other model's place in the comparison.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Cutoff">Its cutoff.</param>
/// <param name="Paired">The best model's number less the other's, its interval, and p of the permutation test.</param>
/// <param name="AdjustedP">p after Holm's correction for all models compared in this metric.</param>
public sealed record ModelDifference(int Model, string Metric, int Cutoff, PairedDifference Paired, double AdjustedP)
{
    /// <summary>Whether the difference is beyond what chance does in one comparison of twenty.</summary>
    public bool IsBeyondChance => AdjustedP < 0.05;
}
