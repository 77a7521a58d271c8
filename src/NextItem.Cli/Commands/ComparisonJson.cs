using System.Text.Json;
using NextItem.Cli.Output;
using NextItem.Reports;

namespace NextItem.Cli.Commands;

/// <summary>A comparison as JSON.</summary>
internal sealed class ComparisonJson(ModelComparison comparison, IReadOnlyList<FileInfo> files, FileInfo data, IReadOnlyList<Finding> findings)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("data", data.ToString());
        json.WriteString("best", comparison.Models[comparison.Best].Name);
        json.WriteString("headline", comparison.Headline);
        json.WriteNumber("cutoff", comparison.Cutoff);
        WriteTexts(json, "sentences", comparison.Sentences);
        WriteTexts(json, "warnings", comparison.Warnings);
        InspectCommand.WriteFindings(json, findings);
        json.WriteStartArray("models");
        for (var model = 0; model < comparison.Models.Length; model++)
        {
            json.WriteStartObject();
            WriteModel(json, model);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (var each in comparison.Differences)
        {
            json.WriteStartObject();
            json.WriteString("model", comparison.Models[each.Model].Name);
            json.WriteString("name", each.Metric);
            json.WriteNumber("cutoff", each.Cutoff);
            EvaluationReport.WriteInterval(json, each.Paired.Difference);
            json.WriteNumber("p", each.Paired.PValue);
            json.WriteNumber("pHolm", each.AdjustedP);
            json.WriteBoolean("beyondChance", each.IsBeyondChance);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("resampling");
        json.WriteNumber("level", comparison.Resampling.Level);
        json.WriteNumber("resamples", comparison.Resampling.Resamples);
        json.WriteNumber("seed", comparison.Resampling.Seed);
        json.WriteNumber("sessions", comparison.SessionsWithCases);
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json, int place)
    {
        var model = comparison.Models[place];
        json.WriteString("name", model.Name);
        json.WriteString("model", files[place].ToString());
        json.WriteString("algorithm", model.Algorithm);
        new EvaluationReport(model.Evaluation.Result, EvaluationProtocol.NextItem)
        {
            UnderMiss = model.UnderMiss,
            Slices = model.Evaluation.Slices,
            Intervals = [.. model.Evaluation.Sessions.Metrics.Select(metric => (metric.Name, metric.Cutoff, comparison.IntervalOf(place, metric.Name, metric.Cutoff)!.Value))],
            Latency = model.Latency,
        }.Write(json);
        if (model.Training is { } training)
            WriteTraining(json, training);
    }

    private static void WriteTraining(Utf8JsonWriter json, TrainingCurve training)
    {
        json.WriteStartObject("training");
        json.WriteString("loss", training.LossName);
        json.WriteStartArray("epochLosses");
        foreach (var loss in training.Losses)
            json.WriteNumberValue(loss);
        json.WriteEndArray();
        json.WriteNumber("keptEpoch", training.KeptEpoch);
        EvaluationReport.WriteMetrics(json, "validation", training.Validation);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
