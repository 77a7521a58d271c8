using NextItem.Cli.Output;
using NextItem.Cli.Settings;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>What <c>train</c> was asked to do.</summary>
internal sealed record TrainingRequest
{
    public const string Gru4Rec = "gru4rec";

    public const string Prnn = "prnn";

    public required string Algorithm { get; init; }

    public required FileInfo Data { get; init; }

    public FileInfo? Valid { get; init; }

    public required EventColumns Columns { get; init; }

    public required TrainingSettings Settings { get; init; }

    public required FileInfo Out { get; init; }

    public FileInfo? Checkpoint { get; init; }

    public bool Resume { get; init; }

    public FileInfo? WarmStart { get; init; }

    /// <summary>Models to learn from.</summary>
    public FileInfo[] Teachers { get; init; } = [];

    /// <summary>Files of item features, as --features says them.</summary>
    public string[] Features { get; init; } = [];

    /// <summary>A p-RNN's --architecture; null where it was not given.</summary>
    public string? Architecture { get; init; }

    /// <summary>A p-RNN's --strategy; null where it was not given.</summary>
    public string? Strategy { get; init; }

    public FileInfo? Json { get; init; }

    public FileInfo[] History { get; init; } = [];

    /// <summary>A p-RNN's options that have a place of their own on the command line.</summary>
    public IEnumerable<string> PrnnSettings
    {
        get
        {
            if (Architecture is not null)
                yield return $"architecture={Architecture}";
            if (Strategy is not null)
                yield return $"strategy={Strategy}";
        }
    }

    /// <summary>What is trained, if it is no network.</summary>
    public Baseline? Baseline => Baselines.Find(Algorithm);

    /// <summary>What is set of a baseline: by --params, --set, and --seed, which is one of its settings where it has a seed.</summary>
    public string[] BaselineSettings =>
    [
        .. Settings.File is null ? [] : SettingsFile.LinesOf(Settings.File.ToString(), Algorithm),
        .. Settings.Set,
        .. Settings.Seed is { } seed && Baseline?.SettingNames.Contains("seed") == true ? [$"seed={seed}"] : Array.Empty<string>(),
    ];

    /// <summary>Files that are read; none of them may be written.</summary>
    public FileInfo?[] Inputs => [Data, Valid, Settings.File, WarmStart, .. Teachers];

    /// <summary>Refuses what does not go together.</summary>
    /// <exception cref="UsageException">Something does not.</exception>
    public void Validate()
    {
        if (Resume && WarmStart is not null)
            throw new UsageException("--resume goes on with a stopped run, --warm-start begins a new one with an old model; expected one of them.");
        (string Option, bool IsGiven)[] ofPrnn = [("--features", Features is not []), ("--architecture", Architecture is not null), ("--strategy", Strategy is not null)];
        if (Algorithm != Prnn && ofPrnn.Where(each => each.IsGiven).Select(each => each.Option).ToArray() is not [] and var others)
            throw new UsageException($"{string.Join(", ", others)}: for --algorithm prnn, the one that reads item features; '{Algorithm}' does not.");
        if (Algorithm == Prnn && Teachers is not [])
            throw new UsageException("--teacher: for gru4rec, which learns from teachers; 'prnn' does not.");
        if (Algorithm is Gru4Rec or Prnn)
            return;
        (string Option, bool IsGiven)[] ofEpochs =
            [("--valid", Valid is not null), ("--history", History is not []), ("--checkpoint", Checkpoint is not null), ("--resume", Resume), ("--warm-start", WarmStart is not null), ("--teacher", Teachers is not [])];
        if (ofEpochs.Where(each => each.IsGiven).Select(each => each.Option).ToArray() is not [] and var given)
            throw new UsageException($"{string.Join(", ", given)}: for gru4rec and prnn; '{Algorithm}' is fitted in one go, and 'evaluate' measures it.");
        if (Settings.Preset is not null)
            throw new UsageException($"--preset is for gru4rec and prnn; {SettableBy(Baseline!)}.");
        if (Baseline!.SettingNames is [] && Settings.File is not null)
            throw new UsageException($"--params is '{Settings.File}'; {SettableBy(Baseline)}.");
        if (Baseline!.SettingNames is [] && Settings.Set is not [])
            throw new UsageException($"--set is '{Settings.Set[0]}'; {SettableBy(Baseline)}.");
    }

    private static string SettableBy(Baseline baseline) =>
        baseline.SettingNames is [] ? $"'{baseline.Name}' has nothing to set" : $"'{baseline.Name}' has --set with {string.Join(", ", baseline.SettingNames)}";
}
