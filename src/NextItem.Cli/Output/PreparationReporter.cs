using NextItem.Preparation;
using Spectre.Console;

namespace NextItem.Cli.Output;

/// <summary>Shows how far a preparation is: a bar on a terminal; in a pipe a line when a step takes long.</summary>
internal sealed class PreparationReporter(Terminal terminal, TimeProvider time) : IProgress<PreparationProgress>
{
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private readonly List<(string Step, TimeSpan Time)> _timings = [];
    private long _lastLine = time.GetTimestamp();
    private long _stepStarted = time.GetTimestamp();
    private PreparationProgress? _step;
    private ProgressTask? _bar;

    /// <summary>How long each step took, in their order; the whole once it is done.</summary>
    public IReadOnlyList<(string Step, TimeSpan Time)> Timings => _timings;

    /// <summary>Runs it with the bar, where there is a terminal for it.</summary>
    public PreparationReport Run(Func<IProgress<PreparationProgress>, PreparationReport> prepare)
    {
        var report = RunWithBar(prepare);
        lock (_lock)
            EndStep(null);
        return report;
    }

    private PreparationReport RunWithBar(Func<IProgress<PreparationProgress>, PreparationReport> prepare)
    {
        if (!terminal.IsInteractive)
            return prepare(this);
        return terminal.Ansi.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                _bar = context.AddTask("preparing", maxValue: 1);
                return prepare(this);
            });
    }

    /// <inheritdoc/>
    public void Report(PreparationProgress value)
    {
        lock (_lock)
        {
            if (value.StepNumber != _step?.StepNumber)
                EndStep(value);
            var part = Math.Max(0, value.Fraction);
            if (_bar is not null)
            {
                _bar.Value = Math.Min(0.99, (value.StepNumber - 1 + part) / value.StepCount);
                _bar.Description = Markup.Escape($"step {value.StepNumber} of {value.StepCount}: {value.Step}");
            }
            else if (time.GetElapsedTime(_lastLine) >= s_plainInterval)
            {
                _lastLine = time.GetTimestamp();
                terminal.Out.WriteLine($"step {value.StepNumber,2} of {value.StepCount}: {value.Step}  {part:P0}  {time.GetElapsedTime(_started):h\\:mm\\:ss}");
            }
        }
    }

    private void EndStep(PreparationProgress? next)
    {
        var now = time.GetTimestamp();
        if (_step is not null)
            _timings.Add((_step.Step, time.GetElapsedTime(_stepStarted, now)));
        (_step, _stepStarted) = (next, now);
    }
}
