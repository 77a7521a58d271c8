using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace NextItem.Server.Tests;

/// <summary>An answer with its status.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, HttpContentHeaders Headers)
{
    public JsonElement Json { get; } = Text.Length == 0 || Text[0] is not ('{' or '[') ? default : JsonDocument.Parse(Text).RootElement.Clone();

    /// <summary>The keys of the recommended items.</summary>
    public string[] Items => [.. Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("itemId").GetString()!)];

    /// <summary>Items and scores, as numbers and not as text.</summary>
    public (string Key, double Score)[] Scored =>
        [.. Json.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("itemId").GetString()!, item.GetProperty("score").GetDouble()))];

    public string Word(string name) => Json.GetProperty(name).GetString()!;

    /// <summary>Fails, with what came, unless the request succeeded.</summary>
    public Reply Ok()
    {
        Assert.True((int)Status is >= 200 and < 300, $"{(int)Status}: {Text}");
        return this;
    }

    /// <summary>Fails unless the request was refused with problem details that have the code and the texts.</summary>
    public void Refused(int status, string code, params string[] texts)
    {
        Assert.True((int)Status == status && Headers.ContentType?.MediaType == "application/problem+json", $"{(int)Status} {Headers.ContentType}: {Text}");
        Assert.Equal((code, status), (Word("code"), Json.GetProperty("status").GetInt32()));
        Assert.All(texts, text => Assert.Contains(text, Word("detail"), StringComparison.Ordinal));
    }
}

/// <summary>Starts a server.</summary>
internal delegate Task<NextItemServer> Starter(ServerOptions options, Action<ILoggingBuilder>? logging, TimeProvider? time, CancellationToken cancellationToken);

/// <summary>A server on a port of its own, and a client of it.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly LogLines _log;

    private Served(NextItemServer server, LogLines log)
    {
        (Server, _log) = (server, log);
        Client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
    }

    public NextItemServer Server { get; }

    public HttpClient Client { get; }

    /// <summary>What the server logged.</summary>
    public string Log => _log.Text;

    /// <summary>Starts a server of a model.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="change">From the options of a server on a free port to those that it shall have.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    /// <param name="start">How it is started; null for a server of its own.</param>
    public static async Task<Served> Start(string model, Func<ServerOptions, ServerOptions>? change = null, TimeProvider? time = null, Starter? start = null)
    {
        var options = new ServerOptions { ModelPath = model, Urls = ["http://127.0.0.1:0"] };
        var log = new LogLines();
        var server = await (start ?? NextItemServer.StartAsync)(change?.Invoke(options) ?? options, logging => logging.AddProvider(log), time, TestContext.Current.CancellationToken);
        return new Served(server, log);
    }

    public Task<Reply> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Reply> Post(string path, string json) => Send(HttpMethod.Post, path, json);

    public Task<Reply> Put(string path, string json) => Send(HttpMethod.Put, path, json);

    public Task<Reply> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <summary>Recommendations for items.</summary>
    public async Task<Reply> Recommend(IEnumerable<string> items, string more = "") =>
        (await Post("/v1/recommendations", $$"""{"items":{{JsonSerializer.Serialize(items)}}{{more}}}""")).Ok();

    /// <summary>Recommendations for a stored session.</summary>
    public async Task<Reply> Recommend(string sessionId, string more = "") =>
        (await Post("/v1/recommendations", $$"""{"sessionId":{{JsonSerializer.Serialize(sessionId)}}{{more}}}""")).Ok();

    /// <summary>Views of items.</summary>
    public async Task<Reply> View(string sessionId, params IEnumerable<string> items) =>
        (await Post("/v1/events", JsonSerializer.Serialize(new { sessionId, events = items.Select(itemId => new { itemId }) }))).Ok();

    public async Task<Reply> Send(HttpMethod method, string path, string? json, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, type);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Content.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public string Text
        {
            get
            {
                lock (_lines)
                    return string.Join('\n', _lines);
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add($"{logLevel} {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
