using System.CommandLine;
using System.CommandLine.Invocation;

namespace NextItem.Cli.Commands;

/// <summary>A command whose help ends with examples, which the list of commands does not repeat.</summary>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>What a user could type, without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>The usual help, then the examples.</summary>
    internal sealed class HelpAction(SynchronousCommandLineAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = usual.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not CommandWithExamples command)
                return result;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(command.Examples.Count > 1 ? "Examples:" : "Example:");
            foreach (var example in command.Examples)
                output.WriteLine($"  nextitem {example}");
            output.WriteLine();
            return result;
        }
    }
}
