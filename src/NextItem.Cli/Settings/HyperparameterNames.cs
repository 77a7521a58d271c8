using System.Collections.Immutable;
using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data.Reading;

namespace NextItem.Cli.Settings;

/// <summary>
/// Hyperparameters by name: ours and the official GRU4Rec's, so that a published setting can be pasted in. Case, '_' and '-'
/// do not matter. An unknown name is an error that suggests the nearest one.
/// </summary>
internal static class HyperparameterNames
{
    private delegate Gru4RecOptions Setter(Gru4RecOptions options, string value);

    /// <summary>Our name, other names, and what the value does.</summary>
    private static readonly (string Name, string[] Aliases, Setter Set)[] s_settable =
    [
        ("layers", [], (o, v) => o with { Layers = Layers(v) }),
        ("variant", ["gru_variant"], (o, v) => o with { Variant = Variant(v) }),
        ("epochs", ["n_epochs"], (o, v) => o with { Epochs = Int("epochs", v) }),
        ("batch_size", [], (o, v) => o with { BatchSize = Int("batch_size", v) }),
        ("dropout_embedding", ["dropout_p_embed"], (o, v) => o with { DropoutEmbedding = Float("dropout_embedding", v) }),
        ("dropout_hidden", ["dropout_p_hidden"], (o, v) => o with { DropoutHidden = Float("dropout_hidden", v) }),
        ("learning_rate", ["lr"], (o, v) => o with { LearningRate = Float("learning_rate", v) }),
        ("momentum", [], (o, v) => o with { Momentum = Float("momentum", v) }),
        ("negative_sample_count", ["n_sample"], (o, v) => o with { NegativeSampleCount = Int("n_sample", v) }),
        ("sample_alpha", [], (o, v) => o with { SampleAlpha = Float("sample_alpha", v) }),
        ("logq", [], (o, v) => o with { LogQ = Float("logq", v) }),
        ("seed", [], (o, v) => o with { Seed = ULong("seed", v) }),
        ("threads", [], (o, v) => o with { Threads = Int("threads", v) }),
    ];

    /// <summary>Official names whose other values this version does not have: the values that it does have.</summary>
    private static readonly (string Name, string[] Available)[] s_fixed =
    [
        ("loss", ["cross-entropy", "xe_logit"]),
        ("final_act", ["softmax", "softmax_logit"]),
        ("hidden_act", ["tanh"]),
        ("constrained_embedding", ["True"]),
        ("embedding", ["0"]),
        ("adapt", ["adagrad"]),
        ("adapt_params", ["", "[]"]),
        ("smoothing", ["0"]),
        ("lmbd", ["0"]),
        ("grad_cap", ["0"]),
        ("sigma", ["0"]),
        ("init_as_normal", ["False"]),
        ("time_sort", ["True"]),
        ("train_random_order", ["False"]),
    ];

    /// <summary>Official names that mean something to other losses than cross-entropy: any number does, and changes nothing.</summary>
    private static readonly string[] s_withoutEffect = ["bpreg", "elu_param"];

    /// <summary>Every name that is understood.</summary>
    public static IEnumerable<string> All => s_settable.SelectMany(s => s.Aliases.Prepend(s.Name)).Concat(s_fixed.Select(f => f.Name)).Concat(s_withoutEffect);

    /// <summary>Sets one hyperparameter.</summary>
    /// <exception cref="UsageException">The name is unknown, or the value is not one it can have.</exception>
    public static Gru4RecOptions Set(Gru4RecOptions options, string name, string value)
    {
        var plain = Plain(name);
        foreach (var (own, aliases, set) in s_settable)
        {
            if (Plain(own) == plain || aliases.Any(alias => Plain(alias) == plain))
                return set(options, value.Trim());
        }

        foreach (var (known, available) in s_fixed)
        {
            if (Plain(known) != plain)
                continue;
            if (available.Any(choice => SameValue(choice, value)))
                return options;
            throw new UsageException(
                $"'{name}' is '{value}', which this version of NextItem does not have yet; available: {string.Join(", ", available.Where(a => a.Length > 0))}.");
        }

        if (s_withoutEffect.Any(known => Plain(known) == plain))
        {
            Float(name, value);
            return options;
        }

        var nearest = All.MinBy(candidate => EditDistance.Between(Plain(candidate), plain))!;
        var isNear = EditDistance.Between(Plain(nearest), plain) <= Math.Max(2, plain.Length / 3);
        throw new UsageException($"There is no hyperparameter '{name}'. {(isNear ? $"Did you mean '{nearest}'?" : $"All: {string.Join(", ", All)}.")}");
    }

    /// <summary>Sets from <c>name=value</c>, or several of them separated by commas, as the official scripts write them.</summary>
    /// <param name="options">The options before.</param>
    /// <param name="assignments">What to set.</param>
    /// <param name="faults">Gets a sentence for each assignment that cannot be made.</param>
    public static Gru4RecOptions SetAll(Gru4RecOptions options, string assignments, ICollection<string> faults)
    {
        foreach (var assignment in assignments.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = assignment.IndexOf('=');
            if (at <= 0)
                faults.Add($"--set has '{assignment}'; expected name=value. Layers are written with '/': layers=100/50.");
            else
                options = Set(options, assignment[..at], assignment[(at + 1)..], "", faults);
        }

        return options;
    }

    /// <summary>Sets one hyperparameter, or adds to the faults why it cannot.</summary>
    public static Gru4RecOptions Set(Gru4RecOptions options, string name, string value, string where, ICollection<string> faults)
    {
        try
        {
            return Set(options, name, value);
        }
        catch (UsageException e)
        {
            faults.Add(where + e.Message);
            return options;
        }
    }

    /// <summary>The options as name and value, in the order of the table, for printing.</summary>
    public static IEnumerable<(string Name, string Value)> Describe(Gru4RecOptions o) =>
    [
        ("layers", string.Join('/', o.Layers)),
        ("variant", o.Variant == GruVariant.ResetBefore ? "reset-before" : "reset-after"),
        ("loss", "cross-entropy"),
        ("epochs", $"{o.Epochs}"),
        ("batch_size", $"{o.BatchSize}"),
        ("dropout_embedding", $"{o.DropoutEmbedding}"),
        ("dropout_hidden", $"{o.DropoutHidden}"),
        ("learning_rate", $"{o.LearningRate}"),
        ("momentum", $"{o.Momentum}"),
        ("n_sample", $"{o.NegativeSampleCount}"),
        ("sample_alpha", $"{o.SampleAlpha}"),
        ("logq", $"{o.LogQ}"),
        ("seed", $"{o.Seed}"),
        ("threads", $"{o.Threads}"),
    ];

    /// <summary>The metric that early stopping goes by, such as mrr@20.</summary>
    public static string MetricOf(Gru4RecOptions o) => $"{o.ValidationMetric.ToString().ToLowerInvariant()}@{o.ValidationCutoff}";

    private static string Plain(string name) => name.Trim().Replace("_", "").Replace("-", "").ToLowerInvariant();

    private static bool SameValue(string choice, string value) =>
        string.Equals(choice, value.Trim(), StringComparison.OrdinalIgnoreCase)
        || (double.TryParse(choice, CultureInfo.InvariantCulture, out var a) && double.TryParse(value, CultureInfo.InvariantCulture, out var b) && a == b);

    private static ImmutableArray<int> Layers(string value) =>
        [.. value.Trim('[', ']', ' ').Split(['/', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part => Int("layers", part))];

    private static GruVariant Variant(string value) => Plain(value) switch
    {
        "resetbefore" => GruVariant.ResetBefore,
        "resetafter" => GruVariant.ResetAfter,
        _ => throw new UsageException($"'variant' is '{value}'; expected reset-before (the papers') or reset-after (cuDNN's and PyTorch's)."),
    };

    private static int Int(string name, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"'{name}' is '{value}'; expected a whole number.");

    private static ulong ULong(string name, string value) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"'{name}' is '{value}'; expected a whole number of at least 0.");

    private static float Float(string name, string value) =>
        float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"'{name}' is '{value}'; expected a number.");
}
