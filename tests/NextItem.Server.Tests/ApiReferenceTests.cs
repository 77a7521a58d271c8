namespace NextItem.Server.Tests;

public sealed class ApiReferenceTests(SmallShop shop)
{
    [Fact]
    public async Task Page_ShowsTheApi_AndAsksNobodyElse()
    {
        Assert.SkipWhen(Browser.Program is null, "no Chromium at /usr/bin/chromium, /usr/bin/chromium-browser or /usr/bin/google-chrome");
        await using var server = await Served.Start(shop.Model);
        await using var browser = await Browser.Start(1280, 900);
        var address = server.Client.BaseAddress!.ToString();

        await browser.Open(address + "scalar");
        await browser.Until("document.body && document.body.innerText.includes('Stores events of a session') && document.body.innerText.includes('The next items of a session that is sent along or stored')");
        await browser.Picture("scalar.png");

        var text = (await browser.Value("document.body.innerText")).GetString()!;
        Assert.All(new[] { "Ask AI", "Deploy", "Generate SDK" }, button => Assert.DoesNotContain(button, text, StringComparison.OrdinalIgnoreCase));
        Assert.True(browser.Requests.Count >= 3, string.Join('\n', browser.Requests));
        Assert.All(browser.Requests, request => Assert.True(request.StartsWith(address, StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal) || request.StartsWith("blob:", StringComparison.Ordinal), request));
        Assert.Empty(browser.Errors);
    }
}
