using System.Text.RegularExpressions;
using NextItem.Data;
using NextItem.Interchange;
using NextItem.Preparation;
using NextItem.Server;
using NextItem.Server.Orleans;

namespace NextItem.Cli.Output;

/// <summary>What a failure is called on the command line.</summary>
/// <param name="Lines">File, row, found, expected; several faults of the same kind are a line each.</param>
/// <param name="ExitCode">1 for a failure in running, 2 for wrong usage.</param>
internal sealed partial record FailureMessage(IReadOnlyList<string> Lines, int ExitCode)
{
    /// <summary>The message of a failure; a defect of ours comes with its stack trace.</summary>
    public static FailureMessage Of(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Of(only),
        UsageException usage => new(usage.Faults, ExitCodes.WrongUsage),
        OptionsException options => new(options.Faults, ExitCodes.WrongUsage),
        StoppedException => new([exception.Message], ExitCodes.Failure),
        OperationCanceledException => new(["Stopped. Files are as they were before: nothing was half written."], ExitCodes.Failure),
        EventsFileException file => new([InOptions(file.Message)], ExitCodes.Failure),
        PreparationException or ModelFileException or ImportException or TrainingDivergedException or TrainingStartException or ItemsFileException or RulesFileException or ApiKeysFileException or ClusterException => new([exception.Message], ExitCodes.Failure),
        RunException run => new(run.Lines, ExitCodes.Failure),
        UnauthorizedAccessException or IOException => new([exception.Message], ExitCodes.Failure),
        OutOfMemoryException => new(["Out of memory. Fewer units, a smaller batch or a later part of the data need less."], ExitCodes.Failure),
        _ => new([$"This is a defect of NextItem; please report it: {exception}"], ExitCodes.Failure),
    };

    // The library says beside an option what code sets instead.
    private static string InOptions(string message) => LibrarySetting().Replace(message, "");

    [GeneratedRegex(@" \((EventColumns|FeatureSource)\.[A-Za-z]+\)")]
    private static partial Regex LibrarySetting();
}

/// <summary>The command was called wrongly: exit code 2.</summary>
internal sealed class UsageException(IReadOnlyList<string> faults) : Exception(string.Join(' ', faults))
{
    /// <summary>The command was called wrongly in one way.</summary>
    public UsageException(string fault)
        : this([fault])
    {
    }

    /// <summary>Everything that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>The command cannot do its work: exit code 1.</summary>
internal sealed class RunException(IReadOnlyList<string> lines, Exception? inner = null) : Exception(string.Join(' ', lines.Select(line => line.Trim())), inner)
{
    /// <summary>The command cannot do its work, in one line.</summary>
    public RunException(string message, Exception? inner = null)
        : this([message], inner)
    {
    }

    /// <summary>What is said, a line each.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;
}

/// <summary>Ctrl+C where something was kept: the message says what.</summary>
internal sealed class StoppedException(string message, Exception inner) : OperationCanceledException(message, inner);
