using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NextItem.Hosting.Metrics;
using NextItem.Hosting.Models;

namespace NextItem.Hosting;

/// <summary>
/// Looks at the model file from time to time. A new one is loaded aside, checked, and put in the old one's place; one that cannot be
/// used is refused, and the old model goes on.
/// </summary>
/// <remarks>It asks for length and time instead of being told by the system: that works on network folders and with renamed links too.</remarks>
internal sealed partial class ModelWatcher(NextItemOptions options, ModelHolder holder, TimeProvider time, ILogger<ModelWatcher> log, RecommenderMetrics metrics) : BackgroundService
{
    private FileStamp? _done = holder.FirstStamp;
    private FileStamp? _seen;
    private bool _isUnread; // could not be opened or read, which may pass while the file stays as it is

    /// <summary>Looks once; loads a file that has been the same twice, so that one being copied is left to finish.</summary>
    internal void Look()
    {
        try
        {
            var now = FileStamp.Of(holder.Path);
            var (isNew, isStill) = (_isUnread || now != _done, now == _seen);
            _seen = now;
            if (now is null || !isNew || !isStill)
                return;
            _done = now;
            using var before = holder.Lease();
            if (before.Model.Stamp == now)
            {
                // Somebody loaded it meanwhile, or the file before one that was refused is back.
                (_isUnread, holder.Refused) = (false, null);
                return;
            }

            var model = ServedModel.Load(holder.Path, time, holder.Variant);
            LogReplaced(holder.Variant, before.Model.Version, model.Version, model.Catalog.Count);
            _isUnread = false;
            metrics.Replaced(model);
            holder.Replace(model);
        }
        catch (Exception e)
        {
            // Whatever it is: the model before it serves. What comes again with every look is told once.
            var isUnread = e is IOException or UnauthorizedAccessException;
            if (isUnread && _isUnread && holder.Refused?.Detail == e.Message)
                return;
            _isUnread = isUnread;
            metrics.Refused(holder.Variant);
            LogRefused(holder.Path, e.Message);
            holder.Refused = new RefusedFile(time.GetUtcNow(), e.Message);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReloadCheck, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "model {Variant} {Before} was replaced by {After}, {Items} items")]
    private partial void LogReplaced(string variant, string before, string after, int items);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} was refused, the model before it goes on serving: {Reason}")]
    private partial void LogRefused(string path, string reason);
}
