using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NextItem.Server.Orleans.Grains;
using NextItem.Server.Orleans.Sessions;
using NextItem.Server.Sessions;
using NextItem.Server.Settings;
using Orleans.Configuration;
using Orleans.Serialization;
using StackExchange.Redis;

namespace NextItem.Server.Orleans.Clustering;

/// <summary>The server as a member of its cluster: a silo in the same process.</summary>
/// <param name="options">How the server works.</param>
/// <param name="endpoint">Where the others reach it.</param>
/// <param name="redis">Through which they find each other and where sessions are kept; null for a cluster of one, in memory.</param>
internal sealed class HostedSilo(ServerOptions options, IPEndPoint endpoint, ConnectionMultiplexer? redis) : ISessionHost
{
    /// <summary>A member that does not answer within this, so many times one after the other, is taken for dead by the others; slow ones are given up to three times as long.</summary>
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_mostProbe = TimeSpan.FromSeconds(3);
    private const int MissedProbes = 3;

    /// <summary>A member that was away for a while and is taken for dead learns it within this.</summary>
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(5);

    /// <summary>Members write so often that they live. Those whose last word is four times as old do not hold up one that joins.</summary>
    private static readonly TimeSpan s_aliveEvery = TimeSpan.FromSeconds(2);
    private const int MissedWords = 4;

    /// <summary>A session's grain answers within this, its waiting for Redis included.</summary>
    private static readonly TimeSpan s_response = TimeSpan.FromSeconds(5);

    /// <summary>A copy of a session in memory is let go when nobody used it for so long, or for the sessions' idle time; Redis has it still.</summary>
    private static readonly TimeSpan s_mostCopied = TimeSpan.FromMinutes(5);

    /// <summary>A server that cannot reach one of the others gives up joining them after this.</summary>
    private static readonly TimeSpan s_joining = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A server that stops tells the others twice, in Redis, and gives each up after this: with Redis away, stopping must not outlast the patience of what
    /// stops it (half a minute in Kubernetes). The others find out by themselves.
    /// </summary>
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(4);

    private readonly FatalFaults _faults = new();
    private volatile bool _isStopping;

    /// <inheritdoc/>
    public Task<string> BrokenDown => _faults.First;

    /// <inheritdoc/>
    public void Add(WebApplicationBuilder builder)
    {
        builder.UseOrleans(Configure);
        builder.Services.AddSingleton<IFatalErrorHandler>(_faults);
        builder.Services.AddHostedService<MembershipLog>();
        // Of Orleans' own log, why a server cannot join, and that it was taken for dead. A member that is gone is told by dozens of its parts, most of them
        // with stack traces: MembershipLog, RedisWatch and the line of each request that failed say it once.
        builder.Logging.AddFilter("Orleans", LogLevel.Critical);
        // Once it stops, that it could not say so in a Redis that is away is no news.
        builder.Logging.AddFilter("Orleans.Runtime.MembershipService.MembershipAgent", level => level >= (_isStopping ? LogLevel.Critical : LogLevel.Error));
        builder.Logging.AddFilter("Orleans.Runtime.MembershipService.MembershipTableManager", LogLevel.Error);
    }

    /// <inheritdoc/>
    public ISessionStore Open(IServiceProvider services)
    {
        if (redis is not null)
            RedisWatch.Watch(redis, services.GetRequiredService<ILogger<HostedSilo>>());
        // Orleans has one time for both, joining and leaving.
        var members = services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
        services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => (members.MaxJoinAttemptTime, _isStopping) = (s_leaving, true));
        var grains = services.GetRequiredService<IGrainFactory>();
        return new GrainSessionStore(key => grains.GetGrain<ISessionGrain>(key), services.GetRequiredService<ISiloStatusOracle>(), redis, services.GetRequiredService<TimeProvider>());
    }

    private void Configure(ISiloBuilder silo)
    {
        var place = new SessionPlace(options.SessionIdle, redis, options.ClusterId);
        silo.Services.AddSerializer(serializer => serializer.AddAssembly(typeof(SessionGrain).Assembly));
        silo.Services.AddSingleton(place);
        if (redis is null)
        {
            silo.UseLocalhostClustering(siloPort: endpoint.Port, gatewayPort: 0, serviceId: options.ClusterId, clusterId: options.ClusterId);
            silo.AddMemoryGrainStorage(SessionPlace.Name, storage => storage.Configure(memory => memory.GrainStorageSerializer = new KeptSessionBytes()));
        }
        else
        {
            var address = RedisAddress.Parse(options.Cluster!);
            silo.UseRedisClustering(clustering =>
            {
                clustering.ConfigurationOptions = address;
                clustering.CreateMultiplexer = _ => Task.FromResult<(IConnectionMultiplexer, bool)>((redis, true));
                clustering.CreateRedisKey = cluster => $"nextitem:{cluster.ClusterId}:servers";
            });
            silo.AddRedisGrainStorage(SessionPlace.Name, storage =>
            {
                storage.ConfigurationOptions = address;
                storage.CreateMultiplexer = _ => Task.FromResult<(IConnectionMultiplexer, bool)>((redis, true));
                storage.GetStorageKey = (_, id) => place.KeyOf(id);
                storage.GrainStorageSerializer = new KeptSessionBytes();
                storage.EntryExpiry = TimeSpan.FromSeconds(Math.Ceiling(options.SessionIdle.TotalSeconds)); // in whole seconds
                storage.DeleteStateOnClear = true;
            });
        }

        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ClusterId));
        silo.Configure<EndpointOptions>(own =>
        {
            // No gateway: nobody outside the cluster has business with its grains.
            (own.AdvertisedIPAddress, own.SiloPort, own.GatewayPort) = (endpoint.Address, endpoint.Port, 0);
            own.SiloListeningEndpoint = endpoint;
        });
        silo.Configure<ClusterMembershipOptions>(members =>
        {
            members.ProbeTimeout = s_probe;
            members.MaxProbeTimeout = s_mostProbe;
            members.TableRefreshTimeout = s_refresh;
            members.MaxJoinAttemptTime = s_joining;
            members.NumMissedProbesLimit = MissedProbes;
            members.IAmAliveTablePublishTimeout = s_aliveEvery;
            members.NumMissedTableIAmAliveLimit = MissedWords;
        });
        silo.Configure<SiloMessagingOptions>(messages => messages.ResponseTimeout = s_response);
        silo.Configure<GrainCollectionOptions>(collection =>
        {
            var age = redis is null || options.SessionIdle < s_mostCopied ? options.SessionIdle : s_mostCopied;
            collection.CollectionQuantum = age / 2 < collection.CollectionQuantum ? age / 2 : collection.CollectionQuantum;
            collection.CollectionAge = age;
        });
    }
}
