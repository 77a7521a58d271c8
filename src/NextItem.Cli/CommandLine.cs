using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using NextItem.Cli.Commands;
using NextItem.Cli.Output;
using NextItem.Cli.Tuning;

namespace NextItem.Cli;

/// <summary>The command line as a whole: commands and how failures are told.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">As given to the program.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="errors">Receives failures, one or two lines each.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default)
    {
        var terminal = new Terminal(output, errors);
        var root = new RootCommand("NextItem recommends the next item of an anonymous visitor's session.")
        {
            DemoCommand.Create(terminal),
            PrepareCommand.Create(terminal),
            TrainCommand.Create(terminal),
            TuneCommand.Create(terminal),
            AddItemsCommand.Create(terminal),
            FuseCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            CompareCommand.Create(terminal),
            RecommendCommand.Create(terminal),
            SimilarCommand.Create(terminal),
            InspectCommand.Create(terminal),
            ExportCommand.Create(terminal),
            ImportCommand.Create(terminal),
            ServeCommand.Create(terminal),
            FeedbackCommand.Create(terminal),
        };
        root.Description += "\n\nStart with: nextitem demo";
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new CommandWithExamples.HelpAction((SynchronousCommandLineAction)help.Action!);

        // Item keys are any strings: '@key' is no response file.
        var parse = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
        {
            foreach (var message in UsageErrors.Of(parse))
                errors.WriteLine($"nextitem: {message}");
            var command = parse.CommandResult.Command == root ? "" : $"{parse.CommandResult.Command.Name} ";
            errors.WriteLine($"See: nextitem {command}--help");
            return ExitCodes.WrongUsage;
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = errors,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // StopSignals: the library's own handler fails at a second signal
            };
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception e)
        {
            var message = FailureMessage.Of(e);
            foreach (var line in message.Lines)
                errors.WriteLine($"nextitem: {line}");
            return message.ExitCode;
        }
    }
}
