using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NextItem.Data;
using NextItem.Hosting;
using NextItem.Hosting.Metrics;
using NextItem.Hosting.Models;
using NextItem.Server.Access;
using NextItem.Server.Answering;
using NextItem.Server.Catalog;
using NextItem.Server.Feedback;
using NextItem.Server.Routes;
using NextItem.Server.Rules;
using NextItem.Server.Sessions;
using NextItem.Server.Settings;
using NextItem.Server.Telemetry;
using StackExchange.Redis;

namespace NextItem.Server;

/// <summary>A running server: recommendations for live sessions over HTTP. docs/serving.md has its contract.</summary>
public sealed class NextItemServer : IAsyncDisposable
{
    /// <summary>Four passes' sessions.</summary>
    private const int WaitingThreads = 4 * SharedScans.MostTogether;

    private readonly WebApplication _app;
    private readonly ModelVariants _models;

    private NextItemServer(WebApplication app, ModelVariants models, Task<string>? brokenDown)
    {
        _app = app;
        _models = models;
        BrokenDown = brokenDown ?? new TaskCompletionSource<string>().Task;
    }

    /// <summary>Where it listens, with the ports that it got.</summary>
    public IReadOnlyCollection<string> Urls => [.. _app.Urls];

    /// <summary>Completes, with the reason, when the server cannot go on and has to be started again; otherwise never.</summary>
    public Task<string> BrokenDown { get; }

    /// <summary>What it is made of, for tests.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Loads the model and starts; returns when requests are answered.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="logging">Where its log goes; null for nowhere.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OptionsException">An option is out of range, or a cluster is asked for: NextItem.Server.Orleans has that.</exception>
    /// <exception cref="ModelFileException">The model file cannot be used.</exception>
    /// <exception cref="IOException">A file cannot be read, or an address is in use.</exception>
    /// <exception cref="ItemsFileException">The file of items cannot be used.</exception>
    /// <exception cref="RulesFileException">The file of rules cannot be used.</exception>
    /// <exception cref="ApiKeysFileException">The file of API keys cannot be used.</exception>
    /// <exception cref="EventsFileException">The file of names cannot be used.</exception>
    public static Task<NextItemServer> StartAsync(
        ServerOptions options, Action<ILoggingBuilder>? logging = null, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Cluster is not null)
            throw new OptionsException(nameof(ServerOptions), ["cluster is given; expected a start by OrleansServer of NextItem.Server.Orleans, which has the cluster."]);
        return StartAsync(options, null, logging, time, cancellationToken);
    }

    /// <summary>The same with a place for the sessions; null for the one that the options name.</summary>
    internal static async Task<NextItemServer> StartAsync(ServerOptions options, ISessionHost? host, Action<ILoggingBuilder>? logging, TimeProvider? time, CancellationToken cancellationToken)
    {
        options.Validate();
        time ??= TimeProvider.System;
        AllowWaitingThreads();
        var facts = new ItemFactsStore(options.NamesPath, options.ItemsPath);
        var rules = new RulesHolder(facts, options.RulesPath, time);
        var models = ModelVariants.Load(options.ModelPath, options.ModelBPath, options.ShareOfB, options.SplitSalt, time);
        WebApplication? app = null;
        ConnectionMultiplexer? redis = null;
        try
        {
            if (options.Store == SessionStoreKind.Redis)
                redis = await ConnectionMultiplexer.ConnectAsync(RedisAddress.Parse(options.Redis!)); // which also returns where it is not there yet
            app = Build(options, models, facts, rules, host, redis, time, logging);
            Map(app, options, models, time);
            await app.StartAsync(cancellationToken);
            return new NextItemServer(app, models, host?.BrokenDown);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            if (redis is not null)
                await redis.DisposeAsync();
            models.Dispose();
            throw;
        }
    }

    /// <summary>Stops: no new connections, requests under way are answered, for half a minute at most.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <summary>Stops, and frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _models.Dispose();
    }

    /// <summary>Requests that wait for a pass over a large index hold a thread each; the pool would make these two a second.</summary>
    private static void AllowWaitingThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, WaitingThreads), ports);
    }

    /// <summary>Nothing is read from files, variables or folders but what the options say.</summary>
    private static WebApplication Build(
        ServerOptions options, ModelVariants models, ItemFactsStore facts, RulesHolder rules, ISessionHost? host, ConnectionMultiplexer? redis, TimeProvider time, Action<ILoggingBuilder>? logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "nextitem" });
        builder.WebHost.UseKestrelCore().UseUrls([.. options.Urls]).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.BodyBytes;
        });
        logging?.Invoke(builder.Logging);
        builder.Services.AddOpenApi(Descriptions.OfDocument)
            .ConfigureHttpJsonOptions(json => Descriptions.OfJson(json.SerializerOptions))
            .AddRoutingCore()
            .AddMetrics()
            .AddCors()
            .AddSingleton<IHostLifetime, NoSignals>()
            .AddSingleton(options)
            .AddSingleton(time)
            .AddSingleton(models)
            .AddSingleton(facts)
            .AddSingleton(rules)
            .AddSingleton<ISessionStore>(services => new MeasuredSessionStore(
                host is not null ? host.Open(services)
                    : redis is null ? new MemorySessionStore(options.MaxSessions, options.MaxSessionMegabytes * 1_000_000L, options.SessionIdle, time)
                    : new RedisSessionStore(redis, options.SessionIdle, services.GetRequiredService<ILogger<RedisSessionStore>>()),
                services.GetRequiredService<RecommenderMetrics>(),
                time))
            .AddSingleton(services => new FeedbackLog(options.FeedbackPath, time, services.GetRequiredService<ILogger<FeedbackLog>>()))
            .AddSingleton<IHostedService>(services => services.GetRequiredService<FeedbackLog>())
            .AddSingleton<RecommenderMetrics>()
            .AddSingleton<ServerMetrics>()
            .AddSingleton<EventIntake>()
            .AddSingleton<ListMaker>()
            .AddSingleton(new NextItemOptions { ModelPath = options.ModelPath, ReloadCheck = options.ReloadCheck })
            .AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ModelWatcher>(services, models.A))
            .AddHostedService<RulesWatcher>()
            .AddHostedService<SessionSweeper>();
        if (models.B is { } second)
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ModelWatcher>(services, second));
        Exporters.Add(builder, options.OpenTelemetry);
        host?.Add(builder);
        return builder.Build();
    }

    private static void Map(WebApplication app, ServerOptions options, ModelVariants models, TimeProvider time)
    {
        foreach (var holder in models.B is null ? [models.A] : new[] { models.A, models.B })
        {
            using var lease = holder.Lease();
            app.Services.GetRequiredService<RecommenderMetrics>().Serves(lease.Model);
        }

        RequestMeasuring.Use(app, app.Services.GetRequiredService<ServerMetrics>(), time);
        Problems.Use(app, app.Services.GetRequiredService<ILogger<NextItemServer>>());
        if (options.CorsOrigins.Count > 0)
            Origins.Use(app, options.CorsOrigins);
        if (options.ApiKeysPath is not null)
            KeyCheck.Use(app, new ApiKeys(options.ApiKeysPath, options.ReloadCheck, time, app.Services.GetRequiredService<ILogger<ApiKeys>>()));
        ActivatorUtilities.CreateInstance<RecommendationRoutes>(app.Services).Map(app);
        ActivatorUtilities.CreateInstance<EventRoutes>(app.Services).Map(app);
        ActivatorUtilities.CreateInstance<ItemRoutes>(app.Services).Map(app);
        ActivatorUtilities.CreateInstance<ModelRoutes>(app.Services).Map(app);
        new PageRoutes().Map(app);
        app.MapOpenApi();
        app.MapPrometheusScrapingEndpoint();
        ApiReference.Map(app);
    }

    /// <summary>Signals are the program's business, not the server's.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
