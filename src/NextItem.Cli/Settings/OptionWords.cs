using System.Text.RegularExpressions;
using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>
/// What options records say of themselves, in the words of the command line: a user of <c>--set n_epochs=-1</c> knows no property
/// <c>Epochs</c>.
/// </summary>
internal static partial class OptionWords
{
    /// <summary>The words of enumerations that faults name, and what <c>--set</c> calls them.</summary>
    private static readonly Dictionary<string, string> s_values = Values(Choices.Losses)
        .Concat(Values(Choices.Optimizers)).Concat(Values(Choices.EmbeddingModes)).Concat(Values(Choices.Variants))
        .Concat(Values(Choices.Architectures)).Concat(Values(Choices.Strategies))
        .GroupBy(value => value.Key).ToDictionary(values => values.Key, values => values.First().Value, StringComparer.Ordinal);

    /// <summary>Validates, and tells faults by the names that were used.</summary>
    /// <param name="validate">Checks the options.</param>
    /// <param name="nameOf">What the user calls a property, or null where it is none.</param>
    /// <exception cref="UsageException">The options have faults: all of them.</exception>
    public static void Validate(Action validate, Func<string, string?> nameOf)
    {
        try
        {
            validate();
        }
        catch (OptionsException e)
        {
            throw new UsageException([.. e.Faults.Select(fault => Words().Replace(fault, word => nameOf(word.Value) ?? s_values.GetValueOrDefault(word.Value, word.Value)))]);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Values<T>((string Name, T Value)[] choices)
        where T : struct, Enum =>
        choices.Select(choice => KeyValuePair.Create(choice.Value.ToString(), Choices.NameOf(choices, choice.Value)));

    [GeneratedRegex(@"\b[A-Z][A-Za-z0-9]+\b")]
    private static partial Regex Words();
}
