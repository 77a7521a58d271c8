using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tuning;

/// <summary>Trains settings of one algorithm and measures them.</summary>
internal abstract class Trials
{
    /// <summary>Epochs of a trial that comes to its end; 1 of a model without epochs.</summary>
    public abstract int Epochs { get; }

    /// <summary>Whether trials have epochs, after which they can be stopped and gone on with.</summary>
    public abstract bool CanStop { get; }

    /// <summary>Why they cannot, for a message.</summary>
    public virtual string WhyNotStopped => "";

    /// <summary>All settings of a trial by name; for what is not searched, without any.</summary>
    /// <param name="lines">What is searched, as name=value.</param>
    /// <exception cref="UsageException">They cannot be.</exception>
    public abstract IReadOnlyList<(string Name, string Value)> Describe(IReadOnlyList<string> lines);

    /// <summary>Bytes that a trial takes.</summary>
    public abstract long EstimateMemory(IReadOnlyList<string> lines);

    /// <summary>Trains a trial to its task's end, from where it stands.</summary>
    /// <param name="task">What is to be done.</param>
    /// <param name="settings">What is searched, by name.</param>
    /// <param name="cancellationToken">Stops it; it is kept as it stands.</param>
    public TrialRecord Run(SearchTask task, IReadOnlyList<(string Name, string Value)> settings, CancellationToken cancellationToken)
    {
        string[] lines = [.. settings.Select(each => $"{each.Name}={each.Value}")];
        var record = new TrialRecord(task.Trial, task.Rung, [.. settings], null);
        try
        {
            return MemoryLimit.OfThisMachine().FaultOf(EstimateMemory(lines)) is { } fault ? record with { Failure = fault } : Run(record, task, lines, cancellationToken);
        }
        catch (TrainingDivergedException e)
        {
            return record with { Seed = SeedOf(lines), Failure = e.Message };
        }
        catch (UsageException e)
        {
            return record with { Failure = string.Join(' ', e.Faults) };
        }
        catch (OptionsException e)
        {
            return record with { Failure = string.Join(' ', e.Faults) };
        }
    }

    protected abstract TrialRecord Run(TrialRecord record, SearchTask task, string[] lines, CancellationToken cancellationToken);

    /// <summary>The seed of a training; null where there is none.</summary>
    protected ulong? SeedOf(IReadOnlyList<string> lines) => Describe(lines).FirstOrDefault(each => each.Name == "seed").Value is { } seed ? new SettingValue("seed", seed).ULong() : null;
}

/// <summary>Trials of a baseline, which is fitted in one go.</summary>
internal sealed class BaselineTrials(TuningRequest request, string algorithm, IReadOnlyList<string> common, TuningData data) : Trials
{
    private readonly TimeProvider _time = TimeProvider.System;

    public override int Epochs => 1;

    public override bool CanStop => false;

    public override IReadOnlyList<(string Name, string Value)> Describe(IReadOnlyList<string> lines)
    {
        Resolve(lines);
        return [.. request.Training(algorithm, [.. common, .. lines]).BaselineSettings.SelectMany(line => line.Split(',')).Select(line => line.Split('=', 2)).Select(parts => (parts[0].Trim(), parts[1].Trim()))];
    }

    public override long EstimateMemory(IReadOnlyList<string> lines) => 0;

    protected override TrialRecord Run(TrialRecord record, SearchTask task, string[] lines, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var model = Resolve(lines)(data.Train, cancellationToken);
        try
        {
            var metrics = Evaluator.Evaluate(model, data.Valid, request.Metric.Evaluation, cancellationToken).Metrics;
            var all = request.Training(algorithm, []).Baseline!.Describe(model);
            var seed = all.FirstOrDefault(each => each.Name == "seed").Value;
            return (record with
            {
                Seed = seed is null ? null : new SettingValue("seed", seed).ULong(),
                Epochs = [new TrialEpoch(1, 0, _time.GetElapsedTime(started).TotalSeconds, metrics)],
            }).Measured(request.Metric, lastCounts: true);
        }
        finally
        {
            (model as IDisposable)?.Dispose();
        }
    }

    private Func<SessionSet, CancellationToken, ISessionModel> Resolve(IReadOnlyList<string> lines)
    {
        var training = request.Training(algorithm, [.. common, .. lines]);
        return training.Baseline!.Resolve(training.BaselineSettings);
    }
}
