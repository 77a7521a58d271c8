using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NextItem.Fuzz.Mutation;
using NextItem.Server;

namespace NextItem.Fuzz.Targets;

/// <summary>The bodies of all requests of a server that runs in this process: each is answered, and never with a failure of the server.</summary>
internal sealed class BodyTarget : FuzzTarget
{
    private static readonly (HttpMethod Method, string Path)[] s_doors =
    [
        (HttpMethod.Post, "/v1/recommendations"),
        (HttpMethod.Post, "/v1/events"),
        (HttpMethod.Post, "/v1/sessions/s1/events"),
        (HttpMethod.Put, "/v1/items"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("nextitem-fuzz-").FullName;
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Failures _failures = new();
    private NextItemServer? _server;

    public override string Name => "body";

    public override IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. new[]
        {
            "null", "true", "false", "{}", "[]", "\"\"", "\"", "{", "}", "[", "]", ",", ":", "-1", "0", "1e400", "1.5", "2147483648", "\\ud800", "\\u0000", "\\", "[[[[[[[[[[[[[[[[",
            "\"sessionId\":", "\"items\":", "\"numResults\":", "\"exclude\":", "\"allow\":", "\"deny\":", "\"filter\":", "\"explain\":true", "\"consent\":false", "\"visitorId\":", "\"store\":true",
            "\"eventType\":", "\"itemId\":", "\"sentAt\":", "\"eventId\":", "\"recommendationId\":", "\"events\":", "\"title\":", "\"categories\":", "\"available\":",
            "events >= 3", "NOT (", "category IN ('a'", "title != ''", " OR itemId = 'i1'", "((((((((((((((((((", "NOT NOT NOT NOT ", "2026-01-02T10:00:00Z", "9999-12-31T23:59:59Z", "view_item", "i1", "🛒",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF],
    ];

    public override byte[] Changed(byte[] input, Random random) => JsonTexts.Changed(input, random);

    public override Outcome Take(byte[] input)
    {
        _server ??= Start();
        var refused = 0;
        foreach (var (method, path) in s_doors)
        {
            var answer = Ask(method, path, input);
            if ((int)answer.Status >= 500)
                throw new InvalidOperationException($"{method} {path} is answered with {(int)answer.Status}: {answer.Body}", _failures.Last);
            using var json = JsonDocument.Parse(answer.Body);
            if ((int)answer.Status >= 400 && (json.RootElement.GetProperty("detail").GetString() is not { Length: > 0 } || json.RootElement.GetProperty("code").GetString() is not { Length: > 0 }))
                throw new InvalidOperationException($"{method} {path} is answered without a code or a detail: {answer.Body}");
            refused += (int)answer.Status >= 400 ? 1 : 0;
        }

        return refused == s_doors.Length ? Outcome.Refused : Outcome.Read;
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => new (string Name, string Json)[]
    {
        ("items.json", """{"items":["i1","i2"],"numResults":5,"exclude":["i3"],"explain":true,"visitorId":"v"}"""),
        ("session.json", """{"sessionId":"s1","numResults":3,"allow":["i1","i2","i3"],"deny":["i2"]}"""),
        ("store.json", """{"sessionId":"s2","items":["i1","nothing"],"store":true,"consent":true}"""),
        ("filter.json", """{"items":["i1"],"filter":"category IN ('shoes', 'socks') AND NOT (title = 'It''s' OR events < 3) OR itemId != 'i4'"}"""),
        ("event.json", """{"itemId":"i5","eventType":"view_item","sentAt":"2026-01-02T10:00:00Z","eventId":"e1","recommendationId":"r1","numResults":2}"""),
        ("events.json", """{"sessionId":"s1","consent":true,"events":[{"eventType":"view","itemId":"i1","sentAt":"2026-01-02T10:00:00+01:00","eventId":"e1"},{"itemId":"i2"},null]}"""),
        ("catalogue.json", """{"items":[{"itemId":"i1","title":"Shoe \u00e9","categories":["shoes","sale"],"available":true},{"itemId":"new","available":false}]}"""),
    }.Select(seed => (seed.Name, Encoding.UTF8.GetBytes(seed.Json)));

    public override void Dispose()
    {
        if (_server is not null)
            _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
        base.Dispose();
    }

    private (HttpStatusCode Status, string Body) Ask(HttpMethod method, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = _client.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream(), Encoding.UTF8);
        return (response.StatusCode, reader.ReadToEnd());
    }

    private NextItemServer Start()
    {
        var model = Path.Combine(_folder, "shop.nextitem");
        using (var file = File.Create(model))
            ModelFile.Save(file, SmallShop.Served());
        var server = NextItemServer.StartAsync(
            new ServerOptions { ModelPath = model, Urls = ["http://127.0.0.1:0"], MaxSessions = 100 },
            logging => logging.AddProvider(_failures)).GetAwaiter().GetResult();
        _client.BaseAddress = new Uri(server.Urls.First());
        return server;
    }

    /// <summary>Keeps the last failure that the server logs.</summary>
    private sealed class Failures : ILoggerProvider, ILogger
    {
        public Exception? Last { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Last = exception ?? Last;

        public void Dispose()
        {
        }
    }
}
