using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NextItem.Server.Feedback;

namespace NextItem.Server.Tests.Feedback;

/// <summary>The files that a running server writes.</summary>
public sealed class FeedbackLogTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EventsAndLists_AreInTheFiles_AsTheyWere()
    {
        string shown, shownLater, version;
        string[] items;
        await using (var server = await Start(options => options with { ModelBPath = shop.OtherModel, SplitB = 0.05 }))
        {
            var list = await server.Recommend([shop.Keys[0]], ""","numResults":3""");
            (shown, items) = (list.Word("recommendationId"), list.Items);
            (await server.Post("/v1/events", $$"""
                {"sessionId":"s1","consent":true,"events":[
                  {"itemId":"{{items[1]}}","eventType":"detail-page-view","eventId":"e1","recommendationId":"{{shown}}","sentAt":"2026-01-02T10:00:00+01:00"},
                  {"itemId":"","eventId":"bad"},{"itemId":"new-ü","eventType":"purchase"},{"itemId":"again","eventId":"e1"}]}
                """)).Ok();
            (await server.Post("/v1/events", $$"""{"sessionId":"s1","events":[{"itemId":"again","eventId":"e1"}]}""")).Ok();
            var later = (await server.Post("/v1/sessions/s1/events", $$"""{"itemId":"{{shop.Keys[5]}}","numResults":2}""")).Ok();
            (shownLater, version) = (later.Word("recommendationId"), later.Json.GetProperty("model").GetProperty("version").GetString()!);
            await Written(server, 5);
        }

        var events = Lines("events");
        Assert.Equal(3, events.Length);
        Assert.Equal(
            [$"s1|{items[1]}|view|e1|{shown}|B|2026-01-02T10:00:00+01:00", "s1|new-ü|purchase||||", $"s1|{shop.Keys[5]}|view||||"],
            events.Select((line, i) => string.Join('|', new[] { "session_id", "item_id", "event_type", "event_id", "recommendation_id", i == 0 ? "variant" : "none", "sent_at" }.Select(name => line.TryGetProperty(name, out var value) ? value.GetString() : ""))));
        Assert.All(events, line => Assert.Equal("B", line.GetProperty("variant").GetString()));
        var lists = Lines("lists");
        Assert.Equal([shown, shownLater], lists.Select(line => line.GetProperty("recommendation_id").GetString()));
        Assert.False(lists[0].TryGetProperty("session_id", out _));
        Assert.Equal(("A", "s1", "B", version), (lists[0].GetProperty("variant").GetString(), lists[1].GetProperty("session_id").GetString(), lists[1].GetProperty("variant").GetString(), lists[1].GetProperty("model_version").GetString()));
        Assert.Equal(
            items.Select((item, i) => (item, i + 1, "model")),
            lists[0].GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("item_id").GetString()!, item.GetProperty("position").GetInt32(), item.GetProperty("source").GetString()!)));

        // The order of what happened is that of the times, to the microsecond.
        var times = events.Concat(lists).Select(line => line.GetProperty("timestamp").GetString()!).ToArray();
        Assert.All(times, time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", time));
        Assert.Equal([times[3], times[0], times[1], times[2], times[4]], times.Order(StringComparer.Ordinal));
        Assert.Equal(5, times.Distinct().Count());
    }

    [Fact]
    public async Task WithoutConsent_NothingIsWritten_AndTheSessionIsForgotten()
    {
        await using (var server = await Start())
        {
            await server.View("s1", shop.Keys[0], shop.Keys[1]);
            await Written(server, 2);
            (await server.Post("/v1/events", $$"""{"sessionId":"s2","consent":false,"events":[{"itemId":"{{shop.Keys[0]}}"}]}""")).Ok();
            (await server.Post("/v1/sessions/s2/events", $$"""{"itemId":"{{shop.Keys[0]}}","consent":false}""")).Ok();
            await server.Recommend([shop.Keys[0]], ""","consent":false""");
            (await server.Get($"/v1/recommendations?items={shop.Keys[0]}&consent=false")).Ok();
            Assert.Equal("none", (await server.Recommend("s1", ""","consent":true""")).Word("fallback"));
            Assert.Equal("popular", (await server.Recommend("s1", ""","consent":false""")).Word("fallback"));
            Assert.Equal("popular", (await server.Recommend("s1")).Word("fallback"));
            (await server.Post("/v1/recommendations", """{"sessionId":"s3","items":["a"],"store":true,"consent":false}""")).Refused(400, "invalid-request", "store is true and consent is false");
            await Written(server, 4);
        }

        Assert.Equal(2, Lines("events").Length);
        Assert.Equal(2, Lines("lists").Length); // the two that consent
    }

    [Fact]
    public async Task WithoutASetting_NothingIsWritten()
    {
        await using var server = await Served.Start(shop.Model);
        await server.View("s1", shop.Keys[0]);
        Assert.False((await server.Get("/v1/model")).Json.TryGetProperty("feedback", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/feedback")]
    public async Task Folder_ThatIsAFileOrInOne_IsToldAsSuch(string below)
    {
        await File.WriteAllTextAsync(Path, "s,i,1", TestContext.Current.CancellationToken);

        var error = Assert.Throws<IOException>(() => new FeedbackLog(Path + below, TimeProvider.System, NullLogger<FeedbackLog>.Instance));

        Assert.Equal($"{Path} is a file; expected a folder for the feedback (--feedback).", error.Message);
    }

    /// <summary>The file is a device that takes nothing, as a full disk does; when there is room again, what waited is written.</summary>
    [Fact]
    public async Task DiskThatIsFull_FailsNoRequest_AndWhatWaitedIsWrittenLater()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("There is no /dev/full.");
        var now = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
        Directory.CreateDirectory(Path);
        foreach (var kind in new[] { "events", "lists" })
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, $"{kind}-2026-01-02.jsonl"), "/dev/full");
        await using var server = await Start(time: new SetTime(now));

        await server.View("s1", shop.Keys[0], shop.Keys[1]);
        var facts = await Until(server, facts => facts.TryGetProperty("failure", out _));
        Assert.Equal((0, 0), (facts.GetProperty("written").GetInt32(), facts.GetProperty("lost").GetInt32()));
        (await server.Recommend("s1")).Ok();
        Assert.Contains("cannot be written; requests are answered", server.Log, StringComparison.Ordinal);

        foreach (var file in Directory.GetFiles(Path, "*.jsonl"))
            File.Delete(file);
        facts = await Until(server, facts => facts.GetProperty("written").GetInt32() == 3);
        Assert.False(facts.TryGetProperty("failure", out _));
        Assert.Equal([shop.Keys[0], shop.Keys[1]], Lines("events").Select(line => line.GetProperty("item_id").GetString()));
        Assert.Single(Lines("lists"));
        Assert.Contains("is written again; 0 lines were lost", server.Log, StringComparison.Ordinal);
    }

    /// <summary>A disk that never comes back: lines wait up to the limit, the rest is counted, and stopping does not hang.</summary>
    [Fact]
    public async Task DiskThatStaysFull_LosesLinesBeyondTheLimit_AndCountsThem()
    {
        var log = new FeedbackLog(Path, TimeProvider.System, NullLogger<FeedbackLog>.Instance, _ => throw new IOException("No space left on device"));
        await log.StartAsync(TestContext.Current.CancellationToken);
        var line = new EventLine { SessionId = "s", ItemId = "i", Timestamp = log.Clock.Next(), EventType = "view", Variant = "A" };
        log.Add([line]);
        for (var tries = 0; tries < 500 && log.Failure is null; tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal("No space left on device", log.Failure);

        log.Add(Enumerable.Repeat(line, FeedbackLog.MostWaiting + 7));
        Assert.Equal(7, log.Lost);
        await log.DisposeAsync();
        Assert.Equal((0, FeedbackLog.MostWaiting + 8), (log.Written, log.Lost));
    }

    [Fact]
    public async Task Restart_AfterATornLine_LeavesWholeLinesOnly()
    {
        var now = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
        await using (var server = await Start(time: new SetTime(now)))
            await server.View("s1", shop.Keys[0]);
        await File.AppendAllTextAsync(System.IO.Path.Combine(Path, "events-2026-01-02.jsonl"), """{"session_id":"s1","item""", TestContext.Current.CancellationToken);

        await using (var server = await Start(time: new SetTime(now)))
        {
            await server.View("s1", shop.Keys[1]);
            await Written(server, 1);
            Assert.Contains("ended within a line; 24 bytes of it were cut off", server.Log, StringComparison.Ordinal);
        }

        Assert.Equal([shop.Keys[0], shop.Keys[1]], Lines("events").Select(line => line.GetProperty("item_id").GetString()));
    }

    [Fact]
    public async Task Days_HaveFilesOfTheirOwn()
    {
        var time = new SetTime(new DateTimeOffset(2026, 1, 2, 23, 59, 59, TimeSpan.Zero));
        await using (var server = await Start(time: time))
        {
            await server.View("s1", shop.Keys[0]);
            time.Now = time.Now.AddSeconds(1);
            await server.View("s1", shop.Keys[1]);
        }

        Assert.Equal(["events-2026-01-02.jsonl", "events-2026-01-03.jsonl"], Directory.GetFiles(Path, "*.jsonl").Select(System.IO.Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(Path, "*.jsonl"), file => Assert.Single(File.ReadAllLines(file)));
    }

    /// <summary>Every acknowledged event is in the file after the server was stopped under load, once.</summary>
    [Fact]
    public async Task Stop_UnderLoad_LosesNoAcknowledgedEvent()
    {
        var acknowledged = 0;
        await using (var server = await Start())
        {
            var clients = Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    try
                    {
                        await server.View($"s{client}-{i}", shop.Keys[i % 60]);
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }

                    Interlocked.Increment(ref acknowledged);
                }
            })).ToArray();
            while (Volatile.Read(ref acknowledged) < 500)
                await Task.Delay(5, TestContext.Current.CancellationToken);
            await server.Server.StopAsync(TestContext.Current.CancellationToken);
            await Task.WhenAll(clients);
        }

        var sessions = Lines("events").Select(line => line.GetProperty("session_id").GetString()).ToArray();
        Assert.Equal(sessions.Length, sessions.Distinct().Count());
        Assert.True(sessions.Length >= acknowledged, $"{sessions.Length} lines, {acknowledged} acknowledged");
    }

    [Fact]
    public async Task SecondServer_InTheSameFolder_IsRefused()
    {
        await using var first = await Start();
        var fault = await Assert.ThrowsAsync<IOException>(() => Start());
        Assert.Contains("another server writes its feedback there", fault.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await using var after = await Start();
    }

    [Fact]
    public void Clock_GivesEachTimeOnce_AlsoWhenTheSystemsGoesBack()
    {
        var time = new SetTime(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero).AddTicks(7));
        var clock = new EventClock(time);
        var first = clock.Next();
        time.Now = time.Now.AddHours(-1);
        Assert.Equal(("2026-01-02T12:00:00.000000Z", "2026-01-02T12:00:00.000001Z"), (first, clock.Next()));
        time.Now = time.Now.AddHours(2);
        Assert.Equal("2026-01-02T13:00:00.000000Z", clock.Next());
        var many = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 10_000, _ => many.Add(clock.Next()));
        Assert.Equal(10_000, many.Distinct().Count());
    }

    private string Path => _folder.In("feedback");

    private Task<Served> Start(Func<ServerOptions, ServerOptions>? change = null, TimeProvider? time = null) =>
        Served.Start(shop.Model, options => (change?.Invoke(options) ?? options) with { FeedbackPath = Path }, time);

    private JsonElement[] Lines(string kind) =>
        [.. Directory.GetFiles(Path, $"{kind}-*.jsonl").Order().SelectMany(ReadShared).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string[] ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Task<JsonElement> Written(Served server, int lines) => Until(server, facts => facts.GetProperty("written").GetInt32() >= lines);

    private static async Task<JsonElement> Until(Served server, Func<JsonElement, bool> holds)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if ((await server.Get("/v1/model")).Ok().Json.GetProperty("feedback") is var facts && holds(facts))
                return facts;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"It did not come to hold. The log: {server.Log}");
    }

    /// <summary>A clock that stands; what waits for a time waits by the system's.</summary>
    private sealed class SetTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
