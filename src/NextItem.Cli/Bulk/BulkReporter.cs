using System.Diagnostics;
using NextItem.Cli.Output;
using Spectre.Console;

namespace NextItem.Cli.Bulk;

/// <summary>Shows how far a file of sessions is: a bar on a terminal, a line every ten seconds in a pipe.</summary>
internal sealed class BulkReporter(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly long _started = time.GetTimestamp();
    private long _lastLine = time.GetTimestamp();
    private ProgressTask? _bar;

    /// <summary>Sessions done.</summary>
    public long Sessions { get; private set; }

    /// <summary>Sessions a second, since the start.</summary>
    public double Rate => Sessions / Math.Max(1e-3, time.GetElapsedTime(_started).TotalSeconds);

    /// <summary>Does the work with the bar, where there is a terminal for it.</summary>
    public void Run(Action work)
    {
        if (!terminal.IsInteractive)
        {
            work();
            return;
        }

        terminal.Ansi.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                _bar = context.AddTask("recommending", maxValue: 1);
                work();
            });
    }

    /// <summary>Tells that sessions are done, and what share of the file's rows.</summary>
    public void Report(int sessions, double done)
    {
        Sessions += sessions;
        if (_bar is not null)
        {
            _bar.Value = done;
            _bar.Description = Markup.Escape($"{Counted.Of(Sessions, "session")}  {Rate:N0} sessions/s  {Memory()}");
        }
        else if (time.GetElapsedTime(_lastLine) >= s_plainInterval)
        {
            _lastLine = time.GetTimestamp();
            var left = done <= 0 ? TimeSpan.Zero : time.GetElapsedTime(_started) * ((1 - done) / done);
            terminal.Out.WriteLine($"{done,4:P0}  {Counted.Of(Sessions, "session")}  {Rate:N0} sessions/s  left {left:h\\:mm\\:ss}  {Memory()}");
        }
    }

    private static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return Sizes.Bytes(process.WorkingSet64);
    }
}
