using System.Text.Json;

namespace NextItem.Server.Tests;

public sealed class PageTests(SmallShop shop)
{
    [Theory]
    [InlineData(390, 844, "phone")]
    [InlineData(1280, 900, "desktop")]
    public async Task Page_InABrowser_FollowsASession(int width, int height, string name)
    {
        Assert.SkipWhen(Browser.Program is null, "no Chromium at /usr/bin/chromium, /usr/bin/chromium-browser or /usr/bin/google-chrome");
        using var folder = new TempFolder();
        await using var server = await Served.Start(shop.Model, options => options with { FeedbackPath = folder.Path });
        await server.Put("/v1/items", JsonSerializer.Serialize(new { items = shop.Keys.Select(itemId => new { itemId, title = $"The long and telling title of <b>{itemId}</b>" }) }));
        await using var browser = await Browser.Start(width, height);

        await browser.Open(server.Client.BaseAddress!.ToString());
        await browser.Until("document.querySelectorAll('#list .item').length === 20 && document.querySelectorAll('#found .item').length === 8");
        Assert.Contains("60 items", (await browser.Value("document.getElementById('facts').innerText")).GetString(), StringComparison.Ordinal);
        Assert.Contains("most popular", (await browser.Value("document.getElementById('said').innerText")).GetString(), StringComparison.Ordinal);
        await browser.Picture($"{name}-start.png");

        // By keyboard alone: '/' goes to the search, a tab to what was found, enter looks at it.
        await browser.Press("/", 191, "/");
        await browser.Until("document.activeElement.id === 'search'");
        await browser.Send("Input.insertText", new { text = shop.Keys[3].ToLowerInvariant() });
        await browser.Until("document.querySelectorAll('#found .item').length === 1");
        await browser.Press("Tab", 9);
        await browser.Press("Enter", 13, "\r");
        await browser.Until("document.querySelectorAll('#session li').length === 1 && document.querySelectorAll('#similar .item').length === 5");
        await browser.Value("document.querySelectorAll('#list .item')[4].click()");
        await browser.Until("document.querySelectorAll('#session li').length === 2 && document.querySelector('#list .why').innerText.includes('because of')");
        await browser.Picture($"{name}-session.png");

        var second = (await browser.Value("clicked[1]")).GetString()!;
        var listed = (await browser.Value("JSON.stringify(before)")).GetString()!;
        Assert.Equal((await server.Recommend([shop.Keys[3], second])).Items, JsonSerializer.Deserialize<string[]>(listed));
        Assert.True((await browser.Value("document.documentElement.scrollWidth <= window.innerWidth")).GetBoolean(), "the page is wider than the window");
        Assert.Equal(0, (await browser.Value("document.querySelectorAll('#list b').length")).GetInt32());

        await browser.Value("document.getElementById('forget').click()");
        await browser.Until("document.querySelectorAll('#session li').length === 0 && document.getElementById('said').innerText.includes('most popular')");
        Assert.All(browser.Requests, address => Assert.StartsWith(server.Client.BaseAddress.ToString(), address, StringComparison.Ordinal));
        Assert.DoesNotContain(browser.Errors, error => !error.Contains("favicon", StringComparison.Ordinal));

        // What was found by searching names no list; what was clicked in a list names the one that it stood in.
        await server.DisposeAsync();
        var events = Lines(folder, "events");
        Assert.Equal([shop.Keys[3], second], events.Select(line => line.GetProperty("item_id").GetString()));
        Assert.False(events[0].TryGetProperty("recommendation_id", out _));
        var list = Lines(folder, "lists").Single(line => line.GetProperty("recommendation_id").GetString() == events[1].GetProperty("recommendation_id").GetString());
        Assert.Equal(second, list.GetProperty("items")[4].GetProperty("item_id").GetString());
    }

    private static JsonElement[] Lines(TempFolder folder, string kind) =>
        [.. Directory.GetFiles(folder.Path, $"{kind}-*").SelectMany(File.ReadLines).Select(line => JsonDocument.Parse(line).RootElement)];

    [Fact]
    public async Task Page_AsksNobodyElse_AndItsPolicySaysSo()
    {
        await using var server = await Served.Start(shop.Model);
        using var response = await server.Client.GetAsync("/", TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'; connect-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_DescribesEveryRouteAndField()
    {
        await using var server = await Served.Start(shop.Model);
        var document = (await server.Get("/openapi/v1.json")).Ok().Json;

        var routes = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name}"));
        Assert.Equal(
            ["delete /v1/sessions/{id}", "get /health/live", "get /health/ready", "get /v1/items", "get /v1/items/{key}/similar", "get /v1/model", "get /v1/recommendations", "post /v1/events", "post /v1/recommendations", "post /v1/sessions/{id}/events", "put /v1/items"],
            routes.Order(StringComparer.Ordinal));
        var answer = (await server.Recommend([shop.Keys[0]])).Json;
        var described = document.GetProperty("components").GetProperty("schemas").GetProperty("RecommendationsAnswer").GetProperty("properties").EnumerateObject();
        Assert.Equal(answer.EnumerateObject().Select(field => field.Name), described.Select(field => field.Name));
        Assert.All(
            document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()),
            operation => Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString())));
    }

    [Fact]
    public async Task Items_AreFoundByKeyAndTitle_MostPopularFirst()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);
        await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{shop.Keys[7]}}","title":"Grüner Schuh","categories":["shoes"]}]}""");

        Assert.Equal(recommender.Recommend([], 9).Items.Select(item => item.ItemKey), (await server.Get("/v1/items?numResults=9")).Ok().Items);
        Assert.Equal([shop.Keys[7]], (await server.Get($"/v1/items?search={Uri.EscapeDataString("GRÜNER")}")).Ok().Items);
        var prefix = shop.Keys[0][..4];
        Assert.Equal(recommender.Recommend([], 60).Items.Select(item => item.ItemKey).Where(key => key.Contains(prefix, StringComparison.Ordinal)).Take(3), (await server.Get($"/v1/items?search={prefix.ToLowerInvariant()}&numResults=3")).Ok().Items);
        Assert.Empty((await server.Get("/v1/items?search=nothing-has-this")).Ok().Items);
        (await server.Get("/v1/items?text=a")).Refused(400, "invalid-request", "'text'", "search");
    }
}
