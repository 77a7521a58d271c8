using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data.Reading;

namespace NextItem.Cli.Settings;

/// <summary>A model that is fitted in one pass: its name, what can be set, and how it is made.</summary>
internal abstract record Baseline(string Name)
{
    /// <summary>Names that <c>--set</c> takes, ours before the official ones.</summary>
    public abstract IReadOnlyList<string> SettingNames { get; }

    /// <summary>Whether sessions of one event are enough.</summary>
    public bool LearnsFromSingleEvents { get; init; }

    /// <summary>Our name for a hyperparameter that may be called by another.</summary>
    /// <exception cref="UsageException">There is none; the message suggests the nearest.</exception>
    public abstract string NameOf(string given);

    /// <summary>Applies assignments to the defaults.</summary>
    /// <param name="lines">The values of <c>--set</c>: name=value, or several with commas between.</param>
    /// <exception cref="UsageException">Names or values that cannot be read, or values out of range: all of them.</exception>
    public abstract Func<SessionSet, CancellationToken, ISessionModel> Resolve(IReadOnlyList<string> lines);

    /// <summary>The options of a model of this kind, by our names.</summary>
    public abstract IEnumerable<(string Name, string Value)> Describe(ISessionModel model);
}

/// <summary>One option of a baseline.</summary>
/// <param name="Name">Our name.</param>
/// <param name="OtherNames">The official name, and others.</param>
/// <param name="Set">The options with the value in them.</param>
/// <param name="Get">The value.</param>
internal sealed record BaselineSetting<TOptions>(
    string Name, string[] OtherNames, Func<TOptions, SettingValue, TOptions> Set, Func<TOptions, IConvertible> Get);

/// <summary>A baseline with options.</summary>
/// <typeparam name="TOptions">Its options record.</typeparam>
/// <typeparam name="TModel">Its model.</typeparam>
internal sealed record Baseline<TOptions, TModel>(string Name, TOptions Defaults, Func<SessionSet, TOptions, CancellationToken, TModel> Fit, Action<TOptions> Validate, Func<TModel, TOptions> OptionsOf) : Baseline(Name)
    where TModel : ISessionModel
{
    public BaselineSetting<TOptions>[] Settings { get; init; } = [];

    public override IReadOnlyList<string> SettingNames => [.. Settings.SelectMany(setting => setting.OtherNames.Prepend(setting.Name))];

    public override string NameOf(string given) => Find(given).Name;

    public override Func<SessionSet, CancellationToken, ISessionModel> Resolve(IReadOnlyList<string> lines)
    {
        var options = Defaults;
        var faults = new List<string>();
        foreach (var assignment in lines.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries)))
        {
            try
            {
                options = Apply(options, assignment);
            }
            catch (UsageException e)
            {
                faults.AddRange(e.Faults);
            }
        }

        if (faults.Count > 0)
            throw new UsageException(faults);
        OptionWords.Validate(() => Validate(options), property => typeof(TOptions).GetProperty(property) is null ? null : NameOf(property, lines));
        return (train, cancellationToken) => Fit(train, options, cancellationToken);
    }

    public override IEnumerable<(string Name, string Value)> Describe(ISessionModel model)
    {
        var options = OptionsOf((TModel)model);
        return Settings.Select(setting => (setting.Name, setting.Get(options).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The name that was used for a property, else ours.</summary>
    private string? NameOf(string property, IReadOnlyList<string> lines)
    {
        var setting = Array.Find(Settings, setting => HyperparameterNames.Plain(setting.Name) == HyperparameterNames.Plain(property));
        if (setting is null)
            return null;
        var used = lines.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries)).Select(assignment => assignment.Split('=')[0].Trim());
        var known = setting.OtherNames.Prepend(setting.Name).Select(HyperparameterNames.Plain).ToArray();
        return used.LastOrDefault(name => known.Contains(HyperparameterNames.Plain(name))) ?? setting.Name;
    }

    private TOptions Apply(TOptions options, string assignment)
    {
        if (Settings is [])
            throw new UsageException($"--set has '{assignment}', but '{Name}' has nothing to set.");
        var at = assignment.IndexOf('=');
        if (at <= 0)
            throw new UsageException($"--set has '{assignment}'; expected name=value.");
        var (name, value) = (assignment[..at].Trim(), assignment[(at + 1)..].Trim());
        return Find(name).Set(options, new SettingValue(name, value));
    }

    private BaselineSetting<TOptions> Find(string name)
    {
        if (Settings is [])
            throw new UsageException($"'{Name}' has nothing to set; it was given '{name}'.");
        var plain = HyperparameterNames.Plain(name);
        if (Array.Find(Settings, setting => setting.OtherNames.Prepend(setting.Name).Any(known => HyperparameterNames.Plain(known) == plain)) is { } setting)
            return setting;
        var nearest = SettingNames.MinBy(known => EditDistance.Between(HyperparameterNames.Plain(known), plain))!;
        var isNear = EditDistance.Between(HyperparameterNames.Plain(nearest), plain) <= Math.Max(2, plain.Length / 3);
        throw new UsageException($"'{Name}' has no hyperparameter '{name}'. {(isNear ? $"Did you mean '{nearest}'?" : $"All: {string.Join(", ", SettingNames)}.")}");
    }
}
