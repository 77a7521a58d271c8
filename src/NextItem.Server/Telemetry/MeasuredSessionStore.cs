using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using NextItem.Hosting.Metrics;
using NextItem.Server.Sessions;

namespace NextItem.Server.Telemetry;

/// <summary>A store whose reads and writes are measured and traced.</summary>
internal sealed class MeasuredSessionStore : ISessionStore, IAsyncDisposable
{
    private readonly ISessionStore _store;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _duration;
    private readonly Dictionary<string, StrongBox<long>> _failures = new() { ["read"] = new(), ["write"] = new(), ["delete"] = new() };

    public MeasuredSessionStore(ISessionStore store, RecommenderMetrics metrics, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _duration = metrics.Meter.CreateHistogram("nextitem.session_store.duration", "s", "Time of reading, changing or deleting a session, by operation", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets.Bounds });
        metrics.Meter.CreateObservableCounter("nextitem.session_store.failures", () => _failures.Select(pair => new Measurement<long>(Volatile.Read(ref pair.Value.Value), new KeyValuePair<string, object?>("operation", pair.Key))), "{operation}", "Reads and writes of sessions that failed, by operation");
    }

    /// <inheritdoc/>
    public int? Count => _store.Count;

    /// <inheritdoc/>
    public SessionStoreHealth Health => _store.Health;

    /// <inheritdoc/>
    public ValueTask<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken) =>
        Measure("read", static (store, call) => store.FindAsync(call.Id, call.Cancelled), (Id: sessionId, Cancelled: cancellationToken));

    /// <inheritdoc/>
    public ValueTask<SessionRecord> UpdateAsync(string sessionId, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken) =>
        Measure("write", static (store, call) => store.UpdateAsync(call.Id, call.Change, call.Cancelled), (Id: sessionId, Change: change, Cancelled: cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string sessionId, CancellationToken cancellationToken) => await Measure(
        "delete",
        static async ValueTask<bool> (store, call) =>
        {
            await store.DeleteAsync(call.Id, call.Cancelled);
            return true;
        },
        (Id: sessionId, Cancelled: cancellationToken));

    /// <inheritdoc/>
    public void Sweep() => _store.Sweep();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _store is IAsyncDisposable disposable ? disposable.DisposeAsync() : default;

    private async ValueTask<T> Measure<T, TCall>(string operation, Func<ISessionStore, TCall, ValueTask<T>> run, TCall call)
    {
        using var span = Spans.Start($"session {operation}");
        var started = _time.GetTimestamp();
        try
        {
            return await run(_store, call);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            Interlocked.Increment(ref _failures[operation].Value);
            throw;
        }
        finally
        {
            _duration.Record(_time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
        }
    }
}
