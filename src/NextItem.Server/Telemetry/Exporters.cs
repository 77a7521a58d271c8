using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NextItem.Hosting.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NextItem.Server.Telemetry;

/// <summary>
/// Where metrics, traces and logs go: metrics to whoever asks for <c>/metrics</c>; each of the three to an OpenTelemetry collector where its
/// standard variables name one, and nowhere otherwise.
/// </summary>
internal static class Exporters
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds them to a server.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="variables">The standard variables, by name.</param>
    public static void Add(WebApplicationBuilder builder, IReadOnlyDictionary<string, string> variables)
    {
        builder.Configuration.AddInMemoryCollection(variables.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource =>
        {
            if (!variables.ContainsKey("OTEL_SERVICE_NAME"))
                resource.AddService("nextitem", serviceVersion: typeof(Exporters).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
        });
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(RecommenderMetrics.Name, "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel").AddPrometheusExporter();
            if (Sends("METRICS", variables, out var to))
                metrics.AddOtlpExporter(to);
        });
        if (Sends("TRACES", variables, out var tracesTo))
            telemetry.WithTracing(traces => traces.AddSource(RecommenderMetrics.Name, "Microsoft.AspNetCore").AddOtlpExporter(tracesTo));
        if (Sends("LOGS", variables, out var logsTo))
            builder.Logging.AddOpenTelemetry(logs => logs.AddOtlpExporter(logsTo));
    }

    /// <summary>Whether a signal goes anywhere; a variable of its own goes before the common one.</summary>
    private static bool Sends(string signal, IReadOnlyDictionary<string, string> variables, out Action<OtlpExporterOptions> configure)
    {
        var own = variables.GetValueOrDefault($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
        configure = options =>
        {
            if (own is not null)
                options.Endpoint = new Uri(own);
        };
        return variables.GetValueOrDefault($"OTEL_{signal}_EXPORTER") != "none" && (own is not null || variables.ContainsKey(Endpoint));
    }
}
