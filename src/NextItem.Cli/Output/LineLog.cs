using System.Globalization;
using Microsoft.Extensions.Logging;

namespace NextItem.Cli.Output;

/// <summary>The log of a long-running command: a line each, with its time (UTC) and how bad it is; failures with their stack traces.</summary>
/// <param name="writer">Receives the lines.</param>
internal sealed class LineLog(TextWriter writer) : ILoggerProvider, ILogger
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == "HostedServiceStartupFaulted")
            return; // thrown as well: the command tells it
        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var level = logLevel switch
        {
            LogLevel.Information => "info",
            LogLevel.Warning => "warning",
            LogLevel.Error or LogLevel.Critical => "error",
            _ => "debug",
        };
        // One line, whatever a path or a message holds.
        var text = formatter(state, exception).ReplaceLineEndings(" ");
        lock (_lock)
            writer.WriteLine(exception is null ? $"{time} {level}: {text}" : $"{time} {level}: {text}\n{exception}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
