using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>
/// Names and values from a preset, a settings file and the command line, collected before any is set: of several for the same
/// hyperparameter the last counts, and what depends on others comes after them, wherever it was written.
/// </summary>
/// <param name="ofPrnn">Whether a p-RNN's own names are understood too.</param>
internal sealed class Assignments(bool ofPrnn = false)
{
    private readonly List<Assignment> _assignments = [];
    private readonly List<(SettingValue Value, string Where)> _own = [];

    /// <summary>Whether a p-RNN is set.</summary>
    public bool OfPrnn => ofPrnn;

    /// <summary>What cannot be read or set, a sentence each.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>The features that a settings file names; null where none does.</summary>
    public FeatureSettings? Features { get; private set; }

    /// <summary>Takes the key <c>features</c> of a settings file.</summary>
    public void SetFeatures(JsonElement json, string where) => Note("", () => Features = ofPrnn
        ? FeatureSettings.FromJson(json, $"{where}: 'features'")
        : throw new UsageException($"{where}: 'features' are for a p-RNN; expected --algorithm prnn with them."));

    /// <summary>Adds one.</summary>
    /// <param name="name">Any name of a hyperparameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="where">Where it was written, for messages; empty for the command line.</param>
    public void Add(string name, string value, string where = "") => Note(where, () =>
    {
        if (PrnnNames.Has(name))
        {
            _own.Add(ofPrnn ? (new(name.Trim(), value.Trim()), where) : throw new UsageException($"'{name.Trim()}' is an option of a p-RNN; expected --algorithm prnn with it."));
            return;
        }

        if (ofPrnn && PrnnNames.Nearest(name) is { } near)
            throw new UsageException($"There is no hyperparameter '{name}'. Did you mean '{near}'?");
        var hyperparameter = HyperparameterNames.Find(name);
        _assignments.RemoveAll(earlier => earlier.Hyperparameter == hyperparameter || hyperparameter.Replaces.Contains(earlier.Hyperparameter.Name));
        _assignments.Add(new(hyperparameter, new(name.Trim(), value.Trim()), where));
    });

    /// <summary>Adds <c>name=value</c>, or several of them separated by commas, as the official scripts write them.</summary>
    public void AddLine(string line)
    {
        foreach (var assignment in line.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = assignment.IndexOf('=');
            if (at <= 0)
                Faults.Add($"--set has '{assignment}'; expected name=value. Lists are written with '/': layers=100/50.");
            else
                Add(assignment[..at], assignment[(at + 1)..]);
        }
    }

    /// <summary>Sets everything that was added.</summary>
    /// <param name="options">The options before.</param>
    /// <exception cref="UsageException">Something cannot be read or set; all faults are listed.</exception>
    public Gru4RecOptions ApplyTo(Gru4RecOptions options)
    {
        foreach (var (hyperparameter, value, where) in _assignments.OrderBy(assignment => assignment.Hyperparameter.Turn))
            Note(where, () => options = hyperparameter.Set(options, value));
        if (Faults.Count > 0)
            throw new UsageException(Faults);

        // Said or not, the loss's usual activation is the same setting.
        return options.FinalActivation == FinalActivation.UsualOf(options.Loss) ? options with { FinalActivation = null } : options;
    }

    /// <summary>Sets everything that was added.</summary>
    /// <param name="options">The options before.</param>
    /// <exception cref="UsageException">Something cannot be read or set; all faults are listed.</exception>
    public PrnnOptions ApplyTo(PrnnOptions options)
    {
        foreach (var (value, where) in _own)
            Note(where, () => options = PrnnNames.Set(options, value));
        return options with { Training = ApplyTo(options.Training) };
    }

    /// <summary>What the user calls a property of the options; null where it is none.</summary>
    public string? NameOf(string property)
    {
        if (ofPrnn && PrnnNames.NameOf(property) is { } own)
            return own;
        if (typeof(Gru4RecOptions).GetProperty(property) is null)
            return null;
        var plain = HyperparameterNames.Plain(property == nameof(Gru4RecOptions.Embedding) ? "embedding_mode" : property);
        var assigned = _assignments.FindLast(assignment => assignment.Hyperparameter.Names.Any(name => HyperparameterNames.Plain(name) == plain));
        return assigned?.Value.Name ?? HyperparameterNames.All.FirstOrDefault(name => HyperparameterNames.Plain(name) == plain);
    }

    private void Note(string where, Action action)
    {
        try
        {
            action();
        }
        catch (UsageException e)
        {
            Faults.AddRange(e.Faults.Select(fault => where + fault));
        }
    }

    private sealed record Assignment(Hyperparameter Hyperparameter, SettingValue Value, string Where);
}
