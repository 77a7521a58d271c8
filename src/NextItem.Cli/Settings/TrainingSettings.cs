using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>Hyperparameters as asked for on the command line; null where they were not.</summary>
internal sealed record TrainingSettings(string? Preset, FileInfo? File, string[] Set, int? Threads, ulong? Seed)
{
    /// <summary>Below this many floating-point operations a step, waiting for each other costs threads more than they gain.</summary>
    private const double OperationsWorthThreads = 200e6;

    /// <summary>A number of threads that no setting can have: automatic, unless a setting says otherwise.</summary>
    private const int AutomaticThreads = int.MaxValue;

    /// <summary>Whether nothing is asked for but seed and threads, which every algorithm has.</summary>
    public bool IsEmpty => this is { Preset: null, File: null, Set: [] };

    /// <summary>One thread for steps too small to share, else as many as there are processors: a function of the settings and the machine alone.</summary>
    public static int ThreadsFor(Gru4RecOptions options)
    {
        double lanes = options.BatchSize, columns = options.BatchSize + (double)options.NegativeSampleCount;
        var operations = 6 * lanes * options.Layers[^1] * columns;
        foreach (var units in options.Layers)
            operations += 30 * lanes * units * units;
        return operations < OperationsWorthThreads ? 1 : Environment.ProcessorCount;
    }

    /// <summary>Defaults, then the preset, then the file, then --set, then --threads and --seed.</summary>
    /// <exception cref="UsageException">Names or values that cannot be read, or values out of range: all of them.</exception>
    public Gru4RecOptions Resolve() => Resolve(new Gru4RecOptions { Threads = AutomaticThreads });

    /// <summary>The same on top of the options of an earlier run.</summary>
    public Gru4RecOptions Resolve(Gru4RecOptions options)
    {
        var assignments = new Assignments();
        if (Preset is not null)
            SettingsFile.AddPreset(Preset, assignments);
        if (File is not null)
            SettingsFile.AddFile(File.ToString(), assignments);
        foreach (var line in Set)
            assignments.AddLine(line);
        options = assignments.ApplyTo(options);
        var isAutomatic = options.Threads == AutomaticThreads;
        OptionWords.Validate((isAutomatic ? options with { Threads = 1 } : options).Validate, assignments.NameOf);
        var threads = Threads ?? (isAutomatic ? ThreadsFor(options) : options.Threads);
        return options with { Threads = threads, Seed = Seed ?? options.Seed };
    }
}
