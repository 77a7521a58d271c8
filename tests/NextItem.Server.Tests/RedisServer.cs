using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NextItem.Server.Tests;

/// <summary>A Redis of a test's own on a free port. What it acknowledged is on the disk: it can be killed and started again.</summary>
internal sealed class RedisServer : IDisposable
{
    /// <summary>Why a test is skipped.</summary>
    public const string Missing = "no redis-server at /usr/bin/redis-server or /usr/local/bin/redis-server";

    private static readonly string[] s_places = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"];

    private readonly TempFolder _folder = new();
    private readonly int _port;
    private Process? _process;

    private RedisServer(int port) => _port = port;

    /// <summary>The program; null where there is none.</summary>
    public static string? Program => s_places.FirstOrDefault(File.Exists);

    public string Address => $"127.0.0.1:{_port}";

    public static async Task<RedisServer> Start()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var server = new RedisServer(((IPEndPoint)free.LocalEndpoint).Port);
        free.Stop();
        await server.StartAgain();
        return server;
    }

    /// <summary>Starts it with what it had kept.</summary>
    public async Task StartAgain()
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--save", "", "--appendonly", "yes", "--appendfsync", "always" })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        for (var tries = 0; await Answer("PING") != "+PONG"; tries++)
        {
            Assert.True(tries < 1000 && !_process.HasExited, $"redis-server does not answer on port {_port}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it at once, as a failing machine would.</summary>
    public void Kill()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    /// <summary>The first line that it answers to a command; null where it does not.</summary>
    public async Task<string?> Answer(string command)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }
}
