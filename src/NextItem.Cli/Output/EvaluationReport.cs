using System.Text.Json;

namespace NextItem.Cli.Output;

/// <summary>An evaluation as a table and as JSON: protocol, ties and unknown items always beside the numbers.</summary>
internal static class EvaluationReport
{
    /// <summary>Writes a table with one row a cutoff, and what the numbers are over.</summary>
    public static void Write(Terminal terminal, EvaluationResult result)
    {
        var cutoffs = result.Metrics.Select(metric => metric.Cutoff).Distinct().ToArray();
        terminal.WriteTable(
            ["K", "Recall@K", "MRR@K"],
            cutoffs.Select(cutoff => (string[])[$"{cutoff}", $"{result.RecallAt(cutoff):F4}", $"{result.MrrAt(cutoff):F4}"]));
        terminal.Out.WriteLine(
            $"{result.Cases:N0} cases (unknown items: {Name(result.Unknown)}; drop has {result.CasesUnderDrop:N0} cases, miss {result.CasesUnderMiss:N0}; {result.UnknownEvents:N0} test events of unknown items)");
        terminal.Out.WriteLine(
            $"ties: {Name(result.Ties)}; {result.TiedCases:N0} cases tied ({result.TieShare:P2}); {result.UnscoredCases:N0} targets without a score count as misses");
    }

    /// <summary>Writes the fields of the JSON contract.</summary>
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

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
