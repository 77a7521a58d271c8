namespace NextItem.Server.Tests;

public sealed class ReloadTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NewFile_ReplacesTheModel_AndSessionsGoOn()
    {
        await using var server = await Start();
        await server.View("s", shop.Keys[0], shop.Keys[1]);
        var before = await server.Recommend("s");

        Rename(shop.OtherModel);
        var after = await Until(server, "replaced", async () => await server.Recommend("s"), reply => Version(reply) != Version(before));

        using var expected = SmallShop.Recommender(shop.OtherModel);
        Assert.Equal(expected.Recommend([shop.Keys[0], shop.Keys[1]], 20).Items.Select(item => (item.ItemKey, item.Score)), after.Scored);
        var direct = (await server.Post("/v1/sessions/s/events", $$"""{"itemId":"{{shop.Keys[2]}}"}""")).Ok();
        Assert.Equal(expected.Recommend([shop.Keys[0], shop.Keys[1], shop.Keys[2]], 20).Items.Select(item => (item.ItemKey, item.Score)), direct.Scored);
    }

    /// <summary>Written over in place, which is the worst way to replace a file: first half of it, then the rest.</summary>
    [Fact]
    public async Task BadFile_IsRefused_AndTheModelBeforeItServes()
    {
        await using var server = await Start();
        var version = (await server.Get("/v1/model")).Word("version");
        var bytes = await File.ReadAllBytesAsync(shop.OtherModel, TestContext.Current.CancellationToken);

        await File.WriteAllBytesAsync(Path, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        var facts = await Until(server, "refused", () => server.Get("/v1/model"), reply => reply.Json.TryGetProperty("refused", out _));

        Assert.Equal(version, facts.Word("version"));
        Assert.Contains("truncated", facts.Json.GetProperty("refused").GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("was refused", server.Log, StringComparison.Ordinal);
        Assert.Equal(version, Version(await server.Recommend([shop.Keys[0]])));
        (await server.Get("/health/ready")).Ok();

        await File.WriteAllBytesAsync(Path, bytes, TestContext.Current.CancellationToken);
        var after = await Until(server, "replaced", () => server.Get("/v1/model"), reply => reply.Word("version") != version);
        Assert.False(after.Json.TryGetProperty("refused", out _));
    }

    /// <summary>What went wrong is over when the file before is back: nothing is refused any more.</summary>
    [Fact]
    public async Task FileBefore_PutBackAfterABadOne_IsNotRefused()
    {
        await using var server = await Start();
        var version = (await server.Get("/v1/model")).Word("version");
        File.Move(Path, Path + ".before");
        await File.WriteAllTextAsync(Path, "no model", TestContext.Current.CancellationToken);
        await Until(server, "refused", () => server.Get("/v1/model"), reply => reply.Json.TryGetProperty("refused", out _));

        File.Move(Path + ".before", Path, overwrite: true);

        var after = await Until(server, "taken for good", () => server.Get("/v1/model"), reply => !reply.Json.TryGetProperty("refused", out _));
        Assert.Equal(version, after.Word("version"));
    }

    /// <summary>A file that cannot be read for a while, as one whose permissions come later, is told once and taken in when it can be.</summary>
    [Fact]
    public async Task FileThatCannotBeRead_IsTakenInLater()
    {
        await using var server = await Start();
        var version = (await server.Get("/v1/model")).Word("version");
        File.Copy(shop.OtherModel, Path + ".locked");
        await using (new FileStream(Path + ".locked", FileMode.Open, FileAccess.Read, FileShare.None))
        {
            File.Move(Path + ".locked", Path, overwrite: true);
            await Until(server, "refused", () => server.Get("/v1/model"), reply => reply.Json.TryGetProperty("refused", out _));
            await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.Equal(version, (await server.Get("/v1/model")).Word("version"));
        }

        await Until(server, "replaced", () => server.Get("/v1/model"), reply => reply.Word("version") != version);
        Assert.Single(server.Log.Split('\n'), line => line.Contains("was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FileThatIsGone_ChangesNothing()
    {
        await using var server = await Start();
        File.Delete(Path);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        (await server.Recommend([shop.Keys[0]])).Ok();
        Assert.DoesNotContain("Error", server.Log, StringComparison.Ordinal);
    }

    /// <summary>Every answer in the time of six replacements is one of the two models', whole.</summary>
    [Fact]
    public async Task Replacing_UnderLoad_FailsNoRequest()
    {
        await using var server = await Start();
        using var first = SmallShop.Recommender(shop.Model);
        using var second = SmallShop.Recommender(shop.OtherModel);
        string[] session = [shop.Keys[0], shop.Keys[5]];
        var lists = new[] { first, second }.Select(recommender => recommender.Recommend(session, 20).Items.Select(item => (item.ItemKey, item.Score)).ToArray()).ToArray();
        await server.View("s", session);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(client => Task.Run(async () =>
        {
            var answers = 0;
            for (; !stop.IsCancellationRequested; answers++)
            {
                var reply = client % 2 == 0 ? await server.Recommend(session) : await server.Recommend("s");
                Assert.Contains(lists, list => list.SequenceEqual(reply.Scored));
            }

            return answers;
        })).ToArray();

        for (var i = 0; i < 6; i++)
        {
            var version = (await server.Get("/v1/model")).Word("version");
            Rename(i % 2 == 0 ? shop.OtherModel : shop.Model);
            await Until(server, "replaced", () => server.Get("/v1/model"), reply => reply.Word("version") != version);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(clients), answers => Assert.True(answers > 0));
        Assert.DoesNotContain("Error", server.Log, StringComparison.Ordinal);
    }

    private string Path => _folder.In("served.nextitem");

    private static string Version(Reply reply) => reply.Json.GetProperty("model").GetProperty("version").GetString()!;

    private Task<Served> Start()
    {
        File.Copy(shop.Model, Path);
        return Served.Start(Path, options => options with { ReloadCheck = TimeSpan.FromMilliseconds(20) });
    }

    private void Rename(string model)
    {
        File.Copy(model, Path + ".new");
        File.SetLastWriteTimeUtc(Path + ".new", File.GetLastWriteTimeUtc(Path).AddSeconds(1));
        File.Move(Path + ".new", Path, overwrite: true);
    }

    private static async Task<Reply> Until(Served server, string what, Func<Task<Reply>> ask, Func<Reply, bool> holds)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            var reply = (await ask()).Ok();
            if (holds(reply))
                return reply;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"The model was not {what}. The log: {server.Log}");
    }
}
