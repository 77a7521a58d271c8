using Microsoft.Extensions.Logging;
using NextItem.Server.Orleans.Clustering;
using NextItem.Server.Settings;
using StackExchange.Redis;

namespace NextItem.Server.Orleans;

/// <summary>A server that is one of several: a session is kept by one of them, and any of them answers for it.</summary>
public static class OrleansServer
{
    /// <summary>Loads the model, joins the cluster and starts; returns when requests are answered.</summary>
    /// <param name="options">How it works; <see cref="ServerOptions.Cluster"/> is needed.</param>
    /// <param name="logging">Where its log goes; null for nowhere.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OptionsException">An option is out of range.</exception>
    /// <exception cref="ClusterException">It cannot join the cluster.</exception>
    /// <remarks>It fails too as a <see cref="NextItemServer"/> without a cluster does.</remarks>
    public static async Task<NextItemServer> StartAsync(
        ServerOptions options, Action<ILoggingBuilder>? logging = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Cluster is null)
            throw new OptionsException(nameof(ServerOptions), ["cluster is missing; expected the Redis through which its servers find each other, such as redis://10.0.0.7:6379, or memory."]);
        var address = options.Cluster == ServerOptions.MemoryCluster ? null : RedisAddress.Parse(options.Cluster);
        var redis = address is null ? null : await ConnectAsync(address);
        try
        {
            var endpoint = SiloEndpoint.Of(options, address);
            return await NextItemServer.StartAsync(options, new HostedSilo(options, endpoint, redis), logging, time, cancellationToken);
        }
        catch (Exception e)
        {
            if (redis is not null)
                await redis.DisposeAsync();
            if (e is OrleansException or RedisException or TimeoutException)
                throw new ClusterException($"The server could not join the cluster '{options.ClusterId}': {e.Message}", e);
            throw;
        }
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions where)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(where);
        if (redis.IsConnected)
            return redis;
        await redis.DisposeAsync();
        throw new ClusterException($"Redis at {string.Join(", ", where.EndPoints.Select(Told))} cannot be reached; expected one that answers, since the servers of a cluster find each other and keep their sessions there.");

        static string? Told(System.Net.EndPoint endpoint) => endpoint is System.Net.DnsEndPoint name ? $"{name.Host}:{name.Port}" : endpoint.ToString();
    }
}
