using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tuning;

/// <summary>What a search came to.</summary>
internal sealed class TuningResult(
    TuningRequest request, TunedSpace tuned, Trials trials, ParameterSearch search, TrialLog log, ImmutableArray<ReadFile> files, double seconds)
{
    private static readonly string[] s_notKept = ["threads", "patience", "validation_metric"];

    public ParameterSearch Search => search;

    public TunedSpace Tuned => tuned;

    public ImmutableArray<ReadFile> Files => files;

    /// <summary>What each hyperparameter explains of the trials' order; none where there are too few trials.</summary>
    public ImmutableArray<double> Importance { get; } = ParameterImportance.Of(search.Space, search.Trials, request.Search.Seed);

    /// <summary>The trials from the best to the worst: of each its last training.</summary>
    public IReadOnlyList<TrialRecord> Ranked { get; } =
        [.. search.Trials.Where(trial => trial.Rung >= 0).Select(trial => log.Records[(trial.Number, trial.Rung)]).OrderBy(record => record.Value is null).ThenByDescending(record => record.Value).ThenByDescending(record => record.Rung).ThenBy(record => record.Trial)];

    /// <summary>Epochs that were trained.</summary>
    public int EpochsTrained => Ranked.Sum(record => record.Failure is null ? search.Rungs[record.Rung] : record.Rung > 0 ? search.Rungs[record.Rung - 1] : 0);

    /// <summary>Epochs that all trials would have had.</summary>
    public int EpochsInAll => search.Trials.Count * search.Rungs[^1];

    /// <summary>Whether a trial has epochs at all.</summary>
    public bool HasEpochs => trials is NetworkTrials;

    /// <summary>Seconds of all trainings, one after the other.</summary>
    public double TrainingSeconds => Ranked.Sum(record => record.Seconds);

    /// <summary>Writes the best setting as a settings file.</summary>
    public void WriteSettings(Utf8JsonWriter json)
    {
        var best = Ranked[0];
        json.WriteString("name", Path.GetFileNameWithoutExtension(request.Out.Name));
        json.WriteString("algorithm", tuned.Algorithm);
        json.WriteString("source", $"nextitem tune: trial {best.Trial} of {search.Trials.Count}, the best {request.Metric} of the search in {request.Space.Name}");
        json.WriteString("data", $"trained on {request.Data.Name}, measured on {request.Valid.Name}");
        json.WriteString("note", $"'expected' is on {request.Valid.Name}, which the setting was chosen by: on a test file expect less.{(request.Features is [] ? "" : $" Train with --features {string.Join(" --features ", request.Features.Select(ShellText.Quoted))}.")}");
        // Features that --params named are no option of the next command: they stay with the settings, or 'train' would ask for them.
        if (request is { Features: [], Params: { } file } && tuned.Algorithm == TrainingRequest.Prnn && SettingsFile.FeaturesOf(file.ToString()) is { } features)
        {
            json.WritePropertyName("features");
            features.WriteTo(json);
        }

        json.WriteStartObject("parameters");
        foreach (var (name, value) in Kept(best))
            WriteValue(json, name, value);
        json.WriteEndObject();
        json.WriteStartObject("expected");
        foreach (var metric in MetricsOf(best))
            json.WriteNumber($"{metric.Name}@{metric.Cutoff}", metric.Value);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of <c>--json</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("algorithm", tuned.Algorithm);
        json.WriteString("metric", request.Metric.ToString());
        json.WriteString("settings", request.Out.ToString());
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("role", file.Role);
            json.WriteString("path", file.Path);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("seconds", seconds);
        json.WriteNumber("trainingSeconds", TrainingSeconds);
        json.WriteStartArray("comparedAfterEpochs");
        foreach (var epochs in search.Rungs)
            json.WriteNumberValue(epochs);
        json.WriteEndArray();
        json.WriteNumber("epochsTrained", EpochsTrained);
        json.WriteNumber("epochsWithoutHalving", EpochsInAll);
        json.WriteStartArray("importance");
        for (var i = 0; i < Importance.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("name", search.Space.Parameters[i].Name);
            json.WriteNumber("share", Importance[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("trials");
        foreach (var record in Ranked)
            Write(json, record);
        json.WriteEndArray();
    }

    /// <summary>The metrics of a trial's best epoch.</summary>
    public static ImmutableArray<MetricValue> MetricsOf(TrialRecord record) => record.Epochs.First(epoch => epoch.Epoch == record.BestEpoch).Metrics;

    private void Write(Utf8JsonWriter json, TrialRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("trial", record.Trial);
        json.WriteNumber("epochs", record.Failure is null ? search.Rungs[record.Rung] : 0);
        if (record.Value is { } value)
        {
            json.WriteNumber("value", value);
            json.WriteNumber("bestEpoch", record.BestEpoch);
            EvaluationReport.WriteMetrics(json, "validation", MetricsOf(record));
        }

        if (record.Failure is not null)
            json.WriteString("failure", record.Failure);
        json.WriteNumber("seconds", record.Seconds);
        json.WriteStartObject("settings");
        foreach (var (name, text) in record.Settings)
            WriteValue(json, name, text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>All settings of a trial, with as many epochs as gave its best model.</summary>
    private IEnumerable<(string Name, string Value)> Kept(TrialRecord record)
    {
        foreach (var (name, value) in trials.Describe([.. record.Settings.Select(each => $"{each.Name}={each.Value}")]).Where(each => !s_notKept.Contains(each.Name)))
            yield return (name, name == "n_epochs" && HasEpochs && trials.CanStop ? $"{record.BestEpoch}" : value);
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string value)
    {
        if (value is "True" or "False")
            json.WriteBoolean(name, value == "True");
        else if (decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == value)
            json.WriteNumber(name, number);
        else
            json.WriteString(name, value);
    }
}
