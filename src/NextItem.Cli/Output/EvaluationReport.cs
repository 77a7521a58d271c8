using System.Collections.Immutable;
using System.Text.Json;
using NextItem.Reports;

namespace NextItem.Cli.Output;

/// <summary>An evaluation as a table and as JSON: protocol, ties and unknown items always beside the numbers.</summary>
internal sealed class EvaluationReport(EvaluationResult result, EvaluationProtocol protocol)
{
    /// <summary>The same with unknown items as misses, where both were asked for.</summary>
    public EvaluationResult? UnderMiss { get; init; }

    public ImmutableArray<EvaluationSlice> Slices { get; init; } = [];

    public ImmutableArray<(string Name, int Cutoff, ConfidenceInterval Interval)> Intervals { get; init; } = [];

    public ScoringLatency? Latency { get; init; }

    /// <summary>Writes a table with one row a cutoff, and what the numbers are over.</summary>
    public void Write(Terminal terminal)
    {
        WriteTable(terminal, result.Metrics);
        WriteCases(terminal, result);
        if (UnderMiss is not null)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine("The same with unknown items as misses:");
            WriteTable(terminal, UnderMiss.Metrics);
            WriteCases(terminal, UnderMiss);
        }

        foreach (var slicing in Slices.GroupBy(slice => slice.By))
        {
            terminal.Out.WriteLine();
            var columns = slicing.First().Metrics;
            terminal.WriteTable(
                [Name(slicing.Key), "cases", .. columns.Select(metric => MetricLabels.At(metric.Name, metric.Cutoff))],
                slicing.Select(slice => (string[])[slice.Bucket, $"{slice.Cases:N0}", .. slice.Metrics.Select(metric => $"{metric.Value:F4}")]));
        }

        if (Intervals.Length > 0)
        {
            terminal.Out.WriteLine();
            terminal.WriteTable(
                ["95 % interval over sessions", "value", "from", "to"],
                Intervals.Select(each => (string[])[MetricLabels.At(each.Name, each.Cutoff), $"{each.Interval.Value:F4}", $"{each.Interval.Low:F4}", $"{each.Interval.High:F4}"]));
        }

        if (Latency is { } latency)
            terminal.Out.WriteLine($"latency: median {latency.Median.TotalMilliseconds:F3} ms, 95 % within {latency.Percentile95.TotalMilliseconds:F3} ms, for an event and the {latency.ListLength} best items after it, one at a time ({latency.Events:N0} events)");
    }

    /// <summary>Writes the fields of the JSON contract.</summary>
    public void Write(Utf8JsonWriter json)
    {
        Write(json, result);
        json.WriteString("protocol", protocol == EvaluationProtocol.NextItem ? "next-item" : "rest-of-session");
        if (UnderMiss is not null)
        {
            json.WriteStartObject("underMiss");
            Write(json, UnderMiss);
            json.WriteEndObject();
        }

        if (Slices.Length > 0)
            WriteSlices(json, Slices);
        if (Intervals.Length > 0)
        {
            json.WriteStartArray("intervals");
            foreach (var (name, cutoff, interval) in Intervals)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteNumber("cutoff", cutoff);
                WriteInterval(json, interval);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (Latency is not null)
            WriteLatency(json, Latency);
    }

    /// <summary>Writes metrics and what they are over.</summary>
    public static void Write(Utf8JsonWriter json, EvaluationResult result)
    {
        WriteMetrics(json, "metrics", result.Metrics);
        json.WriteNumber("cases", result.Cases);
        json.WriteNumber("ties", result.TiedCases);
        json.WriteNumber("tieShare", result.TieShare);
        json.WriteString("tieBreaking", Name(result.Ties));
        json.WriteString("unknown", Name(result.Unknown));
        json.WriteNumber("casesUnderDrop", result.CasesUnderDrop);
        json.WriteNumber("casesUnderMiss", result.CasesUnderMiss);
        json.WriteNumber("unknownEvents", result.UnknownEvents);
        json.WriteNumber("unscoredCases", result.UnscoredCases);
        json.WriteNumber("sessions", result.Sessions);
        if (result.ListedFeatures is { } features)
        {
            json.WriteStartObject("listedFeatures");
            json.WriteNumber("places", features.Places);
            json.WriteNumber("placesWithoutFeatures", features.PlacesWithoutFeatures);
            json.WriteNumber("listsWithoutPairs", features.ListsWithoutPairs);
            json.WriteEndObject();
        }
    }

    /// <summary>Writes metrics as [{name, cutoff, value}].</summary>
    public static void WriteMetrics(Utf8JsonWriter json, string name, IEnumerable<MetricValue> metrics)
    {
        json.WriteStartArray(name);
        foreach (var metric in metrics)
        {
            json.WriteStartObject();
            json.WriteString("name", metric.Name);
            json.WriteNumber("cutoff", metric.Cutoff);
            json.WriteNumber("value", metric.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes slices as [{by, bucket, cases, metrics}].</summary>
    public static void WriteSlices(Utf8JsonWriter json, IEnumerable<EvaluationSlice> slices)
    {
        json.WriteStartArray("slices");
        foreach (var slice in slices)
        {
            json.WriteStartObject();
            json.WriteString("by", Name(slice.By));
            json.WriteString("bucket", slice.Bucket);
            json.WriteNumber("cases", slice.Cases);
            WriteMetrics(json, "metrics", slice.Metrics);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a number with its interval into the object that is open.</summary>
    public static void WriteInterval(Utf8JsonWriter json, ConfidenceInterval interval)
    {
        json.WriteNumber("value", interval.Value);
        json.WriteNumber("low", interval.Low);
        json.WriteNumber("high", interval.High);
    }

    /// <summary>Writes the times of an event.</summary>
    public static void WriteLatency(Utf8JsonWriter json, ScoringLatency latency)
    {
        json.WriteStartObject("latency");
        json.WriteNumber("medianMilliseconds", latency.Median.TotalMilliseconds);
        json.WriteNumber("p95Milliseconds", latency.Percentile95.TotalMilliseconds);
        json.WriteNumber("events", latency.Events);
        json.WriteNumber("listLength", latency.ListLength);
        json.WriteEndObject();
    }

    private static void WriteTable(Terminal terminal, ImmutableArray<MetricValue> metrics)
    {
        var names = metrics.Select(metric => metric.Name).Distinct().ToArray();
        terminal.WriteTable(
            ["K", .. names.Select(name => MetricLabels.Of(name) + "@K")],
            metrics.GroupBy(metric => metric.Cutoff).Select(row => (string[])[$"{row.Key}", .. row.Select(metric => $"{metric.Value:F4}")]));
    }

    private static void WriteCases(Terminal terminal, EvaluationResult over)
    {
        terminal.Out.WriteLine(
            $"{over.Cases:N0} cases (unknown items: {Name(over.Unknown)}; drop has {over.CasesUnderDrop:N0} cases, miss {over.CasesUnderMiss:N0}; {over.UnknownEvents:N0} test events of unknown items)");
        terminal.Out.WriteLine(
            $"ties: {Name(over.Ties)}; {over.TiedCases:N0} cases tied ({over.TieShare:P2}); {over.UnscoredCases:N0} targets without a score count as misses");
        if (over.ListedFeatures is { } features)
            WriteListedFeatures(terminal, features);
    }

    private static void WriteListedFeatures(Terminal terminal, ListedFeatures features) =>
        terminal.Out.WriteLine(
            $"diversity: {features.PlacesWithoutFeatures:N0} of {features.Places:N0} listed places have an item without features and are left out, and so are {Counted.Of(features.ListsWithoutPairs, "list")} with fewer than two others");

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
