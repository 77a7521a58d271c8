using System.Net;

namespace NextItem.Server.Tests;

public sealed class CorsTests(SmallShop shop) : IDisposable
{
    private const string Shop = "https://www.shop.example";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pages_OfOthers_MayNotAsk_UnlessTheyAreNamed()
    {
        await using var server = await Served.Start(shop.Model);

        Assert.Null((await Ask(server, HttpMethod.Get, "/v1/model", Shop)).Allowed);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, null), await Ask(server, HttpMethod.Options, "/v1/recommendations", Shop));
    }

    /// <summary>Before the key is asked for, and with refused requests too: without the header, the page's script would not see why.</summary>
    [Fact]
    public async Task Pages_ThatAreNamed_MayAsk()
    {
        var keys = _folder.Text("keys", "a-key-of-more-than-16-letters");
        await using var server = await Served.Start(shop.Model, options => options with { CorsOrigins = [Shop, "http://localhost:3000"], ApiKeysPath = keys });

        Assert.Equal((HttpStatusCode.NoContent, Shop), await Ask(server, HttpMethod.Options, "/v1/recommendations", Shop));
        Assert.Equal((HttpStatusCode.Unauthorized, Shop), await Ask(server, HttpMethod.Get, "/v1/model", Shop));
        Assert.Equal((HttpStatusCode.Unauthorized, "http://localhost:3000"), await Ask(server, HttpMethod.Get, "/v1/nothing", "http://localhost:3000"));
        Assert.Null((await Ask(server, HttpMethod.Options, "/v1/recommendations", "https://others.example")).Allowed);
        Assert.Null((await Ask(server, HttpMethod.Get, "/v1/model", "https://www.shop.example.others.example")).Allowed);
    }

    [Fact]
    public async Task Star_LetsEverybodyAsk()
    {
        await using var server = await Served.Start(shop.Model, options => options with { CorsOrigins = ["*"] });
        Assert.Equal((HttpStatusCode.OK, "*"), await Ask(server, HttpMethod.Get, "/v1/model", "https://others.example"));
    }

    private static async Task<(HttpStatusCode Status, string? Allowed)> Ask(Served server, HttpMethod method, string path, string origin)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type,x-api-key");
        }

        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null);
    }
}
