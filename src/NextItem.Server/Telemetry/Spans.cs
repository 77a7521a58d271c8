using System.Diagnostics;
using NextItem.Hosting.Metrics;

namespace NextItem.Server.Telemetry;

/// <summary>Parts of a request that a trace shows beneath the framework's span of the whole; nothing is made where nobody listens.</summary>
internal static class Spans
{
    private static readonly ActivitySource s_source = new(RecommenderMetrics.Name);

    public static Activity? Start(string name) => s_source.StartActivity(name);
}
