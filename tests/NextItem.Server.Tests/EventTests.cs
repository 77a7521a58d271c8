using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NextItem.Server.Sessions;

namespace NextItem.Server.Tests;

public sealed class EventTests(SmallShop shop)
{
    [Fact]
    public async Task Events_OfASession_AnswerAsItsItemsDo()
    {
        await using var server = await Served.Start(shop.Model);
        for (var session = 0; session < 30; session++)
        {
            string[] items = [.. shop.Test.ItemsOf(session).ToArray().Select(shop.Test.Catalog.KeyOf), "nope", shop.Keys[session]];
            await server.View($"s{session}", items[..1]);
            var taken = await server.View($"s{session}", items[1..^1]);
            var together = (await server.Post($"/v1/sessions/s{session}/events", $$"""{"itemId":"{{items[^1]}}"}""")).Ok();
            var direct = await server.Recommend(items);

            Assert.Equal(items.Length - 2, taken.Json.GetProperty("accepted").GetInt32());
            Assert.Equal(direct.Scored, together.Scored);
            Assert.Equal(direct.Scored, (await server.Recommend($"s{session}")).Scored);
            Assert.Equal(direct.Json.GetProperty("unknownItems").GetRawText(), together.Json.GetProperty("unknownItems").GetRawText());
        }
    }

    [Fact]
    public async Task Events_RepeatedIds_CountOnce()
    {
        await using var server = await Served.Start(shop.Model);
        var (a, b) = (shop.Keys[0], shop.Keys[1]);
        var events = $$"""{"sessionId":"s","events":[{"itemId":"{{a}}","eventId":"e1"},{"itemId":"{{b}}","eventId":"e2"},{"itemId":"{{a}}","eventId":"e1"}]}""";

        var first = (await server.Post("/v1/events", events)).Ok();
        var again = (await server.Post("/v1/events", events)).Ok();
        var one = (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{a}}","eventId":"e2"}""")).Ok();

        Assert.Equal("""{"accepted":2,"repeated":1,"rejected":[]}""", first.Text);
        Assert.Equal("""{"accepted":0,"repeated":3,"rejected":[]}""", again.Text);
        Assert.Equal((await server.Recommend([a, b])).Scored, one.Scored);
        Assert.NotEqual((await server.Recommend([a, b, a])).Scored, one.Scored);
    }

    [Fact]
    public async Task Events_ThatAreWrong_AreRejectedAndTheOthersStored()
    {
        await using var server = await Served.Start(shop.Model);
        var key = shop.Keys[0];
        var reply = await server.Post("/v1/events", $$"""
            {"sessionId":"s","events":[{"itemId":"{{key}}"},{"itemId":""},null,{"eventType":"zoom","itemId":"a"},{"itemId":"a","sentAt":"yesterday"},
            {"itemId":"{{new string('x', 513)}}"},{"itemId":"a","eventId":""},{"eventType":"detail-page-view","itemId":"{{key}}","sentAt":"2026-01-02T10:00:00Z","recommendationId":"r9"}]}
            """);

        Assert.Equal(202, (int)reply.Status);
        Assert.Equal(2, reply.Json.GetProperty("accepted").GetInt32());
        Assert.Equal(
            [(1, "invalid-event"), (2, "invalid-event"), (3, "unknown-event-type"), (4, "invalid-event"), (5, "invalid-event"), (6, "invalid-event")],
            reply.Json.GetProperty("rejected").EnumerateArray().Select(one => (one.GetProperty("index").GetInt32(), one.GetProperty("code").GetString()!)));
        Assert.Equal((await server.Recommend([key, key])).Scored, (await server.Recommend("s")).Scored);
        (await server.Post("/v1/sessions/s/events", """{"itemId":"a","eventType":"zoom"}""")).Refused(400, "unknown-event-type", "zoom");
    }

    [Fact]
    public async Task EventTypes_ThatMove_AreASetting()
    {
        await using var views = await Served.Start(shop.Model);
        await using var carts = await Served.Start(shop.Model, options => options with { MovingEvents = ["add-to-cart"] });
        var (a, b) = (shop.Keys[0], shop.Keys[1]);
        var events = $$"""{"sessionId":"s","events":[{"itemId":"{{a}}","eventType":"view_item"},{"itemId":"{{b}}","eventType":"add_to_cart"}]}""";

        foreach (var (server, moved) in new[] { (views, a), (carts, b) })
        {
            Assert.Equal(2, (await server.Post("/v1/events", events)).Ok().Json.GetProperty("accepted").GetInt32());
            Assert.Equal((await server.Recommend([moved])).Scored, (await server.Recommend("s")).Scored);
        }
    }

    [Fact]
    public async Task WithoutConsent_NothingIsKept_AndWhatWasIsForgotten()
    {
        await using var server = await Served.Start(shop.Model);
        var (a, b) = (shop.Keys[0], shop.Keys[1]);
        await server.View("s", a);

        var refused = (await server.Post("/v1/events", $$"""{"sessionId":"s","consent":false,"events":[{"itemId":"{{b}}"}]}""")).Ok();
        Assert.Equal((0, "no-consent"), (refused.Json.GetProperty("accepted").GetInt32(), refused.Json.GetProperty("rejected")[0].GetProperty("code").GetString()));
        Assert.Equal("popular", (await server.Recommend("s")).Word("fallback"));

        await server.View("s", a);
        var answered = (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{b}}","consent":false}""")).Ok();
        Assert.Equal((await server.Recommend([b])).Scored, answered.Scored);
        Assert.Equal("popular", (await server.Recommend("s")).Word("fallback"));

        Assert.Equal(1, (await server.Post("/v1/events", $$"""{"sessionId":"s","consent":true,"events":[{"itemId":"{{b}}"}]}""")).Ok().Json.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task SessionThatIsFull_RejectsMore()
    {
        await using var server = await Served.Start(shop.Model, options => options with { MaxSessionEvents = 2 });
        var (a, b) = (shop.Keys[0], shop.Keys[1]);

        var reply = await server.View("s", a, b, a);

        Assert.Equal((2, 2, "session-full"), (reply.Json.GetProperty("accepted").GetInt32(), reply.Json.GetProperty("rejected")[0].GetProperty("index").GetInt32(), reply.Json.GetProperty("rejected")[0].GetProperty("code").GetString()));
        (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{a}}"}""")).Refused(409, "session-full", "2 events");
        Assert.Equal((await server.Recommend([a, b])).Scored, (await server.Recommend("s")).Scored);
    }

    /// <summary>The items of "store" are events of the session too, and begin no session without a limit.</summary>
    [Fact]
    public async Task SessionThatIsStored_HasTheSameLimit()
    {
        await using var server = await Served.Start(shop.Model, options => options with { MaxSessionEvents = 2 });
        var (a, b) = (shop.Keys[0], shop.Keys[1]);

        (await server.Post("/v1/recommendations", $$"""{"sessionId":"s","items":["{{a}}","{{b}}","{{a}}"],"store":true}""")).Refused(409, "session-full", "3 entries; a session has 2 events at most");
        Assert.Equal("popular", (await server.Recommend("s")).Word("fallback"));
        (await server.Post("/v1/recommendations", $$"""{"sessionId":"s","items":["{{a}}","{{b}}"],"store":true}""")).Ok();
        (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{a}}"}""")).Refused(409, "session-full", "2 events");
        Assert.Equal((await server.Recommend([a, b])).Scored, (await server.Recommend("s")).Scored);
    }

    /// <summary>Whoever stores again and again makes no session that grows without end; the last events stay known.</summary>
    [Fact]
    public async Task SessionThatIsStoredAgainAndAgain_KeepsTheIdsOfItsLastEvents()
    {
        await using var server = await Served.Start(shop.Model, options => options with { MaxSessionEvents = 4 });
        for (var i = 0; i < 20; i++)
        {
            (await server.Post("/v1/recommendations", $$"""{"sessionId":"s","items":["{{shop.Keys[0]}}"],"store":true}""")).Ok();
            (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{shop.Keys[1]}}","eventId":"e{{i}}"}""")).Ok();
        }

        var session = await server.Server.Services.GetRequiredService<ISessionStore>().FindAsync("s", TestContext.Current.CancellationToken);
        Assert.Equal(["e15", "e16", "e17", "e18", "e19"], session!.EventIds);
        Assert.Equal("""{"accepted":0,"repeated":1,"rejected":[]}""", (await server.Post("/v1/events", $$"""{"sessionId":"s","events":[{"itemId":"{{shop.Keys[1]}}","eventId":"e16"}]}""")).Ok().Text);
    }

    /// <summary>An event that is answered with an error is not stored: sent again without "explain", without an id, it counts once.</summary>
    [Fact]
    public async Task EventWhoseSessionIsTooLongToExplain_IsNotStored()
    {
        await using var server = await Served.Start(shop.Model);
        string[] items = [.. Enumerable.Range(0, 50).Select(i => shop.Keys[i])];
        await server.View("s", items[..49]);

        (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{items[49]}}","explain":true}""")).Ok();
        (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{items[0]}}","explain":true}""")).Refused(400, "session-too-long", "51 items", "not stored");
        Assert.Equal((await server.Recommend(items)).Scored, (await server.Recommend("s")).Scored);
        (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{items[0]}}","eventType":"purchase","explain":true}""")).Ok(); // moves nothing
        (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{items[0]}}"}""")).Ok();
        Assert.Equal((await server.Recommend([.. items, items[0]])).Scored, (await server.Recommend("s")).Scored);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("ümläut & ?=#+ 雪")]
    [InlineData("..s")]
    public async Task Ids_OfAnyKind_AreTheSameInPathAndBody(string id)
    {
        await using var server = await Served.Start(shop.Model);
        var direct = await server.Recommend([shop.Keys[0]]);

        (await server.Post($"/v1/sessions/{Uri.EscapeDataString(id)}/events", $$"""{"itemId":"{{shop.Keys[0]}}"}""")).Ok();
        Assert.Equal(direct.Scored, (await server.Recommend(id)).Scored);
        Assert.Equal(204, (int)(await server.Delete($"/v1/sessions/{Uri.EscapeDataString(id)}")).Status);
        Assert.Equal("popular", (await server.Recommend(id)).Word("fallback"));
        Assert.Equal(204, (int)(await server.Delete($"/v1/sessions/{Uri.EscapeDataString(id)}")).Status);
    }

    /// <summary>Events of one session that come at the same time: each counts, and the state is that of their order.</summary>
    [Fact]
    public async Task Events_AtTheSameTime_AreAllKept()
    {
        await using var server = await Served.Start(shop.Model);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => server.Post("/v1/events", JsonSerializer.Serialize(new { sessionId = "s", events = new[] { new { itemId = $"unknown-{i}", eventId = $"e{i}" }, new { itemId = shop.Keys[0], eventId = $"k{i}" } } }))));

        var answer = await server.Recommend("s");
        var unknown = answer.Json.GetProperty("unknownItems").EnumerateArray().Select(item => item.GetString()!);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"unknown-{i}").Order(), unknown.Order());
        Assert.Equal((await server.Recommend(Enumerable.Repeat(shop.Keys[0], 200))).Scored, answer.Scored);
    }
}
