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
        foreach (var message in Unmatched(command, parse.UnmatchedTokens))
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

    private static IEnumerable<string> Unmatched(Command command, IReadOnlyList<string> tokens)
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
                yield return $"'{tokens[i]}' belongs to no option; values follow an option, as in --name value.";
            }
        }
    }

    private static string Suggestion(string given, IEnumerable<string> names)
    {
        var (nearest, distance) = names.Select(name => (name, EditDistance.Between(name, given))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(2, given.Length / 3) ? $" Did you mean '{nearest}'?" : "";
    }
}
