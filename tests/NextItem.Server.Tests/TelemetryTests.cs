using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace NextItem.Server.Tests;

public sealed partial class TelemetryTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_AreMeasured()
    {
        await using var server = await Served.Start(shop.Model);
        using var measured = new Measured(server.Server.Services.GetRequiredService<IMeterFactory>());

        await Traffic(server);

        const string Recommendations = "/v1/recommendations";
        Assert.Equal(2, measured.Sum("nextitem.requests", ("route", Recommendations), ("status", "200"), ("variant", "A")));
        Assert.Equal(1, measured.Sum("nextitem.requests", ("route", Recommendations), ("status", "400"), ("variant", "A")));
        Assert.Equal(1, measured.Sum("nextitem.requests", ("route", "none"), ("status", "404")));
        Assert.Equal(3, measured.Values("nextitem.request.duration", ("route", Recommendations)).Count(seconds => seconds > 0));
        Assert.Equal((2, 1, 2), (measured.Sum("nextitem.events", ("result", "accepted")), measured.Sum("nextitem.events", ("result", "repeated")), measured.Sum("nextitem.events", ("result", "rejected"))));
        Assert.Equal(1, measured.Sum("nextitem.unknown_items", ("variant", "A")));
        Assert.Equal(1, measured.Sum("nextitem.recommendations", ("fallback", "popular"), ("variant", "A")));
        Assert.Equal(1, measured.Gauge("nextitem.sessions"));
        Assert.Equal(3, measured.Values("nextitem.session_store.duration", ("operation", "write")).Length + measured.Values("nextitem.session_store.duration", ("operation", "delete")).Length);
        Assert.Equal(0, measured.Sum("nextitem.requests.active"));
        Assert.InRange(measured.Gauge("nextitem.data.age"), 0, double.MaxValue);
        Assert.All(new[] { "nextitem.requests", "nextitem.request.duration", "nextitem.recommendations", "nextitem.recommendation.duration", "nextitem.unknown_items" }, name => Assert.All(measured.Tags(name), tags => Assert.Equal("A", tags["variant"])));
    }

    /// <summary>A client that hung up was not answered with 200.</summary>
    [Fact]
    public async Task Requests_WhoseClientIsGone_AreMeasuredAsSuch()
    {
        await using var server = await Served.Start(shop.Model);
        using var measured = new Measured(server.Server.Services.GetRequiredService<IMeterFactory>());
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"u8.ToArray(), TestContext.Current.CancellationToken);
            for (var tries = 0; tries < 1500 && measured.Sum("nextitem.requests.active") == 0; tries++)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            client.Client.LingerState = new LingerOption(true, 0); // gone at once
        }

        for (var tries = 0; tries < 1500 && measured.Values("nextitem.requests").Length == 0; tries++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var tags = Assert.Single(measured.Tags("nextitem.requests"));
        Assert.Equal("/v1/events", tags["route"]);
        Assert.Contains(tags["status"], new[] { "499", "400" }); // as the server sees that the client is gone, or that its body ends too early, first
        Assert.DoesNotContain("defect", server.Log, StringComparison.Ordinal);
    }

    /// <summary>Two models are two series, of requests, of lists and of files; what one does is not the other's.</summary>
    [Fact]
    public async Task Variants_AreMeasuredApart()
    {
        var (a, b) = (_folder.In("a.nextitem"), _folder.In("b.nextitem"));
        File.Copy(shop.Model, a);
        File.Copy(shop.OtherModel, b);
        await using var server = await Served.Start(a, options => options with { ModelBPath = b, SplitB = 0.05, ReloadCheck = TimeSpan.FromMilliseconds(20) });
        using var measured = new Measured(server.Server.Services.GetRequiredService<IMeterFactory>());

        // Of these ids s1 alone is B's.
        await server.View("s1", shop.Keys[0], shop.Keys[1]);
        await server.Recommend("s1");
        await server.Recommend("visitor-7");
        await server.Recommend([shop.Keys[0], "nobody knows"], ""","visitorId":"s1" """);
        await server.Get($"/v1/recommendations?items={shop.Keys[0]}&visitorId=s1");
        await server.Get($"/v1/items/{shop.Keys[0]}/similar?sessionId=s1");
        await server.Post("/v1/sessions/s1/events", $$"""{"itemId":"{{shop.Keys[2]}}"}""");
        await server.Get("/v1/model");
        await server.Get("/health/live"); // what came before on the connection is measured by now

        Assert.Equal((1, 3), Both("nextitem.requests", "/v1/recommendations"));
        Assert.Equal((0, 1), Both("nextitem.requests", "/v1/items/{key}/similar"));
        Assert.Equal((0, 1), Both("nextitem.requests", "/v1/sessions/{id}/events"));
        Assert.Equal(0, measured.Sum("nextitem.requests", ("route", "/v1/events"), ("variant", "A")));
        Assert.NotEqual(0, measured.Sum("nextitem.requests", ("route", "/v1/events"), ("variant", "B")));
        Assert.Equal((1, 0), Both("nextitem.requests", "/v1/model"));
        Assert.Equal((1, 3), (measured.Values("nextitem.request.duration", ("route", "/v1/recommendations"), ("variant", "A")).Length, measured.Values("nextitem.request.duration", ("route", "/v1/recommendations"), ("variant", "B")).Length));
        Assert.Equal((1, 4), (measured.Sum("nextitem.recommendations", ("variant", "A")), measured.Sum("nextitem.recommendations", ("variant", "B"))));
        Assert.Equal((1, 4), (measured.Values("nextitem.recommendation.duration", ("variant", "A")).Length, measured.Values("nextitem.recommendation.duration", ("variant", "B")).Length));
        Assert.Equal((0, 1), (measured.Sum("nextitem.unknown_items", ("variant", "A")), measured.Sum("nextitem.unknown_items", ("variant", "B"))));

        var facts = (await server.Get("/v1/model")).Ok().Json;
        foreach (var (variant, of) in new[] { ("A", facts), ("B", facts.GetProperty("b")) })
        {
            Assert.Equal(1, measured.Gauge("nextitem.model", ("variant", variant), ("version", of.GetProperty("version").GetString()!)));
            Assert.Equal(of.GetProperty("items").GetInt32(), measured.Gauge("nextitem.model.items", ("variant", variant)));
            Assert.True(measured.Gauge("nextitem.recommendation.coverage", ("variant", variant)) > 0);
            Assert.True(measured.Gauge("nextitem.model.age", ("variant", variant)) >= 0);
            Assert.Equal(0, measured.Gauge("nextitem.models.refused", ("variant", variant)));
        }

        // Renamed, not written in place: a file that is half there for long enough would be refused once more.
        File.Move(_folder.Text("nonsense", "nonsense"), b, overwrite: true);
        for (var tries = 0; tries < 500 && !server.Log.Contains("was refused", StringComparison.Ordinal); tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        File.Copy(shop.Model, _folder.In("next.nextitem"));
        File.Move(_folder.In("next.nextitem"), b, overwrite: true);
        for (var tries = 0; tries < 500 && measured.Gauge("nextitem.models.replaced", ("variant", "B")) == 0; tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), (measured.Gauge("nextitem.models.refused", ("variant", "A")), measured.Gauge("nextitem.models.refused", ("variant", "B"))));
        Assert.Equal((0, 1), (measured.Gauge("nextitem.models.replaced", ("variant", "A")), measured.Gauge("nextitem.models.replaced", ("variant", "B"))));
        Assert.Equal(1, measured.Gauge("nextitem.model", ("variant", "B"), ("version", facts.GetProperty("version").GetString()!)));

        (double A, double B) Both(string name, string route) =>
            (measured.Sum(name, ("route", route), ("variant", "A")), measured.Sum(name, ("route", route), ("variant", "B")));
    }

    [Fact]
    public async Task FeedbackLines_AreCounted()
    {
        await using var server = await Served.Start(shop.Model, options => options with { FeedbackPath = _folder.In("feedback") });
        using var measured = new Measured(server.Server.Services.GetRequiredService<IMeterFactory>());
        Assert.Equal(0, measured.Gauge("nextitem.feedback.lines", ("result", "written")));

        await Traffic(server); // two lists, and two events
        for (var tries = 0; tries < 500 && measured.Gauge("nextitem.feedback.lines", ("result", "written")) < 4; tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);

        Assert.Equal((4, 0), (measured.Gauge("nextitem.feedback.lines", ("result", "written")), measured.Gauge("nextitem.feedback.lines", ("result", "lost"))));
    }

    /// <summary>A dashboard that asks for what is not there shows empty panels, and nobody notices.</summary>
    [Fact]
    public async Task Dashboard_AsksOnlyForMetricsThatAreThere()
    {
        await using var server = await Served.Start(shop.Model);
        await Traffic(server);
        var there = MetricName().Matches((await server.Get("/metrics")).Ok().Text).Select(match => match.Value).ToHashSet();
        using var dashboard = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "deploy/grafana-dashboard.json"), TestContext.Current.CancellationToken));

        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("expr").GetString()!))
            .Concat(dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                .Where(variable => variable.GetProperty("type").GetString() == "query").Select(variable => variable.GetProperty("query").GetProperty("query").GetString()!))
            .ToArray();
        var asked = queries.SelectMany(query => QueriedName().Matches(query).Select(match => match.Value)).ToHashSet();

        Assert.True(queries.Length > 20, $"{queries.Length} queries");
        Assert.All(queries, query => Assert.Matches(QueriedName(), query));
        Assert.Empty(asked.Except(there));
        // And nothing of ours is left out, but for the parts of histograms and what is seen elsewhere.
        Assert.Empty(there.Where(name => name.StartsWith("nextitem_", StringComparison.Ordinal) && !name.EndsWith("_sum", StringComparison.Ordinal) && !name.EndsWith("_count", StringComparison.Ordinal)).Except(asked).Except(["nextitem_model_items"]));
    }

    /// <summary>The page of the documentation names every instrument, and no other.</summary>
    [Fact]
    public async Task Documentation_NamesEveryInstrument()
    {
        await using var server = await Served.Start(shop.Model);
        await Traffic(server);
        var there = TypeLine().Matches((await server.Get("/metrics")).Text).Select(match => match.Groups[1].Value).ToHashSet();
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/serving.md"), TestContext.Current.CancellationToken);
        there.Add("nextitem_cluster_servers"); // which only a server of a cluster has: NextItem.Server.Orleans.Tests sees it
        Assert.Equal(there.Order(), DocumentedName().Matches(page).Select(match => match.Groups[1].Value).Distinct().Order());
    }

    [Fact]
    public async Task Metrics_AskForAKey_WhereKeysAreAskedFor()
    {
        var keys = _folder.Text("keys", "a-key-of-more-than-16-letters");
        await using var server = await Served.Start(shop.Model, options => options with { ApiKeysPath = keys });

        (await server.Get("/metrics")).Refused(401, "unauthorized");
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "a-key-of-more-than-16-letters");
        Assert.Contains("nextitem_model{", (await server.Get("/metrics")).Ok().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collector_GetsMetricsTracesAndLogs_WhereTheVariablesNameOne()
    {
        using var collector = new Collector();
        var model = _folder.In("traced.nextitem");
        File.Copy(shop.Model, model);
        await using (var server = await Served.Start(model, options => options with
        {
            ReloadCheck = TimeSpan.FromMilliseconds(20),
            OpenTelemetry = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_SERVICE_NAME"] = "the-shop" },
        }))
        {
            await Traffic(server);
            await File.WriteAllTextAsync(model, "nonsense", TestContext.Current.CancellationToken);
            for (var tries = 0; tries < 500 && !server.Log.Contains("was refused", StringComparison.Ordinal); tries++)
                await Task.Delay(10, TestContext.Current.CancellationToken);
            await server.Server.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("nextitem.request.duration", collector.Text("/v1/metrics"), StringComparison.Ordinal);
        var traces = collector.Text("/v1/traces");
        Assert.All(new[] { "recommend", "session write", "/v1/recommendations", "the-shop" }, name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.Contains("was refused", collector.Text("/v1/logs"), StringComparison.Ordinal);
    }

    /// <summary>One signal alone goes to an address of its own, as it is written.</summary>
    [Fact]
    public async Task Collector_GetsOneSignal_WhereOnlyItsVariableNamesOne()
    {
        using var collector = new Collector();
        await using (var server = await Served.Start(shop.Model, options => options with
        {
            OpenTelemetry = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = collector.Address + "here", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
        }))
        {
            await Traffic(server);
            await server.Server.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("recommend", collector.Text("/here"), StringComparison.Ordinal);
        Assert.Equal(["/here"], collector.Paths);
    }

    [Fact]
    public async Task Nothing_IsSent_Otherwise()
    {
        await using var server = await Served.Start(shop.Model);
        Assert.Null(server.Server.Services.GetService<TracerProvider>());
        Assert.Null(server.Server.Services.GetService<OpenTelemetry.Logs.LoggerProvider>());
    }

    private async Task Traffic(Served server)
    {
        await server.Recommend([shop.Keys[0], "nobody knows"]);
        await server.Recommend(Array.Empty<string>());
        await server.Post("/v1/recommendations", "{}");
        await server.Get("/v1/nothing");
        await server.Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[0]}}","eventId":"e"},{"itemId":"{{shop.Keys[1]}}","eventId":"e"},{"itemId":"{{shop.Keys[2]}}"},{"itemId":""}]}""");
        await server.Post("/v1/events", """{"sessionId":"t","events":[{"itemId":""}]}""");
        await server.Delete("/v1/sessions/t");
    }

    [GeneratedRegex("^[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex MetricName();

    [GeneratedRegex("^# TYPE (nextitem_[a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"\b(?:nextitem|dotnet)_[a-z_]+")]
    private static partial Regex QueriedName();

    [GeneratedRegex("`(nextitem_[a-z_]+)`")]
    private static partial Regex DocumentedName();

    /// <summary>Takes what OpenTelemetry sends, and keeps it as text: names stand in it as they are.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<(string Path, string Text)> _got = [];

        public Collector()
        {
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
            }

            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(TakeAsync);
        }

        public string Address { get; }

        public string[] Paths
        {
            get
            {
                lock (_got)
                    return [.. _got.Select(one => one.Path).Distinct()];
            }
        }

        public string Text(string path)
        {
            lock (_got)
                return string.Join('\n', _got.Where(one => one.Path == path).Select(one => one.Text));
        }

        public void Dispose() => _listener.Close();

        private async Task TakeAsync()
        {
            while (_listener.IsListening)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                    var text = await reader.ReadToEndAsync();
                    lock (_got)
                        _got.Add((context.Request.Url!.AbsolutePath, text));
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
