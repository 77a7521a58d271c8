using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>The hyperparameters of an algorithm, and which of them can be searched.</summary>
/// <param name="baseline">The algorithm where it is no network, else null.</param>
/// <param name="ofPrnn">Whether it is a p-RNN.</param>
internal sealed class TunedNames(Baseline? baseline, bool ofPrnn)
{
    private static readonly Dictionary<string, string> s_notSearched = new()
    {
        ["seed"] = "it is chance: a better seed is not a better setting",
        ["threads"] = "each trial has one",
        ["distillation"] = "it needs teachers, which 'train --teacher' has",
        ["patience"] = "trials are stopped by halving, and the best epoch counts",
        ["validation_metric"] = "--metric is what is searched for",
        ["validation_cutoff"] = "--metric is what is searched for",
    };

    /// <summary>One name for all that a hyperparameter is called.</summary>
    /// <exception cref="UsageException">There is none; the message suggests the nearest.</exception>
    public string NameOf(string given)
    {
        if (baseline is not null)
            return baseline.NameOf(given);
        if (PrnnNames.Has(given))
            return ofPrnn ? HyperparameterNames.Plain(given) : throw new UsageException($"'{given.Trim()}' is an option of a p-RNN; expected --algorithm prnn with it.");
        if (ofPrnn && PrnnNames.Nearest(given) is { } near)
            throw new UsageException($"There is no hyperparameter '{given}'. Did you mean '{near}'?");
        return HyperparameterNames.Find(given).Name;
    }

    /// <summary>Why a hyperparameter cannot be searched; null where it can.</summary>
    public static string? WhyNot(string name) => s_notSearched.GetValueOrDefault(name);
}
