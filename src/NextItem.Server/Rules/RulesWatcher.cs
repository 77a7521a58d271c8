using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NextItem.Hosting;
using NextItem.Hosting.Models;

namespace NextItem.Server.Rules;

/// <summary>Looks at the file of rules from time to time; one that cannot be used is refused, and the rules before it hold on.</summary>
internal sealed partial class RulesWatcher(ServerOptions options, RulesHolder holder, TimeProvider time, ILogger<RulesWatcher> log) : BackgroundService
{
    private FileStamp? _done = holder.FirstStamp;
    private FileStamp? _seen;
    private bool _isUnread; // could not be opened or read, which may pass while the file stays as it is

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (holder.Path is null)
            return;
        using var timer = new PeriodicTimer(options.ReloadCheck, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look(holder.Path);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Reads a file that has been the same twice, so that one being written is left to finish.</summary>
    private void Look(string path)
    {
        try
        {
            var now = FileStamp.Of(path);
            var (isNew, isStill) = (_isUnread || now != _done, now == _seen);
            _seen = now;
            if (now is null || !isNew || !isStill)
                return;
            _done = now;
            holder.Replace(RulesFile.Read(path), time.GetUtcNow());
            _isUnread = false;
            LogReplaced(path);
        }
        catch (Exception e)
        {
            // Whatever it is: the rules before it hold. What comes again with every look is told once.
            var isUnread = e is IOException or UnauthorizedAccessException;
            if (isUnread && _isUnread && holder.Refused?.Detail == e.Message)
                return;
            _isUnread = isUnread;
            holder.Refused = new RefusedFile(time.GetUtcNow(), e.Message);
            LogRefused(path, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the rules of {Path} were read anew")]
    private partial void LogReplaced(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} was refused, the rules before it hold on: {Reason}")]
    private partial void LogRefused(string path, string reason);
}
