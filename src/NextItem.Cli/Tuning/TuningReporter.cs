using NextItem.Cli.Output;
using NextItem.Reports;
using Spectre.Console;

namespace NextItem.Cli.Tuning;

/// <summary>Shows how far a search is: a line for each training that ended, and a bar on a terminal.</summary>
internal sealed class TuningReporter(Terminal terminal, TimeProvider time, TuningRequest request, ParameterSearch search)
{
    private const int Shown = 5;

    private readonly long _started = time.GetTimestamp();
    private (int Trial, double Value)? _best;
    private ProgressTask? _bar;
    private int _told;

    /// <summary>Trials at a time.</summary>
    public int Workers { get; set; }

    /// <summary>Says what is searched.</summary>
    public void Begin(TunedSpace tuned, int done)
    {
        terminal.Out.WriteLine($"{tuned.Algorithm}: {Counted.Of(request.Search.Trials, "trial")}, {request.Metric} on {request.Valid.Name}{(search.Rungs.Length > 1 ? $", compared after {string.Join(", ", search.Rungs[..^1])} and {search.Rungs[^1]} epochs" : "")}; searched:");
        foreach (var parameter in search.Space.Parameters)
            terminal.Out.WriteLine($"  {parameter.Name}: {TunedSpace.Describe(parameter)}");
        if (done > 0)
            terminal.Out.WriteLine($"going on after {Counted.Of(done, "training")} of the log");
    }

    /// <summary>Searches with the bar, where there is a terminal for it.</summary>
    public void Run(Action searching)
    {
        if (!terminal.IsInteractive)
        {
            searching();
            return;
        }

        terminal.Ansi.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                _bar = context.AddTask("trials", maxValue: request.Search.Trials);
                searching();
            });
    }

    /// <summary>Tells of a training that ended; called by one thread at a time.</summary>
    public void Tell(SearchTask task, TrialRecord record)
    {
        if (_told++ == 0 && Workers > 1)
            Line($"{Workers} trials at a time, one thread each");
        if (record.Value is { } value && (_best is null || value > _best.Value.Value))
            _best = (task.Trial, value);
        var epochs = search.Rungs[^1] > 1 ? $"  epoch {task.Epochs,2}/{search.Rungs[^1]}" : "";
        var result = record.Value is { } measured ? $"{request.Metric} {measured:F4}" : $"failed: {record.Failure}";
        var best = _best is { } found ? $"  best {found.Value:F4} (trial {found.Trial})" : "";
        Line($"trial {task.Trial,3}{epochs}  {result}{best}  {time.GetElapsedTime(_started):h\\:mm\\:ss}  {record.SettingsText}");
        if (_bar is null)
            return;
        _bar.Value = search.Trials.Count;
        _bar.Description = Markup.Escape($"trial {search.Trials.Count}/{request.Search.Trials}{best}");
    }

    /// <summary>Tells what came out.</summary>
    public void End(TuningResult result)
    {
        var failed = result.Ranked.Count(record => record.Value is null);
        if (search.IsExhausted)
            terminal.Out.WriteLine($"the space has no more than {Counted.Of(search.Trials.Count, "setting")}: all of them were tried");
        if (result.HasEpochs)
            terminal.Out.WriteLine($"{result.EpochsTrained:N0} epochs trained of the {result.EpochsInAll:N0} that {Counted.Of(search.Trials.Count, "trial")} would have without halving; {Counted.Of(failed, "trial")} failed");
        if (search.Best is null)
            return;
        var metrics = TuningResult.MetricsOf(result.Ranked[0]).Where(metric => metric.Cutoff == request.Metric.Cutoff).ToArray();
        terminal.WriteTable(
            ["trial", "best epoch", .. metrics.Select(metric => MetricLabels.At(metric.Name, metric.Cutoff)), "seconds", "settings"],
            result.Ranked.Where(record => record.Value is not null).Take(Shown).Select(record => (string[])
            [
                $"{record.Trial}", $"{record.BestEpoch}", .. TuningResult.MetricsOf(record).Where(metric => metric.Cutoff == request.Metric.Cutoff).Select(metric => $"{metric.Value:F4}"), $"{record.Seconds:F1}", record.SettingsText,
            ]), lastWraps: true);
        if (result.Importance is [])
            return;
        var shares = search.Space.Parameters.Zip(result.Importance).OrderByDescending(each => each.Second).Select(each => $"{each.First.Name} {each.Second:P0}");
        terminal.Out.WriteLine($"what mattered, each alone: {string.Join(", ", shares)}");
    }

    private void Line(string text)
    {
        if (_bar is null)
            terminal.Out.WriteLine(text);
        else
            terminal.Ansi.WriteLine(text);
    }
}
