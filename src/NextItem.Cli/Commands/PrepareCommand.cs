using System.CommandLine;
using NextItem.Cli.Output;
using NextItem.Preparation;

namespace NextItem.Cli.Commands;

/// <summary><c>prepare</c>: a raw log in; training, test and validation files and a report of every step out.</summary>
internal static class PrepareCommand
{
    public static Command Create(Terminal terminal)
    {
        var options = new PrepareOptions();
        var json = CommonOptions.Json();
        var command = new CommandWithExamples(
            "prepare",
            "Makes training, test and validation files of a raw log: sessions, filters, a split by time. What is not given follows the format's published preprocessing.",
            "prepare --input clicks.csv --out prepared",
            "prepare --format yoochoose --input yoochoose-data --out yoochoose",
            "prepare --input 'logs/*.parquet' --user-column visitor --item-column product --time-column when --gap 30m --event-types view --split 7d --out prepared",
            "prepare --input postgres://reader@localhost/shop --table clicks --out prepared",
            "prepare --input clicks.csv --print-sql");
        options.AddTo(command);
        command.Add(json);

        command.SetAction((parse, cancellationToken) =>
        {
            var asked = options.Of(parse);
            options.Validate(asked);
            if (parse.GetValue(options.PrintSql))
            {
                terminal.Out.Write(SessionPreparer.Sql(asked, cancellationToken));
                return Task.FromResult(ExitCodes.Success);
            }

            var file = parse.GetValue(json);
            Files.RequireWritable("--json", file, [.. asked.Inputs.Where(File.Exists).Select(path => new FileInfo(path))]);
            CommonOptions.WarnOfThreads(terminal, asked.Threads);
            var reporter = new PreparationReporter(terminal, TimeProvider.System);
            var report = reporter.Run(progress => SessionPreparer.Prepare(asked, progress, cancellationToken));
            PreparationTables.Write(terminal, asked.OutputFolder, report, reporter.Timings);
            if (file is not null)
                Data.AtomicFile.Write(file.FullName, stream => PreparationTables.WriteJson(stream, report, reporter.Timings));
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }
}
