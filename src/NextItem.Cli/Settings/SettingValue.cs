using System.Collections.Immutable;
using System.Globalization;
using NextItem.Cli.Output;

namespace NextItem.Cli.Settings;

/// <summary>What a hyperparameter was set to, as text, and what the text can be read as.</summary>
/// <param name="Name">The hyperparameter as the user called it.</param>
/// <param name="Text">The text, trimmed.</param>
internal sealed record SettingValue(string Name, string Text)
{
    public int Int() => TryInt(Text, out var number) ? number : throw Expected("a whole number");

    public ulong ULong() =>
        ulong.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Expected("a whole number of at least 0");

    public float Float() => TryFloat(Text, out var number) ? number : throw Expected("a number");

    public bool Bool() => Text.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw Expected("True or False"),
    };

    /// <summary>Whole numbers separated by '/', in brackets or not.</summary>
    public ImmutableArray<int> Ints() => [.. Parts(Text).Select(part => TryInt(part, out var number) ? number : throw (this with { Text = part }).Expected("a whole number"))];

    /// <summary>Numbers separated by '/', in brackets or not; none is a list too.</summary>
    public float[] Floats() =>
        [.. Parts(Text is "null" or "None" ? "" : Text).Select(part => TryFloat(part, out var number) ? number : throw (this with { Text = part }).Expected("a number"))];

    /// <summary>One of named values; case, '_' and '-' do not matter.</summary>
    public T OneOf<T>((string Name, T Value)[] choices)
    {
        foreach (var (name, value) in choices)
        {
            if (HyperparameterNames.Plain(name) == HyperparameterNames.Plain(Text))
                return value;
        }

        throw Expected($"one of {string.Join(", ", choices.Select(choice => choice.Name))}");
    }

    /// <summary>That the text is not what it should be.</summary>
    public UsageException Expected(string expectation) => new($"'{Name}' is '{Text}'; expected {expectation}.");

    private static string[] Parts(string text) =>
        text.Trim('[', ']', ' ').Split(['/', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryInt(string text, out int number) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool TryFloat(string text, out float number) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
