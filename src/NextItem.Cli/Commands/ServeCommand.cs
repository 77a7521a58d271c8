using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NextItem.Cli.Output;
using NextItem.Server;
using NextItem.Server.Orleans;

namespace NextItem.Cli.Commands;

/// <summary><c>serve</c>: recommendations for live sessions over HTTP, until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var config = new Option<FileInfo?>("--config") { HelpName = "file", Description = "JSON file of these settings, names in camel case; environment variables (NEXTITEM_SERVE_SESSION_IDLE) go before it, options before both" };
        var settings = ServerSettings.All.ToDictionary(setting => setting, OptionOf);
        var command = new CommandWithExamples(
            "serve",
            "Answers over HTTP: recommendations for live sessions, and a page to try it. Stops at Ctrl+C, when what was asked is answered.",
            "serve --model shop.nextitem",
            "serve --model shop.nextitem --model-b candidate.nextitem --split-b 0.2 --rules rules.json",
            "serve --model shop.nextitem --cluster redis://10.0.0.7:6379 --urls http://0.0.0.0:8080",
            "serve --model shop.nextitem --names items.tsv --urls http://0.0.0.0:8080 --session-idle 1h")
        {
            config,
        };
        foreach (var option in settings.Values)
            command.Add(option);

        command.SetAction(async (parse, cancellationToken) =>
        {
            var given = settings
                .Where(pair => parse.GetResult(pair.Value) is { Implicit: false })
                .Select(pair => KeyValuePair.Create(pair.Key.Name, pair.Value is Option<bool> flag ? parse.GetValue(flag).ToString() : parse.GetValue((Option<string?>)pair.Value)!));
            if (parse.GetValue(config) is { Exists: false } missing)
                throw new RunException($"--config {missing} does not exist; expected a JSON file of settings.");
            var options = ServerSettings.Read(parse.GetValue(config)?.ToString(), Environment.GetEnvironmentVariables(), given);
            await RunAsync(terminal, options, cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Option OptionOf(ServerSetting setting) => setting.IsFlag
        ? new Option<bool>($"--{setting.Name}") { Description = setting.Description }
        : new Option<string?>($"--{setting.Name}") { HelpName = setting.ValueName, Description = setting.Description };

    private static async Task RunAsync(Terminal terminal, ServerOptions options, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(terminal, options, cancellationToken);
        if (options.ApiKeysPath is null && options.Urls.Any(url => !new Uri(url).IsLoopback))
            terminal.Errors.WriteLine("nextitem: warning: other machines may reach this server, and no API keys are asked for; --api-keys names a file of them.");
        var models = options.ModelBPath is { } second ? $"{options.ModelPath} (A) and {second} (B, {options.SplitB ?? 0.5:P0} of the sessions)" : options.ModelPath;
        terminal.Out.WriteLine($"serving {models} on {string.Join(", ", server.Urls)}; Ctrl+C stops it");
        terminal.Out.Flush();
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(stop.SetResult);
        if (await Task.WhenAny(stop.Task, server.BrokenDown) == server.BrokenDown)
        {
            await server.StopAsync(CancellationToken.None);
            throw new RunException(await server.BrokenDown);
        }

        await server.StopAsync(CancellationToken.None);
        terminal.Out.WriteLine("stopped; everything that was asked is answered");
    }

    private static async Task<NextItemServer> StartAsync(Terminal terminal, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return options.Cluster is null
                ? await NextItemServer.StartAsync(options, logging => Log(logging, terminal), cancellationToken: cancellationToken)
                : await OrleansServer.StartAsync(options, logging => Log(logging, terminal), cancellationToken: cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new RunException($"{e.Message.TrimEnd('.')}; --urls {FreeUrls.Beside(options.Urls)} is free.", e);
        }
        catch (Exception e) when (e is ModelFileException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // Fails too, in the words of the other commands.
            Files.LoadModel(new FileInfo(options.ModelPath)).Dispose();
            if (options.ModelBPath is { } second)
                Files.LoadModel(new FileInfo(second)).Dispose();
            throw;
        }
    }

    /// <summary>What the server says of itself, and of the framework what is wrong.</summary>
    private static void Log(ILoggingBuilder logging, Terminal terminal)
    {
        logging.AddFilter((category, level) => level >= (category?.StartsWith("NextItem.", StringComparison.Ordinal) == true ? LogLevel.Information : LogLevel.Warning));
        logging.Services.AddSingleton<ILoggerProvider>(new LineLog(terminal.Errors));
    }
}
