using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace NextItem.Cli.Tests;

/// <summary><c>serve</c> as a process of its own.</summary>
public sealed class ServeTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gru4rec")]
    [InlineData("markov")]
    public async Task Answers_EqualThoseOfRecommend(string algorithm)
    {
        var model = algorithm == "markov" ? shop.Markov : shop.Gru4Rec;
        using var server = await Start("--model", model, "--names", shop.Names);
        using var client = new HttpClient { BaseAddress = server.Address };
        var items = new[] { shop.Items.First, shop.Items.Second };

        var recommended = await Cli.RunForJson(_folder, "recommend", "--model", model, "--items", string.Join(',', items), "--names", shop.Names, "--top", "12");
        var served = await Post(client, "/v1/recommendations", new { items, numResults = 12 });

        Assert.Equal(Rows(recommended), Rows(served));
        Assert.Equal(recommended.GetProperty("fallback").GetString(), served.GetProperty("fallback").GetString());
        Assert.Equal(0, await server.Stop());
    }

    [Fact]
    public async Task Sigterm_UnderLoad_AnswersWhatWasAsked_AndExitsWith0()
    {
        using var server = await Start("--model", shop.Gru4Rec);
        using var client = new HttpClient { BaseAddress = server.Address };
        var answered = 0;
        var clients = Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            using var own = new HttpClient { BaseAddress = server.Address };
            while (true)
            {
                try
                {
                    await Post(own, "/v1/recommendations", new { items = new[] { shop.Items.First } });
                    Interlocked.Increment(ref answered);
                }
                catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded || e.InnerException is IOException)
                {
                    return; // it listens no more: nothing was half answered
                }
            }
        })).ToArray();
        while (Volatile.Read(ref answered) < 100)
            await Task.Delay(10, TestContext.Current.CancellationToken);

        Assert.Equal(0, await server.Stop());
        await Task.WhenAll(clients);
        Assert.Contains("stopped", server.Output, StringComparison.Ordinal);
        Assert.Equal("nextitem: stopping ... What was asked is answered first. Once more, in a while, ends it at once: requests under way get no answer.\n", server.Errors);
    }

    [Fact]
    public async Task Settings_ComeFromAFile()
    {
        var config = _folder.Text($$"""{"model": {{JsonSerializer.Serialize(shop.Gru4Rec)}}, "excludeSeen": true}""", ".json");
        using var server = await Start("--config", config);
        using var client = new HttpClient { BaseAddress = server.Address };

        var served = await Post(client, "/v1/recommendations", new { items = new[] { shop.Items.First }, numResults = SmallShop.ItemCount });

        Assert.DoesNotContain(Rows(served), row => row.Key == shop.Items.First);
        Assert.Equal(SmallShop.ItemCount - 1, Rows(served).Length);
    }

    [Fact]
    public async Task WhatIsWrong_IsToldInALine()
    {
        var nonsense = _folder.Text("nonsense");
        (await Cli.Run("serve", "--model", nonsense)).Failed(1, nonsense);
        (await Cli.Run("serve", "--model", shop.Train)).Failed(1, "looks like an event file");
        (await Cli.Run("serve", "--model", "no-such-file")).Failed(1, "no-such-file does not exist");
        (await Cli.Run("serve")).Failed(2, "The model is missing; expected --model");
        (await Cli.Run("serve", "--model", "m", "--session-idle", "soon", "--max-sessions", "x")).Failed(2, "--session-idle is 'soon'", "--max-sessions is 'x'");
        (await Cli.Run("serve", "--model", "m", "--urls", "https://localhost")).Failed(2, "urls has 'https://localhost'");
        (await Cli.Run("serve", "--config", "no-such-file")).Failed(1, "--config no-such-file does not exist");
        (await Cli.Run("serve", "--config", _folder.Text("""{"modell": "m"}""", ".json"))).Failed(2, "modell is no setting; expected of model,");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--items", nonsense)).Failed(1, nonsense);
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--names", nonsense)).Failed(1, nonsense);
        var noNames = (await Cli.Run("serve", "--model", shop.Gru4Rec, "--names", shop.Train)).Failed(1, "there is no column 'Name'", $"\"{shop.Train}:item=ItemId;name=COLUMN\"");
        Assert.DoesNotContain("nameColumn", noNames.Errors, StringComparison.Ordinal);
        (await Cli.Run("serve", "--model", "m", "--names", "n.tsv:titel=x")).Failed(2, "names is 'n.tsv:titel=x'; expected a file", "'titel' is neither");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--api-keys", nonsense)).Failed(1, nonsense, "8 characters; expected at least 16");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--api-keys", "no-such-file")).Failed(1, "no-such-file");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--cluster", "redis://127.0.0.1:1")).Failed(1, "Redis at 127.0.0.1:1 cannot be reached; expected one that answers");
        (await Cli.Run("serve", "--model", "m", "--cluster", "memory", "--store", "memory")).Failed(2, "store and cluster are both given; expected one of them");
        (await Cli.Run("serve", "--model", "m", "--cluster", "http://r:1", "--silo-port", "x")).Failed(2, "--silo-port is 'x'; expected a whole number.");

        using var taken = Listening(21_000);
        var refused = (await Cli.Run("serve", "--model", shop.Gru4Rec, "--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}")).Failed(1, "address already in use; --urls http://127.0.0.1:", " is free.");
        var free = new Uri(refused.Errors.Split("--urls ")[1].Split(' ')[0]).Port;
        Assert.NotEqual(((IPEndPoint)taken.LocalEndpoint).Port, free);
        using var another = new System.Net.Sockets.TcpListener(IPAddress.Loopback, free);
        another.Start();
    }

    /// <summary>Listens on the first free port from one on, below those that the system gives to connections: so the next one stays free meanwhile.</summary>
    private static System.Net.Sockets.TcpListener Listening(int port)
    {
        while (true)
        {
            var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, port++);
            try
            {
                listener.Start();
                return listener;
            }
            catch (System.Net.Sockets.SocketException)
            {
                listener.Dispose();
            }
        }
    }

    private static (string Key, double Score, string? Title)[] Rows(JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("itemId").GetString()!, item.GetProperty("score").GetDouble(), item.TryGetProperty("title", out var title) ? title.GetString() : null))];

    private static async Task<JsonElement> Post(HttpClient client, string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>Starts a server on a free port and waits until it serves.</summary>
    private static async Task<Running> Start(params string[] args)
    {
        var process = Cli.Start([.. Cli.Program, "serve", .. args, "--urls", "http://127.0.0.1:0"]);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(line?.Contains(" on http://", StringComparison.Ordinal) == true, line ?? await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        return new Running(process, new Uri(line!.Split(" on ")[1].Split(';')[0]));
    }

    private sealed class Running(Process process, Uri address) : IDisposable
    {
        public Uri Address => address;

        /// <summary>What it said at its end.</summary>
        public string Output { get; private set; } = "";

        /// <summary>Its messages.</summary>
        public string Errors { get; private set; } = "";

        /// <summary>Asks it to stop and waits for it; the exit code.</summary>
        public async Task<int> Stop()
        {
            (await Cli.RunProcess("kill", "-TERM", $"{process.Id}")).Succeeded();
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Errors = await errors;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }
}
