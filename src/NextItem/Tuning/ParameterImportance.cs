using System.Collections.Immutable;
using NextItem.Kernels;
using NextItem.Tuning;

namespace NextItem;

/// <summary>How much each hyperparameter of a search mattered.</summary>
public static class ParameterImportance
{
    private const int Trees = 64;
    private const int LeastTrials = 8;

    /// <summary>
    /// The share of the variation that each hyperparameter explains alone, 0 to 1; what is missing to 1 is what they do together. What varies is
    /// the place of a setting in the search, from the worst, 0, to the best, 1: values after different numbers of epochs cannot be
    /// compared, and one training that diverged would outweigh all others. Where a hyperparameter was not searched it counts as the middle of its range.
    /// </summary>
    /// <param name="space">What was searched.</param>
    /// <param name="trials">The trials; those without a result do not count.</param>
    /// <param name="seed">Seed of the trees.</param>
    /// <returns>A number for each hyperparameter; none where fewer than 8 trials have a result, or all are as good.</returns>
    /// <remarks>Hutter, Hoos, Leyton-Brown, "An efficient approach for assessing hyperparameter importance", ICML 2014: the variance of the marginals of a forest of 64 trees, exact.</remarks>
    public static ImmutableArray<double> Of(SearchSpace space, IReadOnlyList<SearchTrial> trials, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        var ranked = TrialOrder.Ranked(trials).ToArray();
        if (ranked.Length < LeastTrials)
            return [];
        var sound = ranked.Count(trial => !trial.IsFailed);
        double[] values = [.. ranked.Select((trial, place) => trial.IsFailed ? 0 : (double)(sound - place) / sound)];
        double[][] places = [.. ranked.Select(trial => trial.Point.Select((value, i) => double.IsNaN(value) ? 0.5 : space.Parameters[i].UnitOf(value)).ToArray())];
        var shares = new double[space.Parameters.Length];
        var grown = 0;
        for (var number = 0; number < Trees; number++)
        {
            var tree = new RegressionTree(places, values, new SearchRandom(seed, RandomStream.SearchForest, number));
            var variance = tree.Variance;
            if (variance <= 0)
                continue;
            grown++;
            for (var i = 0; i < shares.Length; i++)
                shares[i] += tree.VarianceOf(i) / variance;
        }

        return grown == 0 ? [] : [.. shares.Select(share => share / grown)];
    }
}
