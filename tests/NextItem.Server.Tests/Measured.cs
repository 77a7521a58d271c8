using System.Diagnostics.Metrics;

namespace NextItem.Server.Tests;

/// <summary>What the instruments of one server or application told, and of no other that runs beside it.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(string Name, double Value, Dictionary<string, string?> Tags)> _measurements = [];

    /// <param name="factory">Whose meters are heard.</param>
    public Measured(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The sum of what a counter counted, under tags if any are given.</summary>
    public double Sum(string name, params (string Key, string Value)[] tags) => Values(name, tags).Sum();

    /// <summary>What an instrument told, one measurement each.</summary>
    public double[] Values(string name, params (string Key, string Value)[] tags)
    {
        lock (_lock)
            return [.. _measurements.Where(one => one.Name == name && tags.All(tag => one.Tags.GetValueOrDefault(tag.Key) == tag.Value)).Select(one => one.Value)];
    }

    /// <summary>Asks a gauge.</summary>
    public double Gauge(string name, params (string Key, string Value)[] tags)
    {
        lock (_lock)
            _measurements.RemoveAll(one => one.Name == name);
        _listener.RecordObservableInstruments();
        return Assert.Single(Values(name, tags));
    }

    /// <summary>The tags of everything that an instrument told.</summary>
    public Dictionary<string, string?>[] Tags(string name)
    {
        lock (_lock)
            return [.. _measurements.Where(one => one.Name == name).Select(one => one.Tags)];
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var named = new Dictionary<string, string?>();
        foreach (var (key, tag) in tags)
            named[key] = tag?.ToString();
        lock (_lock)
            _measurements.Add((instrument.Name, value, named));
    }
}
