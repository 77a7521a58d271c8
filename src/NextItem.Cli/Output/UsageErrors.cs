using System.CommandLine;
using System.CommandLine.Parsing;
using NextItem.Data.Reading;

namespace NextItem.Cli.Output;

/// <summary>Everything that is wrong with a command line, in our own words: what was found, what was expected, the nearest name.</summary>
internal static class UsageErrors
{
    /// <summary>One line a fault.</summary>
    public static IEnumerable<string> Of(ParseResult parse)
    {
        var command = parse.CommandResult.Command;
        var unmatched = parse.UnmatchedTokens.ToHashSet(StringComparer.Ordinal);
        foreach (var message in Unmatched(parse, command, parse.UnmatchedTokens))
            yield return message;
        foreach (var error in parse.Errors)
        {
            // An unmatched word was told above; that a command is missing follows from it.
            if (unmatched.Count > 0 && (error.SymbolResult == parse.CommandResult || unmatched.Any(token => error.Message.EndsWith($"'{token}'.", StringComparison.Ordinal))))
                continue;
            if (error.SymbolResult is OptionResult { Tokens: [{ Value: "" }] } empty)
                yield return $"{empty.Option.Name} is ''; expected a path.";
            else
                yield return command is RootCommand ? $"A command is missing; expected one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}." : error.Message;
        }
    }

    private static IEnumerable<string> Unmatched(ParseResult parse, Command command, IReadOnlyList<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].StartsWith('-'))
            {
                var options = command.Options.Select(option => option.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal));
                yield return $"There is no option '{tokens[i]}'.{Suggestion(tokens[i].Split('=')[0], options)}";
                while (i + 1 < tokens.Count && !tokens[i + 1].StartsWith('-'))
                    i++; // its values, not faults of their own
            }
            else if (command is RootCommand)
            {
                yield return $"There is no command '{tokens[i]}'.{Suggestion(tokens[i], command.Subcommands.Select(c => c.Name))} Commands: {string.Join(", ", command.Subcommands.Select(c => c.Name))}.";
                yield break; // what follows belongs to it
            }
            else
            {
                yield return $"'{tokens[i]}' belongs to no option; {WhereItBelongs(parse, command, tokens[i])}";
                while (i + 1 < tokens.Count && !tokens[i + 1].StartsWith('-') && OptionBefore(parse, command, tokens[i + 1]) is { } same && same == OptionBefore(parse, command, tokens[i]))
                    i++; // a pattern can match a thousand files
            }
        }
    }

    private static string WhereItBelongs(ParseResult parse, Command command, string token) => OptionBefore(parse, command, token) switch
    {
        // The shell made several words of a pattern.
        { AllowsMany: true } many => $"quote a glob, or repeat {many.Name}.",
        { } one => $"{one.Name} takes one file.",
        null => "values follow an option, as in --name value.",
    };

    /// <summary>The option of files whose value, or what the shell made of it, a word follows.</summary>
    private static FileOption? OptionBefore(ParseResult parse, Command command, string token)
    {
        var place = parse.Tokens.ToList().FindIndex(each => each.Value == token && each.Type != TokenType.Option);
        for (var i = place - 1; i >= 0; i--)
        {
            if (parse.Tokens[i].Type != TokenType.Option)
                continue;
            var option = command.Options.FirstOrDefault(option => option.Name == parse.Tokens[i].Value || option.Aliases.Contains(parse.Tokens[i].Value));
            return option is { HelpName: "file" or "path" } ? new(option.Name, option.ValueType.IsArray) : null;
        }

        return null;
    }

    private sealed record FileOption(string Name, bool AllowsMany);

    private static string Suggestion(string given, IEnumerable<string> names)
    {
        var (nearest, distance) = names.Select(name => (name, EditDistance.Between(name, given))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, given.Length / 3) ? $" Did you mean '{nearest}'?" : "";
    }
}
