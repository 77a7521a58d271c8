using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace NextItem.Server.Tests;

/// <summary>A headless Chromium that one test drives over its DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] s_places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Process _process;
    private readonly TempFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _time = new(TimeSpan.FromSeconds(60)); // a browser that hangs fails the test
    private int _sent;

    private Browser(Process process, TempFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>The program; null where there is none.</summary>
    public static string? Program => s_places.FirstOrDefault(File.Exists);

    /// <summary>Every address that the page asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Errors of the page's script and of its policy.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<Browser> Start(int width, int height)
    {
        var profile = new TempFolder();
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", $"--window-size={width},{height}", "about:blank" })
            start.ArgumentList.Add(argument);
        var browser = new Browser(Process.Start(start)!, profile);
        try
        {
            await browser.Connect(width, height);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task<JsonElement> Open(string address) => Send("Page.navigate", new { url = address });

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonElement> Value(string expression)
    {
        var result = await Send("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        Assert.False(result.TryGetProperty("exceptionDetails", out var fault), $"{expression}: {fault}");
        return result.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Waits until an expression holds.</summary>
    public async Task Until(string expression)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if ((await Value(expression)).ValueKind == JsonValueKind.True)
                return;
            await Task.Delay(20, _time.Token);
        }

        Assert.Fail($"'{expression}' did not come true. The page: {await Value("document.body.innerText")} Errors: {string.Join('\n', Errors)}");
    }

    /// <summary>Presses a key as a person does.</summary>
    public async Task Press(string key, int code, string? text = null)
    {
        await Send("Input.dispatchKeyEvent", new { type = "keyDown", key, windowsVirtualKeyCode = code, text = text ?? "" });
        await Send("Input.dispatchKeyEvent", new { type = "keyUp", key, windowsVirtualKeyCode = code });
    }

    /// <summary>A picture of the whole page, beside the test's program, to be looked at.</summary>
    public async Task Picture(string name)
    {
        var picture = await Send("Page.captureScreenshot", new { captureBeyondViewport = true });
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), picture.GetProperty("data").GetBytesFromBase64(), _time.Token);
    }

    public async Task<JsonElement> Send(string method, object parameters)
    {
        var id = ++_sent;
        var message = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters });
        await _socket.SendAsync(message, WebSocketMessageType.Text, true, _time.Token);
        while (true)
        {
            var reply = await Receive();
            if (reply.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
            {
                Assert.False(reply.TryGetProperty("error", out var error), $"{method}: {error}");
                return reply.GetProperty("result");
            }

            Note(reply);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _time.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Task.Delay(100); // its helpers write into the folder to the last
        try
        {
            _profile.Dispose();
        }
        catch (IOException)
        {
            // A helper still does; the folder is the system's to clean.
        }
    }

    private async Task Connect(int width, int height)
    {
        var ct = _time.Token;
        string? line;
        while ((line = await _process.StandardError.ReadLineAsync(ct)) is not null && !line.Contains("DevTools listening on ", StringComparison.Ordinal))
        {
        }

        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None); // so that it never waits to be read
        Assert.True(line is not null, "Chromium ended before it listened");
        using var client = new HttpClient();
        var port = new Uri(line!.Split("listening on ")[1]).Port;
        using var pages = JsonDocument.Parse(await client.GetStringAsync($"http://127.0.0.1:{port}/json/list", ct));
        var page = pages.RootElement.EnumerateArray().First(page => page.GetProperty("type").GetString() == "page");
        await _socket.ConnectAsync(new Uri(page.GetProperty("webSocketDebuggerUrl").GetString()!), ct);
        foreach (var domain in new[] { "Network", "Page", "Runtime", "Log" })
            await Send($"{domain}.enable", new { });
        await Send("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });
    }

    private void Note(JsonElement told)
    {
        switch (told.GetProperty("method").GetString())
        {
            case "Network.requestWillBeSent":
                Requests.Add(told.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!);
                break;
            case "Runtime.exceptionThrown" or "Log.entryAdded":
                Errors.Add(told.GetProperty("params").GetRawText());
                break;
        }
    }

    private async Task<JsonElement> Receive()
    {
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _time.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(text.ToArray()));
        return json.RootElement.Clone();
    }
}
