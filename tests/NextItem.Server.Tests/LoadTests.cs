using System.Text.Json;

namespace NextItem.Server.Tests;

/// <summary>Many distinct sessions at once, so that no answer can come from a cache; one in a hundred is compared with <c>recommend</c>.</summary>
public sealed class LoadTests(SmallShop shop)
{
    private const int Sessions = 10_000;
    private const int Clients = 32;

    [Fact]
    public async Task TenThousandSessions_EachHasItsOwnAnswer()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);
        var compared = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, Sessions), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = TestContext.Current.CancellationToken }, async (session, _) =>
        {
            var items = ItemsOf(session);
            await server.View($"s{session}", items[..^1]);
            var answer = (await server.Post($"/v1/sessions/s{session}/events", JsonSerializer.Serialize(new { itemId = items[^1], numResults = 5 }))).Ok();
            if (session % 100 != 0)
                return;
            Interlocked.Increment(ref compared);
            Assert.Equal(recommender.Recommend(items, 5).Items.Select(item => (item.ItemKey, item.Score)), answer.Scored);
        });

        Assert.Equal(Sessions / 100, compared);
        Assert.DoesNotContain("Error", server.Log, StringComparison.Ordinal);

        // Nothing was lost or mixed up: a sample of all that is stored.
        for (var session = 7; session < Sessions; session += 500)
            Assert.Equal(recommender.Recommend(ItemsOf(session), 5).Items.Select(item => (item.ItemKey, item.Score)), (await server.Recommend($"s{session}", ""","numResults":5""")).Scored);
    }

    /// <summary>Ten thousand requests before the first answer, over two thousand connections: they wait, none is refused or mixed up.</summary>
    [Fact]
    public async Task TenThousandRequests_AtOnce_AreAllAnswered()
    {
        await using var server = await Served.Start(shop.Model);
        using var recommender = SmallShop.Recommender(shop.Model);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2_000 }) { BaseAddress = server.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };

        var answers = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async session =>
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { itemId = ItemsOf(session)[0], numResults = 5 }), System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync($"/v1/sessions/s{session}/events", content, TestContext.Current.CancellationToken);
            return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Content.Headers);
        }));

        var expected = shop.Keys.ToDictionary(key => key, key => recommender.Recommend([key], 5).Items.Select(item => (item.ItemKey, item.Score)).ToArray());
        for (var session = 0; session < Sessions; session++)
            Assert.Equal(expected[ItemsOf(session)[0]], answers[session].Ok().Scored);
        Assert.DoesNotContain("Error", server.Log, StringComparison.Ordinal);
    }

    /// <summary>The number of a session in the base of the number of items: no two sessions have the same items.</summary>
    private string[] ItemsOf(int session)
    {
        var count = shop.Keys.Count;
        return [shop.Keys[session % count], shop.Keys[session / count % count], shop.Keys[session / count / count % count]];
    }
}
