using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using NextItem.Hosting.Models;

namespace NextItem.Hosting.Metrics;

/// <summary>
/// What a running recommender tells of itself, under the meter <c>NextItem</c>: docs/serving.md lists the instruments. Each measurement
/// names its variant, so that two models side by side can be told apart.
/// </summary>
internal sealed class RecommenderMetrics : IDisposable
{
    /// <summary>The meter's and the activity source's name.</summary>
    public const string Name = "NextItem";

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _recommendations;
    private readonly Counter<long> _unknown;

    public RecommenderMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        Meter = meters.Create(Name);
        _recommendations = Meter.CreateCounter<long>("nextitem.recommendations", "{list}", "Lists of recommendations, by fallback: none, or popular where nothing of the session was known");
        _duration = Meter.CreateHistogram("nextitem.recommendation.duration", "s", "Time to make a list, without reading and writing the request", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBuckets.Bounds });
        _unknown = Meter.CreateCounter<long>("nextitem.unknown_items", "{item}", "Items of sessions that the model does not know");
        Meter.CreateObservableCounter("nextitem.models.refused", () => Each<long>(watched => watched.Files.Refused), "{file}", "Model files that were refused while the model before them went on");
        Meter.CreateObservableCounter("nextitem.models.replaced", () => Each<long>(watched => watched.Files.Replaced), "{file}", "Model files that took the place of the one before them");
        Meter.CreateObservableGauge("nextitem.model", Models, "{model}", "1 for the model that serves, with its version and algorithm");
        Meter.CreateObservableGauge("nextitem.model.items", () => Each<int>(watched => watched.Items), "{item}", "Items of the model that serves");
        Meter.CreateObservableGauge("nextitem.model.age", () => Each<double>(watched => (_time.GetUtcNow() - watched.LoadedAt).TotalSeconds), "s", "Time since the model that serves was loaded");
        Meter.CreateObservableGauge("nextitem.data.age", () => Each<double>(watched => (_time.GetUtcNow() - watched.TrainedUntil)?.TotalSeconds), "s", "Time since the last training event, where the training data had dates");
        Meter.CreateObservableGauge("nextitem.recommendation.coverage", () => Each<double>(watched => watched.Coverage.Share()), "1", "Share of the model's items that were recommended to anybody in the last whole hour, or so far in the first");
    }

    public Meter Meter { get; }

    /// <summary>Tells of the model that serves from now on.</summary>
    public void Serves(ServedModel model) =>
        _watched[model.Variant] = new Watched(model, _time, _watched.GetValueOrDefault(model.Variant)?.Files ?? new FileCounts());

    /// <summary>A file took the place of the model before it.</summary>
    public void Replaced(ServedModel model)
    {
        Serves(model);
        _watched[model.Variant].Files.CountReplaced();
    }

    /// <summary>A file was refused.</summary>
    public void Refused(string variant) => _watched[variant].Files.CountRefused();

    /// <summary>A list was made.</summary>
    /// <param name="isPopular">Whether nothing of the session was known.</param>
    /// <param name="unknown">Items of the session that were not.</param>
    /// <param name="started">When it was begun, by the clock's timestamp.</param>
    /// <param name="model">The model.</param>
    /// <param name="items">Keys of the recommended items.</param>
    public void Recommended(bool isPopular, int unknown, long started, ServedModel model, IEnumerable<string> items)
    {
        var variant = model.Variant;
        _duration.Record(_time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("variant", variant));
        _recommendations.Add(1, new TagList { { "variant", variant }, { "fallback", isPopular ? "popular" : "none" } });
        if (unknown > 0)
            _unknown.Add(unknown, new KeyValuePair<string, object?>("variant", variant));
        if (!_watched.TryGetValue(variant, out var watched) || watched.Version != model.Version)
            return; // a request that began before the model was replaced
        foreach (var key in items)
        {
            if (model.Catalog.IndexOf(key) is >= 0 and var item)
                watched.Coverage.Mark(item);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<int>> Models() =>
        _watched.Select(pair => new Measurement<int>(1, new("variant", pair.Key), new("version", pair.Value.Version), new("algorithm", pair.Value.Algorithm)));

    private IEnumerable<Measurement<T>> Each<T>(Func<Watched, T?> value)
        where T : struct =>
        from pair in _watched
        let measured = value(pair.Value)
        where measured is not null
        select new Measurement<T>(measured.Value, new KeyValuePair<string, object?>("variant", pair.Key));

    /// <summary>Facts of a model, which stay when its memory is freed.</summary>
    private sealed class Watched(ServedModel model, TimeProvider time, FileCounts files)
    {
        public FileCounts Files => files;

        public string Version { get; } = model.Version;

        public string Algorithm { get; } = model.Algorithm;

        public int Items { get; } = model.Catalog.Count;

        public DateTimeOffset LoadedAt { get; } = model.LoadedAt;

        public DateTimeOffset? TrainedUntil { get; } = model.TrainedUntilTime;

        public Coverage Coverage { get; } = new(model.Catalog.Count, time);
    }

    /// <summary>Counted from 0, which a counter that nothing was added to does not tell: the first would be no increase.</summary>
    private sealed class FileCounts
    {
        private long _refused;
        private long _replaced;

        public long Refused => Volatile.Read(ref _refused);

        public long Replaced => Volatile.Read(ref _replaced);

        public void CountRefused() => Interlocked.Increment(ref _refused);

        public void CountReplaced() => Interlocked.Increment(ref _replaced);
    }
}
