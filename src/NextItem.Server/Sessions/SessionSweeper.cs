using Microsoft.Extensions.Hosting;

namespace NextItem.Server.Sessions;

/// <summary>Forgets idle sessions where nobody comes, too.</summary>
internal sealed class SessionSweeper(ISessionStore sessions, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_between, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                sessions.Sweep();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
