using System.Collections.Immutable;
using NextItem.Cli.Commands;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Tuning;

/// <summary>What <c>tune</c> was asked to do.</summary>
internal sealed record TuningRequest
{
    /// <summary>Null where it was not given: the space may say it.</summary>
    public string? Algorithm { get; init; }

    public required FileInfo Data { get; init; }

    public required FileInfo Valid { get; init; }

    public required FileInfo Space { get; init; }

    public required FileInfo Out { get; init; }

    public required EventColumns Columns { get; init; }

    public string? Preset { get; init; }

    public FileInfo? Params { get; init; }

    /// <summary>Values of --set, which no trial changes.</summary>
    public string[] Set { get; init; } = [];

    public string[] Features { get; init; } = [];

    public string? Architecture { get; init; }

    public string? Strategy { get; init; }

    public required TunedMetric Metric { get; init; }

    /// <summary>How the space is searched; epochs are not known yet.</summary>
    public required SearchOptions Search { get; init; }

    /// <summary>Trials at a time; null for as many as processors and memory allow.</summary>
    public int? Parallel { get; init; }

    public bool Resume { get; init; }

    public FileInfo? Json { get; init; }

    /// <summary>Files of item features and what to make of them, by --features or else by --params; none without.</summary>
    public ImmutableArray<FeatureSource> FeatureSources(TunedSpace tuned)
    {
        if (tuned.Algorithm != TrainingRequest.Prnn)
            return [];
        var settings = Features is [] ? Training(tuned.Algorithm, tuned.Common).Settings.FeaturesInFile() : FeatureSettings.Parse(Features);
        return settings?.Sources ?? [];
    }

    /// <summary>The training of one setting.</summary>
    /// <param name="algorithm">What is trained.</param>
    /// <param name="lines">All of name=value.</param>
    public TrainingRequest Training(string algorithm, IEnumerable<string> lines) => new()
    {
        Algorithm = algorithm,
        Data = Data,
        Valid = null,
        Columns = Columns,
        Settings = new TrainingSettings(Preset, Params, [.. lines], Threads: 1, Seed: null),
        Out = Out,
        Features = Features,
        Architecture = Architecture,
        Strategy = Strategy,
    };
}
