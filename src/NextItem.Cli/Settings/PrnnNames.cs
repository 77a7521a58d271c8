using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data.Reading;

namespace NextItem.Cli.Settings;

/// <summary>
/// Options by name that a p-RNN has beside GRU4Rec's: its own, such as <c>strategy=residual</c>, and those of a subnet, such as
/// <c>text.units=50</c>.
/// </summary>
internal static class PrnnNames
{
    private static readonly (string Name, Func<PrnnOptions, SettingValue, PrnnOptions> Set, Func<PrnnOptions, string?> Get)[] s_own =
    [
        ("architecture", (o, v) => o with { Architecture = v.OneOf(Choices.Architectures) }, o => Choices.NameOf(Choices.Architectures, o.Architecture)),
        ("strategy", (o, v) => o with { Strategy = v.OneOf(Choices.Strategies) }, o => Choices.NameOf(Choices.Strategies, o.Strategy)),
        ("interleaving_sums_all", (o, v) => o with { InterleavingSumsAll = v.Bool() }, o => Only(o.Strategy == TrainingStrategy.Interleaving, o.InterleavingSumsAll)),
        ("residual_trains_output", (o, v) => o with { ResidualTrainsOutput = v.Bool() }, o => Only(o is { Strategy: TrainingStrategy.Residual, Architecture: PrnnArchitecture.SharedWeights }, o.ResidualTrainsOutput)),
        ("frozen_dropout", (o, v) => o with { FrozenDropout = v.Bool() }, o => Only(o.Strategy != TrainingStrategy.Simultaneous, o.FrozenDropout)),
        ("interaction_trains_id", (o, v) => o with { InteractionTrainsId = v.Bool() }, o => Only(o.Architecture == PrnnArchitecture.Interaction && o.Strategy != TrainingStrategy.Simultaneous, o.InteractionTrainsId)),
        ("bias_in_every_pass", (o, v) => o with { BiasInEveryPass = v.Bool() }, o => Only(o.Strategy != TrainingStrategy.Simultaneous && o.Architecture is not (PrnnArchitecture.IdOnly or PrnnArchitecture.Concatenated), o.BiasInEveryPass)),
    ];

    private static readonly (string Name, string Other, Func<SubnetOptions, SettingValue, SubnetOptions> Set, Func<SubnetOptions, IConvertible?> Get)[] s_ofSubnets =
    [
        ("units", "layers", (o, v) => o with { Units = v.Int() }, o => o.Units),
        ("dropout_hidden", "dropout_p_hidden", (o, v) => o with { DropoutHidden = v.Float() }, o => o.DropoutHidden),
        ("learning_rate", "lr", (o, v) => o with { LearningRate = v.Float() }, o => o.LearningRate),
        ("epochs", "n_epochs", (o, v) => o with { Epochs = v.Int() }, o => o.Epochs),
        ("weight", "w", (o, v) => o with { Weight = v.Float() }, o => o.Weight),
    ];

    /// <summary>Whether a name is one of a p-RNN's own, or of a subnet.</summary>
    public static bool Has(string name) => name.Contains('.', StringComparison.Ordinal) || s_own.Any(own => Is(own.Name, name));

    /// <summary>The options with a value set.</summary>
    /// <exception cref="UsageException">There is no such option of a subnet, or the value cannot be read.</exception>
    public static PrnnOptions Set(PrnnOptions options, SettingValue value)
    {
        var dot = value.Name.LastIndexOf('.');
        if (dot < 0)
            return s_own.First(own => Is(own.Name, value.Name)).Set(options, value);
        var (subnet, name) = (value.Name[..dot].Trim(), value.Name[(dot + 1)..].Trim());
        var option = Array.Find(s_ofSubnets, option => Is(option.Name, name) || Is(option.Other, name));
        if (option.Name is null)
            throw new UsageException($"'{value.Name}' asks for '{name}' of subnet '{subnet}'; expected one of {string.Join(", ", s_ofSubnets.Select(each => each.Name))}.");
        var changed = option.Set(options.Subnets.FirstOrDefault(each => each.Name == subnet) ?? new SubnetOptions(subnet), value);
        return options with { Subnets = [.. options.Subnets.Where(each => each.Name != subnet), changed] };
    }

    /// <summary>All options by name: <c>--set</c> with these gives the same training.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(PrnnOptions options)
    {
        foreach (var own in s_own)
        {
            if (own.Get(options) is { } value)
                yield return (own.Name, value);
        }

        foreach (var subnet in options.Subnets)
        {
            foreach (var option in s_ofSubnets)
            {
                if (option.Get(subnet) is { } value && !value.Equals(option.Get(new SubnetOptions(subnet.Name))))
                    yield return ($"{subnet.Name}.{option.Name}", value.ToString(CultureInfo.InvariantCulture));
            }
        }

        foreach (var shared in HyperparameterNames.Describe(options.Training))
            yield return shared;
    }

    /// <summary>What the user calls a property of the options; null where it is none.</summary>
    public static string? NameOf(string property) => typeof(PrnnOptions).GetProperty(property) is null ? null : s_own.FirstOrDefault(own => Is(own.Name, property)).Name;

    /// <summary>The nearest of the names, for one that is none.</summary>
    public static string? Nearest(string name) => s_own.Select(own => own.Name).FirstOrDefault(known => EditDistance.Between(HyperparameterNames.Plain(known), HyperparameterNames.Plain(name)) <= 2);

    private static bool Is(string name, string given) => HyperparameterNames.Plain(name) == HyperparameterNames.Plain(given);

    private static string? Only(bool applies, bool value) => applies ? value.ToString(CultureInfo.InvariantCulture) : null;
}
