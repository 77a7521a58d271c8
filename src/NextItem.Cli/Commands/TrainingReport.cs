using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Commands;

/// <summary>What <c>train</c> came to.</summary>
internal sealed record TrainingResult(TrainedModel Model)
{
    /// <summary>The options of any run, by name.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings { get; init; } = [];

    /// <summary>The epochs of a network's run.</summary>
    public IReadOnlyList<EpochSummary> Epochs { get; init; } = [];

    /// <summary>How often each subnet of a p-RNN was updated.</summary>
    public IReadOnlyList<SubnetUpdates> Updates { get; init; } = [];

    /// <summary>The models that it learned from.</summary>
    public IReadOnlyList<TeacherFile> Teachers { get; init; } = [];

    /// <summary>The model that a warm start began with and the new one, on the validation file.</summary>
    public (EvaluationResult Old, EvaluationResult New)? Comparison { get; init; }
}

/// <summary><c>train --json</c>.</summary>
internal static class TrainingReport
{
    public static void Write(Utf8JsonWriter json, TrainingRequest request, TrainingResult result, double seconds)
    {
        var model = result.Model;
        json.WriteString("model", request.Out.ToString());
        json.WriteString("algorithm", request.Algorithm);
        json.WriteString("data", request.Data.ToString());
        json.WriteString("dataFingerprint", model.Provenance.DataFingerprint);
        json.WriteNumber("sessions", model.Provenance.Sessions);
        json.WriteNumber("events", model.Provenance.Events);
        json.WriteNumber("items", model.Model.Catalog.Count);
        json.WriteNumber("seconds", seconds);
        json.WriteStartObject("options");
        foreach (var (name, value) in result.Settings)
            json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("epochs");
        foreach (var epoch in result.Epochs)
            Write(json, epoch);
        json.WriteEndArray();
        if (result.Epochs is not [])
            json.WriteNumber("keptEpoch", model.Provenance.Epoch);
        if (result.Updates is not [])
            WriteUpdates(json, result.Updates);
        if (result.Teachers is not [])
            WriteTeachers(json, result);
        if (request.WarmStart is null)
            return;
        json.WriteStartObject("warmStart");
        json.WriteString("model", request.WarmStart.ToString());
        json.WriteString("dataFingerprint", model.Provenance.WarmStartedFrom);
        if (result.Comparison is { } comparison)
        {
            EvaluationReport.WriteMetrics(json, "old", comparison.Old.Metrics);
            EvaluationReport.WriteMetrics(json, "new", comparison.New.Metrics);
        }

        json.WriteEndObject();
    }

    /// <summary>Each file and its bytes' SHA-256, and the fingerprint by which the new model names it.</summary>
    private static void WriteTeachers(Utf8JsonWriter json, TrainingResult result)
    {
        json.WriteStartArray("teachers");
        foreach (var (teacher, fingerprint) in result.Teachers.Zip(result.Model.Provenance.Teachers))
        {
            json.WriteStartObject();
            json.WriteString("path", teacher.File.ToString());
            json.WriteString("sha256", teacher.Sha256);
            json.WriteString("fingerprint", fingerprint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUpdates(Utf8JsonWriter json, IReadOnlyList<SubnetUpdates> updates)
    {
        json.WriteStartArray("subnets");
        foreach (var (subnet, epochs, count) in updates)
        {
            json.WriteStartObject();
            json.WriteString("name", subnet);
            json.WriteNumber("epochs", epochs);
            json.WriteNumber("updates", count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, EpochSummary epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        json.WriteNumber("loss", epoch.Loss);
        json.WriteNumber("learningRate", epoch.LearningRate);
        json.WriteNumber("seconds", epoch.Seconds);
        json.WriteNumber("events", epoch.Events);
        json.WriteNumber("miniBatches", epoch.MiniBatches);
        json.WriteNumber("miniBatchesPerSecond", epoch.MiniBatchesPerSecond);
        json.WriteNumber("eventsPerSecond", epoch.EventsPerSecond);
        if (epoch.Validation is { } validation)
            EvaluationReport.WriteMetrics(json, "validation", validation.Metrics);
        json.WriteEndObject();
    }
}
