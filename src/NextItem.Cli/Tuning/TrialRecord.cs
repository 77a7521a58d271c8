using System.Collections.Immutable;

namespace NextItem.Cli.Tuning;

/// <summary>What an epoch of a trial came to; of a model without epochs, all of it.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Loss">Mean loss; 0 of a model without epochs.</param>
/// <param name="Seconds">How long it took, its validation not counted; of a model without epochs, with it.</param>
/// <param name="Metrics">Metrics on the validation file.</param>
internal sealed record TrialEpoch(int Epoch, double Loss, double Seconds, ImmutableArray<MetricValue> Metrics);

/// <summary>One training of a trial, from where it stood to a comparison: a line of the log.</summary>
/// <param name="Trial">The trial's number, from 0.</param>
/// <param name="Rung">Which comparison, from 0.</param>
/// <param name="Settings">What was searched, by name.</param>
/// <param name="Seed">Seed of the training; null of an algorithm without any.</param>
internal sealed record TrialRecord(int Trial, int Rung, ImmutableArray<(string Name, string Value)> Settings, ulong? Seed)
{
    /// <summary>All epochs of the trial so far.</summary>
    public ImmutableArray<TrialEpoch> Epochs { get; init; } = [];

    /// <summary>Why the trial failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The best epoch's metric; null where the trial failed.</summary>
    public double? Value { get; init; }

    /// <summary>The epoch that has it; 0 where the trial failed.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Seconds of all its epochs.</summary>
    public double Seconds => Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>The settings as one text.</summary>
    public string SettingsText => string.Join(' ', Settings.Select(each => $"{each.Name}={each.Value}"));

    /// <summary>With the metric of the best epoch, the first of equal ones.</summary>
    /// <param name="metric">What is searched for.</param>
    /// <param name="lastCounts">Whether only the last epoch's model is whole.</param>
    public TrialRecord Measured(TunedMetric metric, bool lastCounts)
    {
        var best = lastCounts ? Epochs[^1] : Epochs.MaxBy(epoch => metric.In(epoch.Metrics))!;
        return this with { Value = metric.In(best.Metrics), BestEpoch = best.Epoch };
    }
}
