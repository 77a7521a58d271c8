using System.Diagnostics;
using System.Text;
using System.Text.Json;
using NextItem.Server.Tests;

namespace NextItem.Server.Orleans.Tests;

/// <summary>A server as a process of its own, as <c>nextitem serve</c> starts it: it can be killed, frozen, and asked to stop.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly string s_program = Path.Combine(Repository.Root, "artifacts", "bin", "NextItem.Cli", Repository.Configuration, "NextItem.Cli.dll");

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ServerProcess(Process process)
    {
        _process = process;
        // From the start: a server whose log nobody reads stands still when the pipe is full.
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new();

    public Uri Address => Client.BaseAddress!;

    /// <summary>What it said of errors and in its log.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Starts a server of the cluster in a Redis and waits until it serves.</summary>
    public static async Task<ServerProcess> Start(string model, RedisServer redis)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { s_program, "serve", "--model", model, "--cluster", $"redis://{redis.Address}", "--silo-port", "0", "--urls", "http://127.0.0.1:0", "--max-session-events", "10000" })
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var server = new ServerProcess(process);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (line?.Contains(" on http://", StringComparison.Ordinal) != true)
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Fail($"{line}\n{server.Errors}");
        }

        server.Client.BaseAddress = new Uri(line.Split(" on ")[1].Split(';')[0]);
        return server;
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends a signal.</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Its exit code, when it has ended.</summary>
    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Items and scores for a stored session.</summary>
    public async Task<(string, double)[]> Recommend(string sessionId)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { sessionId }), Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync("/v1/recommendations", body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("itemId").GetString()!, item.GetProperty("score").GetDouble()))];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        Client.Dispose();
    }
}
