using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using NextItem.Data;

namespace NextItem.Cli;

/// <summary>
/// Ctrl+C and its relatives, for the whole process: the first asks the command to stop and says so at once; a later one ends the
/// process as it is, but for the temporary files, which are deleted. It listens until the process is gone: a second signal that met
/// a listener already put away would end a process that has just saved everything as if it had not.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the process: a signal may come while that ends.")]
internal sealed class StopSignals
{
    /// <summary>Signals this close are one: timeout(1) tells its child and then the child's whole group, and keys repeat.</summary>
    public static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(2);

    /// <summary>What a shell calls a program that signal N ended: 128 + N.</summary>
    private const int ExitCodeOfSignals = 128;

    private static readonly List<PosixSignalRegistration> s_registrations = []; // reachable to the end: their finalizer stops the listening
    private static readonly (PosixSignal Signal, int Number)[] s_signals = [(PosixSignal.SIGHUP, 1), (PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15)];

    private readonly TextWriter _errors;
    private readonly string _stopping;
    private readonly string _endedAtOnce;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private long? _first;
    private int? _forced;
    private int? _ended;

    /// <summary>Listens from here on.</summary>
    /// <param name="errors">Is told of every signal that counts.</param>
    /// <param name="isServer">Whether there is nothing to save, but requests to answer.</param>
    public StopSignals(TextWriter errors, bool isServer)
    {
        _errors = errors;
        (_stopping, _endedAtOnce) = isServer
            ? ("stopping ... What was asked is answered first. Once more, in a while, ends it at once: requests under way get no answer.", "ended at once: requests under way got no answer.")
            : ("stopping ... Once more, in a while, ends it at once, without saving anything.", "ended at once: what was not saved is lost; files are as they were before.");
        s_registrations.AddRange(s_signals.Select(each => PosixSignalRegistration.Create(each.Signal, context => Handle(context, each.Number))));
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>
    /// The exit code of the process: the command's, unless a signal has ended it. The command is over: whatever signal comes from here on
    /// ends nothing that could be lost, and the exit code stays.
    /// </summary>
    public int ExitCodeOr(int exitCode)
    {
        lock (_lock)
        {
            _ended = _forced ?? exitCode;
            return _ended.Value;
        }
    }

    private void Handle(PosixSignalContext context, int number)
    {
        context.Cancel = true; // the process does not end by itself
        bool isFirst;
        int? ended;
        lock (_lock)
        {
            ended = _ended;
            isFirst = _first is null;
            _first ??= _time.GetTimestamp();
            if (!isFirst && (_forced is not null || _time.GetElapsedTime(_first.Value) < SameSignal))
                return;
            if (!isFirst)
                _forced = ended ?? ExitCodeOfSignals + number;
        }

        if (ended is not null)
        {
            if (!isFirst)
                Environment.Exit(ended.Value); // asked again: the process does not come to its end by itself
            return;
        }

        if (isFirst)
        {
            Say(_stopping);
            Cancel();
            return;
        }

        Say(_endedAtOnce);
        AtomicFile.Abandon();
        Environment.Exit(ExitCodeOfSignals + number);
    }

    private void Cancel()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException)
        {
            // Whoever fails to stop fails in its own thread too; here, it would take the process down before anything is saved.
        }
    }

    private void Say(string text)
    {
        try
        {
            _errors.WriteLine($"nextitem: {text}");
        }
        catch (IOException)
        {
            // The terminal is gone, which may be why the signal came.
        }
    }
}
