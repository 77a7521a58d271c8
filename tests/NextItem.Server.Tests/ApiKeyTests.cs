using System.Net.Http.Headers;

namespace NextItem.Server.Tests;

public sealed class ApiKeyTests(SmallShop shop) : IDisposable
{
    private const string First = "first-key-0123456789";
    private const string Second = "second-key-0123456789";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Requests_WithoutAKey_AreRefused_ButForHealthAndPage()
    {
        var keys = _folder.Text("keys", $"# of the shop\n\n{First}\n  {Second}\n");
        await using var server = await Served.Start(shop.Model, options => options with { ApiKeysPath = keys });

        foreach (var path in new[] { "/v1/model", "/openapi/v1.json", "/v1/nothing", "/healthy" })
            (await server.Get(path)).Refused(401, "unauthorized", "Authorization: Bearer");
        (await server.Get("/health/ready")).Ok();
        (await server.Get("/")).Ok();
        foreach (var wrong in new[] { "", First[..^1], First + "x", "# of the shop" })
            Assert.Equal(401, await Status(server, wrong));
        Assert.Equal((200, 200), (await Status(server, First), await Status(server, Second)));

        // What errors say in their headers.
        using var refused = await server.Client.GetAsync("/v1/model", TestContext.Current.CancellationToken);
        Assert.Equal(("Bearer", "nosniff"), (refused.Headers.WwwAuthenticate.ToString(), Assert.Single(refused.Headers.GetValues("X-Content-Type-Options"))));

        server.Client.DefaultRequestHeaders.Add("X-Api-Key", Second);
        (await server.Recommend([shop.Keys[0]])).Ok();
    }

    /// <summary>A file that cannot be read for a while is told once, and read when it can be, though it is the same file.</summary>
    [Fact]
    public async Task File_ThatCannotBeRead_IsReadLater()
    {
        var keys = _folder.Text("keys", First);
        await using var server = await Served.Start(shop.Model, options => options with { ApiKeysPath = keys, ReloadCheck = TimeSpan.FromMilliseconds(10) });
        await File.WriteAllTextAsync(keys + ".new", Second, TestContext.Current.CancellationToken);
        await using (new FileStream(keys + ".new", FileMode.Open, FileAccess.Read, FileShare.None))
        {
            File.Move(keys + ".new", keys, overwrite: true);
            for (var tries = 0; tries < 20; tries++)
            {
                Assert.Equal((200, 401), (await Status(server, First), await Status(server, Second)));
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        await Until(server, Second, 200);
        Assert.Equal(401, await Status(server, First));
        Assert.Single(server.Log.Split('\n'), line => line.Contains("stay as they were", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_AreChangedWhileTheServerRuns_AndABadFileChangesNothing()
    {
        var keys = _folder.Text("keys", First);
        await using var server = await Served.Start(shop.Model, options => options with { ApiKeysPath = keys, ReloadCheck = TimeSpan.FromMilliseconds(10) });
        Assert.Equal((200, 401), (await Status(server, First), await Status(server, Second)));

        _folder.Text("keys", $"{First}\n{Second}");
        await Until(server, Second, 200);
        Assert.Equal(200, await Status(server, First));
        _folder.Text("keys", Second);
        await Until(server, First, 401);

        _folder.Text("keys", "short");
        for (var tries = 0; tries < 500 && !server.Log.Contains("stay as they were", StringComparison.Ordinal); tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal((401, 401, 200), (await Status(server, "short"), await Status(server, First), await Status(server, Second)));
        Assert.Contains("row 1: the API key has 5 characters; expected at least 16", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Second, server.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# none\n", "has no API key")]
    [InlineData("0123456789abcdef\nshort\n", "row 2")]
    public async Task File_ThatHasNoGoodKeys_IsRefusedAtTheStart(string content, string told)
    {
        var keys = _folder.Text("keys", content);

        var fault = await Assert.ThrowsAsync<ApiKeysFileException>(() => Served.Start(shop.Model, options => options with { ApiKeysPath = keys }));

        Assert.Contains(told, fault.Message, StringComparison.Ordinal);
    }

    private static async Task Until(Served server, string key, int status)
    {
        for (var tries = 0; tries < 500 && await Status(server, key) != status; tries++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.Equal(status, await Status(server, key));
    }

    private static async Task<int> Status(Served server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/model");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
