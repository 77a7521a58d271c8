using System.Diagnostics;
using System.Diagnostics.Metrics;
using NextItem.Hosting.Metrics;
using NextItem.Server.Contract;
using NextItem.Server.Feedback;
using NextItem.Server.Sessions;

namespace NextItem.Server.Telemetry;

/// <summary>What the server tells of itself beside its model: requests, events, sessions. docs/serving.md lists the instruments.</summary>
internal sealed class ServerMetrics
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _events;

    public ServerMetrics(RecommenderMetrics own, ISessionStore sessions, FeedbackLog feedback)
    {
        var meter = own.Meter;
        _requests = meter.CreateCounter<long>("nextitem.requests", "{request}", "Requests answered, by route, status and variant");
        _duration = meter.CreateHistogram("nextitem.request.duration", "s", "Time from a request's head to its answer's end, by route and variant", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets.Bounds });
        _active = meter.CreateUpDownCounter<long>("nextitem.requests.active", "{request}", "Requests being answered");
        _events = meter.CreateCounter<long>("nextitem.events", "{event}", "Events, by result: accepted, repeated or rejected");
        meter.CreateObservableGauge("nextitem.sessions", () => sessions.Count is { } count ? [new Measurement<int>(count)] : Array.Empty<Measurement<int>>(), "{session}", "Sessions kept in memory; nothing where Redis keeps them");
        meter.CreateObservableGauge("nextitem.cluster.servers", () => sessions.Health.Servers is { } servers ? [new Measurement<int>(servers)] : Array.Empty<Measurement<int>>(), "{server}", "Servers of the cluster that this one takes for alive, itself among them");
        meter.CreateObservableCounter("nextitem.feedback.lines", () => new[] { Lines("written", feedback.Written), Lines("lost", feedback.Lost) }, "{line}", "Lines of the feedback files, by result: written or lost");

        static Measurement<long> Lines(string result, long count) => new(count, new KeyValuePair<string, object?>("result", result));
    }

    /// <summary>A request begins.</summary>
    public void Begin() => _active.Add(1);

    /// <summary>A request was answered.</summary>
    public void End(string route, int status, string variant, double seconds)
    {
        _active.Add(-1);
        _requests.Add(1, new TagList { { "route", route }, { "status", status }, { "variant", variant } });
        _duration.Record(seconds, new TagList { { "route", route }, { "variant", variant } });
    }

    /// <summary>Events were taken in, or not.</summary>
    public void Events(EventsAnswer answer)
    {
        Add("accepted", answer.Accepted);
        Add("repeated", answer.Repeated);
        Add("rejected", answer.Rejected.Count);

        void Add(string result, int count)
        {
            if (count > 0)
                _events.Add(count, new KeyValuePair<string, object?>("result", result));
        }
    }
}
