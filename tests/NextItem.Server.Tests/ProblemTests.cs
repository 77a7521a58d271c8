using System.Net.Sockets;
using System.Text;

namespace NextItem.Server.Tests;

public sealed class ProblemTests(SmallShop shop)
{
    public static TheoryData<string, string, string> Bodies => new()
    {
        { """{"item":["a"]}""", "invalid-json", "no such field: at $.item" },
        { """{"items":["a"],"items":["b"]}""", "invalid-json", "twice" },
        { """{"items":[3]}""", "invalid-json", "wrong type: at $.items[0]" },
        { """{"items":["\ud800"]}""", "invalid-json", "" },
        { "nonsense", "invalid-json", "no JSON" },
        { "", "invalid-json", "no JSON" },
        { "null", "invalid-json", "null" },
        { "[]", "invalid-json", "wrong type: at $" },
        { """{"items":["a"],"numResults":0,"explain":false}""", "invalid-request", "numResults is 0; expected 1 to 1000." },
        { """{"items":["a"],"numResults":101,"explain":true}""", "invalid-request", "expected 1 to 100 with explain." },
        { """{"numResults":3}""", "invalid-request", "sessionId and items are missing" },
        { """{"items":["a",null,""]}""", "invalid-request", "items[1] is missing; expected an id, a string. items[2] is empty" },
        { """{"items":["a"],"deny":[""],"allow":[""],"exclude":[""]}""", "invalid-request", "exclude[0] is empty; expected an id. allow[0] is empty; expected an id. deny[0] is empty" },
        { """{"sessionId":""}""", "invalid-request", "sessionId is empty" },
    };

    [Theory, MemberData(nameof(Bodies))]
    public async Task Body_ThatIsWrong_IsToldInWordsOfTheContract(string body, string code, string told)
    {
        await using var server = await Served.Start(shop.Model);

        var reply = await server.Post("/v1/recommendations", body);

        reply.Refused(400, code, told);
        Assert.DoesNotContain("NextItem.", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", reply.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"items":["shoe","hüt"]}""", "The body is not UTF-8: at $.items[1], line 1, byte ")]
    [InlineData("""{"sessionId":"hüt"}""", "The body is not UTF-8: at $.sessionId, line 1, byte ")]
    public async Task Body_InLatin1_IsToldSo(string body, string told)
    {
        await using var server = await Served.Start(shop.Model);
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = new("application/json");

        using var response = await server.Client.PostAsync("/v1/recommendations", content, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(told, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paths_ThatAreWrong_AreProblemsToo()
    {
        await using var server = await Served.Start(shop.Model);

        (await server.Get("/v1/nothing")).Refused(404, "not-found");
        (await server.Send(HttpMethod.Patch, "/v1/model", null)).Refused(405, "method-not-allowed", "PATCH", "GET");
        (await server.Send(HttpMethod.Post, "/v1/events", "a=b", "application/x-www-form-urlencoded")).Refused(415, "not-json", "application/json");
        (await server.Get("/v1/recommendations?item=a&numResults=x&explain=y")).Refused(400, "invalid-request", "'item'", "numResults is 'x'", "explain is 'y'");
        (await server.Post("/v1/events", """{"sessionId":"s"}""")).Refused(400, "invalid-request", "events is missing");
        (await server.Put("/v1/items", """{"items":[{"title":"a"}]}""")).Refused(400, "invalid-request", "items[0].itemId is missing");
        (await server.Post($"/v1/sessions/{new string('x', 600)}/events", """{"itemId":"a"}""")).Refused(400, "invalid-request", "600 characters");
        Assert.Contains("400", await Raw(server, "DELETE /v1/x/../sessions/s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_AreHeld_AndTheServerGoesOn()
    {
        await using var server = await Served.Start(shop.Model);
        var megabyte = new string('x', 1_100_000);
        var many = string.Join(',', Enumerable.Repeat("\"a\"", 1_001));

        (await server.Post("/v1/events", megabyte)).Refused(413, "body-too-large", "1048576");
        (await server.Post("/v1/events", new string('[', 500_000))).Refused(400, "invalid-json");
        (await server.Post("/v1/recommendations", $$"""{"items":["{{megabyte[..1_000_000]}}"]}""")).Refused(400, "invalid-request", "1000000 characters; expected 512 at most");
        (await server.Post("/v1/recommendations", $$"""{"items":[{{many}}]}""")).Refused(400, "invalid-request", "1001 entries; expected 1000 at most");
        Assert.Contains(" 4", (await Raw(server, $"GET /v1/items/{megabyte}/similar HTTP/1.1\r\nHost: a\r\n\r\n"))[..16], StringComparison.Ordinal);
        Assert.Contains(" 400", (await Raw(server, "\u0016\u0003\u0001 nonsense\r\n\r\n"))[..16], StringComparison.Ordinal);

        (await server.Recommend([shop.Keys[0]])).Ok();
        Assert.DoesNotContain("Error", server.Log, StringComparison.Ordinal);
    }

    /// <summary>Someone who begins a request and says no more holds nobody up.</summary>
    [Fact]
    public async Task SlowClients_HoldNobodyUp()
    {
        await using var server = await Served.Start(shop.Model);
        var clients = new List<TcpClient>();
        for (var i = 0; i < 200; i++)
        {
            var client = new TcpClient();
            clients.Add(client);
            await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"sess"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        (await server.Recommend([shop.Keys[0]])).Ok();
        clients.ForEach(client => client.Dispose());
        (await server.Recommend([shop.Keys[0]])).Ok();
        Assert.DoesNotContain("Error", server.Log, StringComparison.Ordinal);
    }

    private static async Task<string> Raw(Served server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        var sent = client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken).AsTask();
        var answer = new byte[200];
        var length = await client.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken);
        await sent.ContinueWith(_ => { }, TaskScheduler.Default); // the server may have hung up before it was all sent
        return Encoding.Latin1.GetString(answer, 0, length);
    }
}
