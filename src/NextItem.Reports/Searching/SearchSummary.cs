using System.Collections.Immutable;

namespace NextItem.Reports;

/// <summary>A search of hyperparameters as a report tells it.</summary>
/// <param name="Space">What was searched.</param>
/// <param name="Trials">The trials, by number.</param>
/// <param name="Rungs">Epochs at which they were compared.</param>
public sealed record SearchSummary(SearchSpace Space, ImmutableArray<SearchTrial> Trials, ImmutableArray<int> Rungs)
{
    /// <summary>The heading.</summary>
    public required string Title { get; init; }

    /// <summary>What the values of the trials are, such as MRR@20.</summary>
    public required string Metric { get; init; }

    /// <summary>Whether trials have epochs. Default true.</summary>
    public bool HasEpochs { get; init; } = true;

    /// <summary>What <see cref="ParameterImportance"/> says of each hyperparameter. Default: nothing.</summary>
    public ImmutableArray<double> Importance { get; init; } = [];

    /// <summary>Seconds of each trial. Default: not told.</summary>
    public ImmutableArray<double> Seconds { get; init; } = [];

    /// <summary>What came out, a sentence each.</summary>
    public ImmutableArray<string> Sentences { get; init; } = [];

    /// <summary>How it was searched, a sentence each.</summary>
    public ImmutableArray<string> Facts { get; init; } = [];

    /// <summary>Places of the hyperparameters, those that mattered most first.</summary>
    internal int[] ByImportance => [.. Enumerable.Range(0, Space.Parameters.Length).OrderByDescending(i => Importance.IsDefaultOrEmpty ? 0 : Importance[i]).ThenBy(i => i)];

    /// <summary>How far a trial came, in words.</summary>
    internal string NameOf(int rung) => !HasEpochs ? "trial" : rung == Rungs.Length - 1 ? $"{Rungs[rung]} epoch{(Rungs[rung] == 1 ? "" : "s")}, to the end" : $"{Rungs[rung]} epoch{(Rungs[rung] == 1 ? "" : "s")}";
}
