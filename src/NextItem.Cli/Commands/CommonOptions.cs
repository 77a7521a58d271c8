using System.CommandLine;
using System.Globalization;
using NextItem.Cli.Output;
using NextItem.Data;

namespace NextItem.Cli.Commands;

/// <summary>Options that several commands share, said once.</summary>
internal static class CommonOptions
{
    public static Option<FileInfo> Model() => new("--model", "-m") { HelpName = "file", Description = "Model file, as 'train' writes it", Required = true };

    public static Option<FileInfo?> Json() => new("--json") { HelpName = "file", Description = "Also write the numbers to this file as JSON" };

    /// <summary>The file of titles, with its columns behind a colon: one grammar for all commands, the server's settings among them.</summary>
    public static Option<ItemNamesSource?> Names()
    {
        var option = new Option<ItemNamesSource?>("--names") { HelpName = "file", Description = "File with columns ItemId and Name, to show names beside keys; other columns: artikel.csv:item=Artikel;name=Titel" };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            try
            {
                return ItemNamesSource.Parse(text);
            }
            catch (FormatException e)
            {
                result.AddError($"--names is '{text}'; expected {e.Message}");
                return null;
            }
        };
        return option;
    }

    /// <summary>The file of a source, to be compared with those that are written.</summary>
    public static FileInfo? FileOf(ItemNamesSource? source) => source is null ? null : new FileInfo(source.Path);

    /// <summary>What --threads gives for auto, and when it is not given.</summary>
    public const int AutomaticThreads = 0;

    /// <param name="automatic">What auto means for the command.</param>
    public static Option<int> Threads(string automatic) => Parsed(
        new Option<int>("--threads")
        {
            HelpName = "number|auto",
            Description = $"Number of threads; auto: {automatic} [default: auto]",
        },
        text => text == "auto" ? AutomaticThreads : Number(text) is { } threads and <= 1024 and >= 1 ? (int)threads : null,
        "a number from 1 to 1024, or auto");

    /// <summary>Warns of more threads than there are processors: they wait for each other.</summary>
    public static void WarnOfThreads(Terminal terminal, int threads)
    {
        if (threads > Environment.ProcessorCount)
            terminal.Errors.WriteLine($"nextitem: warning: {Counted.Of(threads, "thread")} on {Counted.Of(Environment.ProcessorCount, "processor")}: more threads than processors are slower, not faster.");
    }

    public static Option<int> Top(int count) => Parsed(
        new Option<int>("--top", "-k") { HelpName = "number", Description = "How many items, K", DefaultValueFactory = _ => count },
        text => Number(text) is { } top and >= 1 and <= int.MaxValue ? (int)top : null,
        "a number of at least 1");

    /// <summary>An option that is one of an enumeration's values, told in lower case and read in any.</summary>
    public static Option<T> Choice<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        var choices = Enum.GetValues<T>().OrderBy(value => !value.Equals(standard)).ToDictionary(value => value.ToString().ToLowerInvariant());
        return Parsed(
            new Option<T>(name) { HelpName = string.Join('|', choices.Keys), Description = $"{description} [default: {choices.Keys.First()}]" },
            text => choices.TryGetValue(text.ToLowerInvariant(), out var value) ? value : null,
            $"one of {string.Join(", ", choices.Keys)}");
    }

    /// <summary>An option that is one of several words, read in any case.</summary>
    public static Option<string> Word(string name, string description, string standard, IReadOnlyList<string> words)
    {
        var option = new Option<string>(name) { HelpName = string.Join('|', words), Description = description, DefaultValueFactory = _ => standard };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value.ToLowerInvariant();
            if (!words.Contains(text))
                result.AddError($"{name} is '{result.Tokens[0].Value}'; expected one of {string.Join(", ", words)}.");
            return text;
        };
        return option;
    }

    /// <summary>Words of a list, separated by commas, each once; <see cref="Split"/> reads the value.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="words">What there is, as <see cref="Split"/> is to give it; typed in lower case.</param>
    public static Option<string?> Words(string name, string description, IReadOnlyList<string> words)
    {
        var typed = words.Select(word => word.ToLowerInvariant()).ToArray();
        var option = new Option<string?>(name) { HelpName = "list", Description = $"{description} ({string.Join(',', typed)})" };
        option.CustomParser = result =>
        {
            var given = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
            foreach (var word in given.Where(word => !typed.Contains(word)))
                result.AddError($"{name} has '{word}'; expected of {string.Join(", ", typed)}, separated by commas.");
            return string.Join(',', words.Where((_, i) => given.Contains(typed[i])).OrderBy(word => Array.IndexOf(given, word.ToLowerInvariant())));
        };
        return option;
    }

    /// <summary>The words of a list, in the order given; none where it was not given.</summary>
    public static string[] Split(string? list) => list is null ? [] : list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A whole number of at least 0; null for any other text.</summary>
    public static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Gives an option its own reading of the text, which says what it expects instead of naming types.</summary>
    public static Option<T> Parsed<T>(Option<T> option, Func<string, T?> read, string expected)
        where T : struct
    {
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (read(text) is { } value)
                return value;
            result.AddError($"{option.Name} is '{text}'; expected {expected}.");
            return default;
        };
        return option;
    }

    /// <summary>The value of an option whose default is no constant.</summary>
    public static T ValueOr<T>(this ParseResult parse, Option<T> option, T standard) =>
        parse.GetResult(option) is null ? standard : parse.GetValue(option)!;

    /// <summary>The same for an option that is null where it is not given.</summary>
    public static Option<T?> ParsedOrNone<T>(Option<T?> option, Func<string, T?> read, string expected)
        where T : struct
    {
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (read(text) is { } value)
                return value;
            result.AddError($"{option.Name} is '{text}'; expected {expected}.");
            return null;
        };
        return option;
    }
}
