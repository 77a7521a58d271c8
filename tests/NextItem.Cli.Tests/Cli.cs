using System.Diagnostics;
using System.Text.Json;

namespace NextItem.Cli.Tests;

/// <summary>What a run of the command line gave.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Lines of the errors, for messages of one or two lines.</summary>
    public string[] ErrorLines => Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails, with everything that was printed, unless the command succeeded and printed the texts.</summary>
    public CliResult Succeeded(params string[] texts)
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Errors}\n{Output}");
        Assert.All(texts, text => Assert.Contains(text, Output, StringComparison.Ordinal));
        return this;
    }

    /// <summary>Fails unless the command failed with this code, told the texts, and left no stack trace.</summary>
    public CliResult Failed(int exitCode, params string[] texts)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Errors}\n{Output}");
        Assert.All(texts, text => Assert.Contains(text, Errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Assert.StartsWith("nextitem: ", Errors, StringComparison.Ordinal);
        return this;
    }
}

/// <summary>Runs the command line, in this process or as one of its own.</summary>
internal static class Cli
{
    /// <summary>Command and arguments that start the program as a process of its own.</summary>
    public static string[] Program { get; } = ["dotnet", typeof(CommandLine).Assembly.Location];

    /// <summary>Runs in this process.</summary>
    public static async Task<CliResult> Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var exitCode = await CommandLine.RunAsync(args, output, errors);
        return new CliResult(exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Runs with <c>--json</c> and reads what was written there.</summary>
    public static async Task<JsonElement> RunForJson(TempFolder folder, params string[] args)
    {
        var file = folder.NewPath(".json");
        (await Run([.. args, "--json", file])).Succeeded();
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        return json.RootElement.Clone();
    }

    /// <summary>Starts any program with its output kept.</summary>
    public static Process Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Runs any program to its end.</summary>
    public static async Task<CliResult> RunProcess(params string[] command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Whether the programs are on the path and run without a fault.</summary>
    public static async Task<bool> Has(params string[][] commands)
    {
        foreach (var command in commands)
        {
            try
            {
                if ((await RunProcess(command)).ExitCode != 0)
                    return false;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }

        return true;
    }
}
