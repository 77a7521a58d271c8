using NextItem.Cli.Output;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Commands;

/// <summary>Which network <c>train</c> was asked for: its options, on top of those of the run to go on with or of the model to begin with, and its features.</summary>
internal sealed class NetworkChoice(Terminal terminal, TrainingRequest request, string checkpointName)
{
    /// <summary>Options that may be others when a run is gone on with.</summary>
    private static readonly string[] s_changeable = ["n_epochs", "learning_rate", "learning_rate_decay"];

    /// <summary>Options that cannot be others where a model is begun with.</summary>
    private static readonly string[] s_shape = ["layers", "variant", "constrained_embedding", "embedding", "architecture"];

    /// <summary>Files of item features, which are read and may not be written; refuses those that are not there.</summary>
    public FileInfo[] FeatureFiles()
    {
        if (request.Algorithm != TrainingRequest.Prnn)
            return [];
        var settings = request.Features is [] ? request.Settings.FeaturesInFile() : FeatureSettings.Parse(request.Features);
        FileInfo[] files = [.. (settings?.Sources ?? []).SelectMany(source => new[] { source.Path, source.KeysPath }).OfType<string>().Select(path => new FileInfo(path))];
        return Array.Find(files, file => !file.Exists) is { } missing
            ? throw new RunException($"{missing} {(Directory.Exists(missing.FullName) ? "is a directory" : "does not exist")}; --features expects a file of item features.")
            : files;
    }

    /// <summary>Refuses wrong names and values before the data is read.</summary>
    /// <param name="checkpoint">The run to go on with, or null.</param>
    /// <param name="old">The model to begin with, or null.</param>
    public void RequireSettings(Checkpoint? checkpoint, TrainedModel? old)
    {
        if (request.Algorithm == TrainingRequest.Prnn)
        {
            if (checkpoint is null && old is null)
                FeaturesOf(request.Settings.ResolvePrnn(null, request.PrnnSettings, out var features, out _), features);
            return;
        }

        Gru4Rec(checkpoint, old, out _);
        if (checkpoint is null && old is { Model: Gru4RecModel { Options.Distillation: > 0 and var share } } && request.Teachers is [])
            terminal.Errors.WriteLine($"nextitem: note: {request.WarmStart} was trained with distillation={share}; without --teacher there is nobody to learn from, and this run has distillation=0.");
    }

    /// <summary>The network.</summary>
    /// <param name="train">Training sessions.</param>
    /// <param name="checkpoint">The run to go on with, or null.</param>
    /// <param name="old">The model to begin with, or null.</param>
    /// <param name="threadsAreOpen">Whether nothing says how many threads.</param>
    /// <param name="cancellationToken">Stops the reading of features.</param>
    public NetworkTraining Of(SessionSet train, Checkpoint? checkpoint, TrainedModel? old, out bool threadsAreOpen, CancellationToken cancellationToken)
    {
        if (request.Algorithm == TrainingRequest.Prnn)
            return Prnn(train, checkpoint, old, out threadsAreOpen, cancellationToken);
        return new Gru4RecTraining(Gru4Rec(checkpoint, old, out threadsAreOpen));
    }

    private Gru4RecOptions Gru4Rec(Checkpoint? checkpoint, TrainedModel? old, out bool threadsAreOpen)
    {
        if (checkpoint?.Prnn is not null)
            throw new RunException($"{checkpointName} holds the run of a p-RNN; expected --algorithm prnn with it.");
        Gru4RecOptions options;
        if (checkpoint is null && old is null)
        {
            options = request.Settings.Resolve(out threadsAreOpen);
        }
        else
        {
            threadsAreOpen = false;
            var before = checkpoint?.Options ?? ((Gru4RecModel)old!.Model).Options;
            if (checkpoint is null && request.Teachers is [])
                before = before with { Distillation = 0 }; // its teachers were of its own run, and nobody has set it for this one
            options = request.Settings.Resolve(before);
            RequireSame(
                HyperparameterNames.Describe(checkpoint is null ? Sized(before) : before), HyperparameterNames.Describe(checkpoint is null ? Sized(options) : options), checkpoint is not null);
            RequireEpochs(checkpoint, options);
        }

        RequireTeachers(options.Distillation);
        return options;
    }

    /// <summary>Refuses teachers without a share, and a share without teachers.</summary>
    private void RequireTeachers(float share)
    {
        if (share > 0 == request.Teachers is not [])
            return;
        throw new UsageException((request.Resume, share > 0) switch
        {
            (true, true) => $"The run in {checkpointName} learns from teachers; expected the --teacher options that it began with.",
            (true, false) => $"The run in {checkpointName} learns from no teachers; expected no --teacher.",
            (false, true) => $"distillation is {share}, but there is no teacher; expected --teacher with a trained model, or distillation=0.",
            (false, false) => "--teacher names models to learn from, but distillation is 0; expected the share of what is learned from them, such as --set distillation=0.5.",
        });
    }

    private PrnnTraining Prnn(SessionSet train, Checkpoint? checkpoint, TrainedModel? old, out bool threadsAreOpen, CancellationToken cancellationToken)
    {
        if (checkpoint is { Prnn: null })
            throw new RunException($"{checkpointName} holds a run of gru4rec; expected --algorithm gru4rec with it.");
        var model = old?.Model as PrnnModel;
        var before = checkpoint?.Prnn ?? model?.Options;
        var options = request.Settings.ResolvePrnn(before, request.PrnnSettings, out var inFile, out threadsAreOpen);
        if (before is not null)
        {
            threadsAreOpen = false;
            RequireSame(PrnnNames.Describe(before), PrnnNames.Describe(options), checkpoint is not null);
            RequireEpochs(checkpoint, options.Training);
        }

        var settings = FeaturesOf(options, inFile);
        return new PrnnTraining(options, settings is null ? null : Read(settings, train, model, cancellationToken));
    }

    private FeatureSettings? FeaturesOf(PrnnOptions options, FeatureSettings? inFile)
    {
        var settings = request.Features is [] ? inFile : FeatureSettings.Parse(request.Features);
        return (settings, options.Architecture) switch
        {
            (null, PrnnArchitecture.IdOnly) or (not null, not PrnnArchitecture.IdOnly) => settings,
            (null, _) when request.Resume => throw new UsageException($"The run in {checkpointName} reads item features; expected the --features that it began with."),
            (null, _) => throw new UsageException($"architecture {Choices.NameOf(Choices.Architectures, options.Architecture)} reads item features; expected --features with a file of them, or --architecture id-only."),
            _ => throw new UsageException("--features: architecture id-only has no use for item features; expected another architecture, or no features."),
        };
    }

    /// <summary>Reads the features; of a model to begin with, by what it knows of words and categories.</summary>
    private ItemFeatures Read(FeatureSettings settings, SessionSet train, PrnnModel? old, CancellationToken cancellationToken)
    {
        ItemFeatures features;
        if (old?.Features is { } known)
        {
            features = known.Encode(NextItem.Data.FeatureFiles.ReadFor(train.Catalog, settings.Sources, known, cancellationToken));
            terminal.Out.WriteLine($"{string.Join(", ", settings.Sources.Select(source => source.Path))}: encoded with the words and categories of {request.WarmStart}");
        }
        else
        {
            var content = NextItem.Data.FeatureFiles.Read(settings.Sources, train.Catalog, cancellationToken);
            foreach (var line in content.Describe())
                terminal.Out.WriteLine(line);
            features = content.Fit();
        }

        foreach (var block in features.Blocks)
            terminal.Out.WriteLine($"subnet {block.Name}: {Counted.Of(block.Width, "feature")}, {(double)block.NonZeroCount / Math.Max(1, block.ItemCount):F1} of them an item; {Counted.Of(block.MissingCount, "item")} without");
        return features;
    }

    /// <summary>Refuses what cannot be otherwise than before.</summary>
    private void RequireSame(IEnumerable<(string Name, string Value)> before, IEnumerable<(string Name, string Value)> asked, bool isRun)
    {
        var owner = isRun ? $"the run in {checkpointName}" : $"{request.WarmStart}";
        var kept = before.ToDictionary(option => option.Name, option => option.Value);
        var differences = asked
            .Where(option => kept.GetValueOrDefault(option.Name) != option.Value && (isRun ? !s_changeable.Contains(option.Name) && !option.Name.EndsWith(".learning_rate", StringComparison.Ordinal) : s_shape.Contains(option.Name)))
            .Select(option => $"{option.Name}={option.Value} is asked for, but {owner} has {option.Name}={kept.GetValueOrDefault(option.Name, "none")}; leave it out.").ToArray();
        if (differences.Length > 0)
            throw new UsageException(differences);
    }

    private void RequireEpochs(Checkpoint? checkpoint, Gru4RecOptions options)
    {
        if (checkpoint is { Prnn: null } && options.Epochs < checkpoint.Epochs.Length)
            throw new UsageException($"n_epochs={options.Epochs} is asked for, but the run in {checkpointName} has finished {checkpoint.Epochs.Length}; expected at least as many.");
    }

    /// <summary>The options with a separate embedding's size as a number: layersize and that number are the same shape.</summary>
    private static Gru4RecOptions Sized(Gru4RecOptions options) =>
        options.Embedding == EmbeddingMode.Separate ? options with { EmbeddingSize = options.EmbeddingSize > 0 ? options.EmbeddingSize : options.Layers[0] } : options;
}
