using NextItem.Data;

namespace NextItem.Cli.Output;

/// <summary>What a failure is called on the command line.</summary>
/// <param name="Text">One or two lines: file, row, found, expected.</param>
/// <param name="ExitCode">1 for a failure in running, 2 for wrong usage.</param>
internal sealed record FailureMessage(string Text, int ExitCode)
{
    /// <summary>The message of an expected failure; null for a defect of ours, which deserves its stack trace.</summary>
    public static FailureMessage? Of(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => Of(only),
        UsageException or OptionsException => new(exception.Message, CommandLine.WrongUsage),
        OperationCanceledException => new("Stopped. Files are as they were before: nothing was half written.", CommandLine.Failure),
        EventsFileException or ModelFileException or TrainingDivergedException or RunException => new(exception.Message, CommandLine.Failure),
        KeyNotFoundException or NotSupportedException => new(exception.Message, CommandLine.Failure),
        UnauthorizedAccessException or IOException => new(exception.Message, CommandLine.Failure),
        OutOfMemoryException => new("Out of memory. Fewer units, a smaller batch or a later part of the data need less.", CommandLine.Failure),
        _ => null,
    };
}

/// <summary>The command was called wrongly: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command cannot do its work: exit code 1.</summary>
internal sealed class RunException(string message, Exception? inner = null) : Exception(message, inner);
