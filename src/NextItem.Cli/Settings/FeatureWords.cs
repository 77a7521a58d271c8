using NextItem.Cli.Output;
using NextItem.Data;
using NextItem.Data.Reading;

namespace NextItem.Cli.Settings;

/// <summary>The words of a specification of item features, and what they do: the same on the command line and in a settings file.</summary>
internal static class FeatureWords
{
    private static readonly (string Name, FeatureKind Value)[] s_kinds =
    [
        ("text", FeatureKind.Text), ("category", FeatureKind.Category), ("number", FeatureKind.Number), ("vector", FeatureKind.Vector),
        ("texts", FeatureKind.Text), ("categories", FeatureKind.Category), ("numbers", FeatureKind.Number), ("vectors", FeatureKind.Vector),
    ];

    private static readonly (string Name, Func<FeatureSource, SettingValue, FeatureSource> Set)[] s_settings =
    [
        ("item", (source, value) => source with { ItemColumn = value.Text }),
        ("keys", (source, value) => source with { KeysPath = value.Text }),
        ("missing", (source, value) => source with { MissingTexts = [.. value.Text.Split(',', StringSplitOptions.TrimEntries)] }),
        ("subnet", (source, value) => source with { Block = value.Text }),
        ("longest_term", (source, value) => source with { LongestTerm = value.Int() }),
        ("least_count", (source, value) => source with { LeastTermCount = value.Int() }),
        ("normalise", (source, value) => source with { NormaliseVectors = value.Bool() }),
    ];

    private static readonly (string Name, char? Value)[] s_separators =
        [("none", null), ("space", ' '), ("blank", ' '), ("comma", ','), ("semicolon", ';'), ("bar", '|'), ("tab", '\t')];

    /// <summary>The kind of a word, or null.</summary>
    public static FeatureKind? Kind(string word) =>
        Array.Find(s_kinds, kind => HyperparameterNames.Plain(kind.Name) == HyperparameterNames.Plain(word)) is { Name: not null } found ? found.Value : null;

    /// <summary>Whether a word is that of a setting.</summary>
    public static bool IsSetting(string word) => Array.Exists(s_settings, setting => HyperparameterNames.Plain(setting.Name) == HyperparameterNames.Plain(word));

    /// <summary>Sets what a word says.</summary>
    /// <exception cref="UsageException">There is no such setting, or its value cannot be read.</exception>
    public static FeatureSource Set(FeatureSource source, string word, string value)
    {
        var setting = Array.Find(s_settings, setting => HyperparameterNames.Plain(setting.Name) == HyperparameterNames.Plain(word));
        return setting.Set is null ? throw Unknown(word, []) : setting.Set(source, new SettingValue(word, value.Trim()));
    }

    /// <summary>Gives a block the settings of its file.</summary>
    public static FeatureBlockOptions WithSettings(FeatureBlockOptions block, FeatureSource source) =>
        block with { LongestTerm = source.LongestTerm, LeastTermCount = source.LeastTermCount, NormaliseVectors = source.NormaliseVectors };

    /// <summary>What is made of a file, in one line: different for each that gives other features. The file itself is not in it.</summary>
    public static string Describe(FeatureSource source)
    {
        string[] parts =
        [
            .. source.Blocks.IsEmpty ? [$"all columns{Settings(source.LongestTerm, source.LeastTermCount, source.NormaliseVectors)}"] : source.Blocks.Select(Describe),
            .. source.ItemColumn is null ? Array.Empty<string>() : [$"item={source.ItemColumn}"],
            .. source.KeysPath is null ? Array.Empty<string>() : ["with keys"],
            .. source.MissingTexts.IsEmpty ? Array.Empty<string>() : [$"missing={string.Join(',', source.MissingTexts)}"],
            .. source.Block is null ? Array.Empty<string>() : [$"subnet={source.Block}"],
        ];
        return string.Join("; ", parts);
    }

    /// <summary>What a block of some columns is called where nobody says: after their kinds.</summary>
    public static string NameOf(IEnumerable<FeatureColumnOptions> columns) =>
        string.Join('+', columns.Select(column => column.Kind).Distinct().Select(kind => kind.ToString().ToLowerInvariant()));

    /// <summary>A separator: one character, or a word for one.</summary>
    public static char? Separator(string text) => text is [var only]
        ? only
        : Array.Find(s_separators, separator => separator.Name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)) is { Name: not null } found
            ? found.Value
            : throw new UsageException($"the separator is '{text}'; expected one character, or {string.Join(", ", s_separators.Select(separator => separator.Name))}.");

    private static string Describe(FeatureBlockOptions block) =>
        $"{(block.Name == NameOf(block.Columns) ? "" : $"{block.Name}: ")}{string.Join('+', block.Columns.Select(Describe))}{Settings(block.LongestTerm, block.LeastTermCount, block.NormaliseVectors)}";

    private static string Describe(FeatureColumnOptions column) =>
        $"{column.Kind.ToString().ToLowerInvariant()}={column.Name}{(column.Kind == FeatureKind.Category ? $"[{column.Separator?.ToString() ?? "none"}]" : "")}";

    /// <summary>What is not as usual.</summary>
    private static string Settings(int longestTerm, int leastTermCount, bool normaliseVectors)
    {
        var usual = new FeatureSource("");
        return (longestTerm == usual.LongestTerm ? "" : $" longest_term={longestTerm}")
            + (leastTermCount == usual.LeastTermCount ? "" : $" least_count={leastTermCount}")
            + (normaliseVectors == usual.NormaliseVectors ? "" : " normalise=False");
    }

    /// <summary>That there is no such word, and which is nearest.</summary>
    /// <param name="word">The word.</param>
    /// <param name="others">What else would have done there.</param>
    public static UsageException Unknown(string word, string[] others)
    {
        string[] known = [.. s_kinds.Take(4).Select(kind => kind.Name), .. s_settings.Select(setting => setting.Name), .. others];
        var nearest = NearestName.Of(word, known);
        return new UsageException($"there is no '{word}'. {(nearest is null ? $"All: {string.Join(", ", known)}." : $"Did you mean '{nearest}'?")}");
    }
}
