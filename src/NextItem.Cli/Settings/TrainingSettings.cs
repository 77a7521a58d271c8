using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>Hyperparameters as asked for on the command line; null where they were not.</summary>
internal sealed record TrainingSettings(string? Preset, FileInfo? File, string[] Set, int? Threads, ulong? Seed)
{
    /// <summary>A number of threads that no setting can have: automatic, unless a setting says otherwise.</summary>
    private const int AutomaticThreads = int.MaxValue;

    /// <summary>Whether nothing is asked for but seed and threads, which every algorithm has.</summary>
    public bool IsEmpty => this is { Preset: null, File: null, Set: [] };

    /// <summary>Defaults, then the preset, then the file, then --set, then --threads and --seed; one thread where nothing says how many.</summary>
    /// <exception cref="UsageException">Names or values that cannot be read: all of them.</exception>
    /// <exception cref="OptionsException">Values out of range: all of them.</exception>
    public Gru4RecOptions Resolve() => Resolve(out _);

    /// <summary>The same.</summary>
    /// <param name="threadsAreOpen">Whether nothing says how many threads.</param>
    public Gru4RecOptions Resolve(out bool threadsAreOpen) => Resolve(new Gru4RecOptions { Threads = AutomaticThreads }, out threadsAreOpen);

    /// <summary>The same on top of the options of an earlier run, which had a number of threads.</summary>
    public Gru4RecOptions Resolve(Gru4RecOptions options) => Resolve(options, out _);

    /// <summary>The item features that the settings file names; null where it names none or cannot be read, which <see cref="ResolvePrnn"/> tells.</summary>
    public FeatureSettings? FeaturesInFile()
    {
        var assignments = new Assignments(ofPrnn: true);
        if (File is { Exists: true })
            SettingsFile.AddFile(File.ToString(), assignments);
        return assignments.Features;
    }

    /// <summary>The same for a p-RNN.</summary>
    /// <param name="before">The options of an earlier run or model; null for the defaults.</param>
    /// <param name="own">What is asked for by options of their own, such as --strategy, as name=value; it has the last word.</param>
    /// <param name="features">The features that the settings file names; null where it names none.</param>
    /// <param name="threadsAreOpen">Whether nothing says how many threads.</param>
    public PrnnOptions ResolvePrnn(PrnnOptions? before, IEnumerable<string> own, out FeatureSettings? features, out bool threadsAreOpen)
    {
        var assignments = Collected(new Assignments(ofPrnn: true), own);
        var options = before ?? new PrnnOptions() with { Training = new PrnnOptions().Training with { Threads = AutomaticThreads } };
        options = assignments.ApplyTo(options);
        features = assignments.Features;
        options = options with { Training = WithThreads(options.Training, out threadsAreOpen) };
        OptionWords.Validate(options.Validate, assignments.NameOf);
        return options with { Training = Given(options.Training) };
    }

    private Gru4RecOptions Resolve(Gru4RecOptions options, out bool threadsAreOpen)
    {
        var assignments = Collected(new Assignments(), []);
        options = WithThreads(assignments.ApplyTo(options), out threadsAreOpen);
        OptionWords.Validate(options.Validate, assignments.NameOf);
        return Given(options);
    }

    private Assignments Collected(Assignments assignments, IEnumerable<string> own)
    {
        if (Preset is not null)
            SettingsFile.AddPreset(Preset, assignments);
        if (File is not null)
            SettingsFile.AddFile(File.ToString(), assignments);
        foreach (var line in Set)
            assignments.AddLine(line);
        foreach (var line in own)
            assignments.AddLine(line);
        return assignments;
    }

    /// <summary>One thread where nothing says how many.</summary>
    private Gru4RecOptions WithThreads(Gru4RecOptions options, out bool threadsAreOpen)
    {
        var isAutomatic = options.Threads == AutomaticThreads;
        threadsAreOpen = Threads is null && isAutomatic;
        return isAutomatic ? options with { Threads = 1 } : options;
    }

    private Gru4RecOptions Given(Gru4RecOptions options) => options with { Threads = Threads ?? options.Threads, Seed = Seed ?? options.Seed };
}
