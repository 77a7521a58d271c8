using System.Diagnostics;
using Spectre.Console;

namespace NextItem.Cli.Output;

/// <summary>Shows how far training is: a bar on a terminal; a line every ten seconds and one an epoch in a pipe.</summary>
internal sealed class TrainingReporter(Terminal terminal, TimeProvider time) : IProgress<TrainingProgress>
{
    /// <summary>Of the two metrics that are always shown.</summary>
    private const int ShownCutoff = 20;

    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly long _started = time.GetTimestamp();
    private long _epochStarted = time.GetTimestamp();
    private long _lastLine = time.GetTimestamp();
    private ProgressTask? _bar;

    /// <summary>What was trained before this process: finished epochs, and events of the next one. What is left takes as long as this process takes for it.</summary>
    public (int Epochs, long Events) Before { get; init; }

    /// <summary>Summaries of the finished epochs.</summary>
    public List<EpochSummary> Epochs { get; } = [];

    /// <summary>The metric that is shown beside the usual two: the one that early stopping goes by.</summary>
    public (ValidationMetric Name, int Cutoff) Metric { get; init; } = (ValidationMetric.Mrr, ShownCutoff);

    /// <summary>Runs training with the bar, where there is a terminal for it.</summary>
    public TrainedModel Run(Func<IProgress<TrainingProgress>, TrainedModel> train)
    {
        if (!terminal.IsInteractive)
            return train(this);
        return terminal.Ansi.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                _bar = context.AddTask("training", maxValue: 1);
                return train(this);
            });
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        var done = (value.Epoch - 1 + ((double)value.EventsDone / value.EventsPerEpoch)) / value.Epochs;
        if (value.FinishedEpoch is { } epoch)
        {
            Epochs.Add(epoch);
            Line(EpochLine(value, epoch, Left(value)));
            _epochStarted = _lastLine = time.GetTimestamp();
        }
        else if (_bar is null && time.GetElapsedTime(_lastLine) >= s_plainInterval)
        {
            _lastLine = time.GetTimestamp();
            Line(RunningLine(value, Left(value)));
        }

        if (_bar is null)
            return;
        _bar.Value = done;
        _bar.Description = Markup.Escape($"epoch {value.Epoch}/{value.Epochs}  loss {value.MeanLoss:F4}  {Speed(value):N0} events/s  left {Left(value):h\\:mm\\:ss}  {Memory()}");
    }

    private void Line(string text)
    {
        if (_bar is null)
            terminal.Out.WriteLine(text);
        else
            terminal.Ansi.WriteLine(text);
    }

    private string RunningLine(TrainingProgress value, TimeSpan left) =>
        $"epoch {value.Epoch,2}/{value.Epochs}  loss {value.MeanLoss,8:F4}  {value.EventsDone:N0} of {value.EventsPerEpoch:N0} events  {Speed(value),8:N0} events/s  left {left:h\\:mm\\:ss}  {Memory()}";

    private string EpochLine(TrainingProgress value, EpochSummary epoch, TimeSpan left)
    {
        var trainedHere = 1 - (BeforeIn(value) / (double)Math.Max(1, epoch.Events)); // its seconds are those of this process
        var line = $"epoch {epoch.Epoch,2}/{value.Epochs}  loss {epoch.Loss,8:F4}  {epoch.EventsPerSecond * trainedHere,8:N0} events/s  {epoch.MiniBatchesPerSecond * trainedHere,6:N0} mini-batches/s  left {left:h\\:mm\\:ss}  {Memory()}";
        if (epoch.SkippedMiniBatches > 0)
            line += $"  {epoch.SkippedMiniBatches:N0} mini-batches without a negative skipped";
        if (epoch.Validation is { } validation)
        {
            line += $"  valid Recall@{ShownCutoff} {validation.RecallAt(ShownCutoff):F4}  MRR@{ShownCutoff} {validation.MrrAt(ShownCutoff):F4}";
            if (Metric.Cutoff != ShownCutoff)
                line += Metric.Name == ValidationMetric.Mrr ? $"  MRR@{Metric.Cutoff} {validation.MrrAt(Metric.Cutoff):F4}" : $"  Recall@{Metric.Cutoff} {validation.RecallAt(Metric.Cutoff):F4}";
        }

        return line;
    }

    private double Speed(TrainingProgress value) =>
        (value.EventsDone - BeforeIn(value)) / Math.Max(1e-3, value.FinishedEpoch?.Seconds ?? time.GetElapsedTime(_epochStarted).TotalSeconds);

    /// <summary>Events of the running epoch that another process trained.</summary>
    private long BeforeIn(TrainingProgress value) => value.Epoch == Before.Epochs + 1 ? Before.Events : 0;

    private TimeSpan Left(TrainingProgress value)
    {
        var done = ((value.Epoch - 1) * value.EventsPerEpoch) + value.EventsDone;
        var here = done - (Before.Epochs * value.EventsPerEpoch) - Before.Events;
        return here <= 0 ? TimeSpan.Zero : time.GetElapsedTime(_started) * (((value.Epochs * value.EventsPerEpoch) - done) / (double)here);
    }

    private static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return Sizes.Bytes(process.WorkingSet64);
    }
}
