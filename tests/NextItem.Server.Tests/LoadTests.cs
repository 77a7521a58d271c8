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

    /// <summary>The number of a session in the base of the number of items: no two sessions have the same items.</summary>
    private string[] ItemsOf(int session)
    {
        var count = shop.Keys.Count;
        return [shop.Keys[session % count], shop.Keys[session / count % count], shop.Keys[session / count / count % count]];
    }
}
