using System.Text.RegularExpressions;

namespace NextItem.Preparation.Engine;

/// <summary>The numbered SQL files; words in braces are filled in.</summary>
internal static partial class SqlStep
{
    /// <summary>The SQL of a step with everything filled in.</summary>
    /// <param name="name">The file's name without its ending.</param>
    /// <param name="values">What the words stand for.</param>
    public static string Fill(string name, params ReadOnlySpan<(string Word, string Value)> values)
    {
        // In one go: a value, a file's name for instance, may hold what looks like a word.
        var filled = new Dictionary<string, string>();
        foreach (var (word, value) in values)
            filled.Add(word, value);
        return Word().Replace(Text(name), match => filled.GetValueOrDefault(match.Groups[1].Value, match.Value));
    }

    /// <summary>Words of a step that are to be filled in.</summary>
    public static IEnumerable<string> Words(string name) => Word().Matches(Text(name)).Select(match => match.Groups[1].Value).Distinct();

    /// <summary>The file as it is.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(SqlStep).Assembly.GetManifestResourceStream(name + ".sql") ?? throw new InvalidOperationException($"There is no step {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex Word();
}
