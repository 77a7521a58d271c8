using System.Runtime.CompilerServices;
using System.Text.Json;
using NextItem.Server.Catalog;
using NextItem.Server.Filters;

namespace NextItem.Server.Tests;

public sealed class FilterTests(SmallShop shop)
{
    [Fact]
    public async Task Filter_OfEveryKind_AllowsWhatItSays()
    {
        await using var server = await Served.Start(shop.Model);
        var k = shop.Keys;
        await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{k[0]}}","categories":["shoes","red"],"title":"it's"},{"itemId":"{{k[1]}}","categories":["shoes"]},{"itemId":"{{k[2]}}","categories":["socks","red"]}]}""");
        using var recommender = SmallShop.Recommender(shop.Model);
        var events = recommender.Recommend([], 60).Items.ToDictionary(item => item.ItemKey, item => item.Score);
        var many = events.Values.Order().ElementAt(30);
        (string Filter, Func<string, bool> Holds)[] cases =
        [
            ("category = 'shoes'", key => key == k[0] || key == k[1]),
            ("category in ('shoes', 'socks')", key => key == k[0] || key == k[1] || key == k[2]),
            ("category NOT IN ('shoes')", key => key != k[0] && key != k[1]),
            ("category != 'red'", key => key != k[0] && key != k[2]),
            ("category = 'shoes' AND category = 'red'", key => key == k[0]),
            ("category = 'socks' or category = 'shoes' and category = 'red'", key => key == k[0] || key == k[2]),
            ("(category = 'socks' or category = 'shoes') and category = 'red'", key => key == k[0] || key == k[2]),
            ("(category = 'socks' or category = 'shoes') and not category = 'red'", key => key == k[1]),
            ("not (category = 'shoes' or category = 'red')", key => key != k[0] && key != k[1] && key != k[2]),
            ("title = 'it''s'", key => key == k[0]),
            ($"itemId in ('{k[5]}','nope')", key => key == k[5]),
            ($"events < {many}", key => events[key] < many),
            ($"events <= {many}", key => events[key] <= many),
            ($"events > {many}", key => events[key] > many),
            ($"events >= {many}", key => events[key] >= many),
            ($"events = {many}", key => events[key] == many),
            ($"events != {many}", key => events[key] != many),
            ($"events in ({many}, 0)", key => events[key] == many),
        ];
        var all = (await server.Recommend([k[9]], ""","numResults":60""")).Items;

        foreach (var (filter, holds) in cases)
        {
            var items = (await server.Recommend([k[9]], $$""","numResults":60,"filter":{{JsonSerializer.Serialize(filter)}}""")).Items;
            Assert.True(all.Where(holds).SequenceEqual(items), $"{filter}: {string.Join(' ', items)}");
            Assert.InRange(items.Length, 1, 59);
        }

        Assert.Equal(all[0], (await server.Recommend([k[9]], ""","numResults":1""")).Items[0]);
        Assert.Equal([all.First(key => key == k[0] || key == k[1])], (await server.Get($"/v1/recommendations?items={k[9]}&numResults=1&filter={Uri.EscapeDataString("category='shoes'")}")).Ok().Items);
        Assert.Equal(2, (await server.Recommend([], ""","filter":"category = 'shoes'" """)).Items.Length);
    }

    [Fact]
    public async Task Filter_SeesWhatIsToldLater_AndTheNextModel()
    {
        await using var server = await Served.Start(shop.Model);
        const string Ask = ""","filter":"category = 'shoes'" """;
        Assert.Empty((await server.Recommend([shop.Keys[9]], Ask)).Items);

        await server.Put("/v1/items", $$"""{"items":[{"itemId":"{{shop.Keys[4]}}","categories":["shoes"]}]}""");

        Assert.Equal([shop.Keys[4]], (await server.Recommend([shop.Keys[9]], Ask)).Items);
        for (var i = 0; i < 200; i++) // more than are kept
            Assert.Empty((await server.Recommend([], $$""","filter":"itemId = 'x{{i}}'" """)).Items);
        Assert.Equal([shop.Keys[4]], (await server.Recommend([shop.Keys[9]], Ask)).Items);
    }

    [Theory]
    [InlineData("", "character 1 of the filter there is its end; expected itemId, title, category or events.")]
    [InlineData("colour = 'red'", "character 1 of the filter there is 'colour'; expected itemId, title, category or events.")]
    [InlineData("category 'red'", "expected =, !=, <, <=, >, >=, IN or NOT IN.")]
    [InlineData("category < 'red'", "category is text")]
    [InlineData("category = red", "character 12 of the filter there is 'red'; expected text in single quotes.")]
    [InlineData("category = 'red", "The quote at character 12 of the filter is not closed.")]
    [InlineData("events > 'many'", "expected a number.")]
    [InlineData("events > 1.2.3", "expected a number.")]
    [InlineData("category in ('a'", "there is its end; expected ')'.")]
    [InlineData("category not = 'a'", "expected IN.")]
    [InlineData("category = 'a' category = 'b'", "expected AND, OR or the end.")]
    [InlineData("category = \"a\"", "there is '\"'")]
    public async Task Filter_ThatIsNone_IsRefusedWithItsPlace(string filter, string told)
    {
        await using var server = await Served.Start(shop.Model);

        (await server.Post("/v1/recommendations", JsonSerializer.Serialize(new { items = new[] { shop.Keys[0] }, filter }))).Refused(400, "invalid-filter", told);
    }

    /// <summary>A shop with one filter and a model a day has one catalog in memory, not the last 64.</summary>
    [Fact]
    public void Filters_LetTheCatalogOfAReplacedModelGo()
    {
        var filters = new FilterCache(new ItemFactsStore());
        var gone = Ask(filters);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(gone.IsAlive);
        GC.KeepAlive(filters);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Ask(FilterCache filters)
        {
            var catalog = ItemCatalog.From(["a", "b"], [3, 1]);
            Assert.True(filters.Items("events > 2", catalog).Allows(0));
            Assert.Same(filters.Items("events > 2", catalog), filters.Items("events > 2", catalog));
            return new WeakReference(catalog);
        }
    }

    [Fact]
    public async Task Filter_ThatIsDeep_OverflowsNothing()
    {
        await using var server = await Served.Start(shop.Model);

        (await server.Post("/v1/recommendations", JsonSerializer.Serialize(new { items = Array.Empty<string>(), filter = new string('(', 1900) }))).Refused(400, "invalid-filter", "within each other");
        (await server.Post("/v1/recommendations", JsonSerializer.Serialize(new { items = Array.Empty<string>(), filter = new string(' ', 3000) }))).Refused(400, "invalid-request", "filter has 3000 characters; expected 2000 at most");
    }
}
