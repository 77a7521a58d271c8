using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace NextItem.Server.Orleans.Clustering;

/// <summary>Says who comes to the cluster and who goes.</summary>
internal sealed partial class MembershipLog(ISiloStatusOracle members, ILogger<MembershipLog> log) : IHostedService, ISiloStatusListener
{
    private int Alive => members.GetActiveSilos().Length;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        members.SubscribeToSiloStatusEvents(this);
        LogJoined(log, members.SiloAddress.Endpoint, Alive);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        members.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        var (address, alive) = (updatedSilo.Endpoint, Alive);
        if (updatedSilo.Equals(members.SiloAddress))
            return;
        if (status == SiloStatus.Active)
            LogCame(log, address, alive);
        else if (status == SiloStatus.Dead)
            LogGone(log, address, alive);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Member {Address} of a cluster of {Servers}")]
    private static partial void LogJoined(ILogger log, IPEndPoint address, int servers);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Address} has come to the cluster: {Servers} servers")]
    private static partial void LogCame(ILogger log, IPEndPoint address, int servers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Address} has left the cluster: {Servers} servers go on with its sessions")]
    private static partial void LogGone(ILogger log, IPEndPoint address, int servers);
}
