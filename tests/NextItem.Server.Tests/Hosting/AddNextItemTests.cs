using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using NextItem.Hosting;

namespace NextItem.Server.Tests.Hosting;

public sealed class AddNextItemTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Path => _folder.In("live.nextitem");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Application_GetsTheAnswersOfRecommend()
    {
        using var host = await Start();
        using var expected = SmallShop.Recommender(shop.Model);
        var recommender = host.Services.GetRequiredService<LiveRecommender>();
        string[] session = [shop.Keys[3], "nobody knows", shop.Keys[8]];

        Assert.Equal(expected.Recommend(session, 7).Items, recommender.Recommend(session, 7).Items);
        Assert.Equal(expected.Similar(shop.Keys[3], 4), recommender.Use(one => one.Similar(shop.Keys[3], 4)));
        var seen = recommender.Recommend(session, shop.Keys.Count, _ => new RecommendOptions { ExcludeSeen = true }).Items;
        Assert.DoesNotContain(shop.Keys[3], seen.Select(item => item.ItemKey));
        var allowed = recommender.Recommend(session, 7, catalog => new RecommendOptions { Filter = ItemFilter.AllowOnly(catalog, [shop.Keys[1]]) });
        Assert.Equal([shop.Keys[1]], allowed.Items.Select(item => item.ItemKey));
        Assert.Equal(("gru4rec", expected.Model.Catalog.Count), (recommender.Model.Algorithm, recommender.Model.Items));
    }

    [Fact]
    public async Task ModelOfUnknownData_HasNoTime()
    {
        Put(shop.Imported);
        using var host = await Start(put: false);

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);

        Assert.Null(host.Services.GetRequiredService<LiveRecommender>().Model.TrainedUntil);
        Assert.Equal(["loadedAt", "version"], health.Entries["nextitem"].Data.Keys.Order());
    }

    /// <summary>Eight threads ask while the file is replaced six times: every answer is one of the two models', whole.</summary>
    [Fact]
    public async Task NewFile_IsTakenIn_WhileThreadsAsk()
    {
        using var host = await Start();
        var recommender = host.Services.GetRequiredService<LiveRecommender>();
        string[] session = [shop.Keys[3], shop.Keys[8]];
        var lists = new[] { shop.Model, shop.OtherModel }.Select(path =>
        {
            using var one = SmallShop.Recommender(path);
            return one.Recommend(session, 10).Items.ToArray();
        }).ToArray();
        using var stop = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            var answers = 0;
            do
            {
                var items = recommender.Recommend(session, 10).Items;
                Assert.Contains(lists, list => list.SequenceEqual(items));
                answers++;
            }
            while (!stop.IsCancellationRequested);

            return answers;
        })).ToArray();

        for (var i = 0; i < 6; i++)
        {
            var before = recommender.Model.Version;
            Put(i % 2 == 0 ? shop.OtherModel : shop.Model);
            await Until(() => recommender.Model.Version != before);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(threads), answers => Assert.True(answers > 0));
    }

    [Fact]
    public async Task DamagedFile_IsRefused_AndTheHealthCheckSaysSo()
    {
        using var host = await Start();
        var recommender = host.Services.GetRequiredService<LiveRecommender>();
        using var measured = new Measured(host.Services.GetRequiredService<IMeterFactory>());
        var health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancelled)).Status);
        var before = recommender.Model.Version;

        var bytes = await File.ReadAllBytesAsync(Path, Cancelled);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(Path, bytes, Cancelled);
        await Until(() => recommender.Model.Refused is not null);

        var entry = (await health.CheckHealthAsync(Cancelled)).Entries["nextitem"];
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("checksum", entry.Description, StringComparison.Ordinal);
        Assert.Equal(before, recommender.Model.Version);
        Assert.NotEmpty(recommender.Recommend([shop.Keys[3]], 5).Items);
        await Until(() => measured.Gauge("nextitem.models.refused", ("variant", "A")) >= 1);
        Assert.Throws<ModelFileException>(recommender.Reload);

        Put(shop.OtherModel);
        recommender.Reload();
        Assert.NotEqual(before, recommender.Model.Version);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(Cancelled)).Status);
    }

    [Fact]
    public async Task Metrics_TellWhatWasDone()
    {
        using var host = await Start();
        var recommender = host.Services.GetRequiredService<LiveRecommender>();
        using var measured = new Measured(host.Services.GetRequiredService<IMeterFactory>());

        recommender.Recommend([shop.Keys[3], "x", "y"], 5);
        recommender.Recommend(["x"], 5);

        Assert.Equal(1, measured.Sum("nextitem.recommendations", ("variant", "A"), ("fallback", "none")));
        Assert.Equal(1, measured.Sum("nextitem.recommendations", ("variant", "A"), ("fallback", "popular")));
        Assert.Equal(3, measured.Sum("nextitem.unknown_items", ("variant", "A")));
        Assert.Equal(2, measured.Values("nextitem.recommendation.duration", ("variant", "A")).Count(seconds => seconds > 0));
        Assert.Equal(1, measured.Gauge("nextitem.model", ("version", recommender.Model.Version), ("algorithm", "gru4rec")));
        Assert.Equal(recommender.Model.Items, measured.Gauge("nextitem.model.items"));
        Assert.InRange(measured.Gauge("nextitem.recommendation.coverage"), 5.0 / recommender.Model.Items, 10.0 / recommender.Model.Items);
        Assert.InRange(measured.Gauge("nextitem.model.age"), 0, 3600);
    }

    [Fact]
    public async Task WhatIsWrong_FailsTheStart()
    {
        await File.WriteAllTextAsync(Path, "nonsense", Cancelled);
        await Assert.ThrowsAsync<ModelFileException>(() => Start(put: false));
        var faults = Assert.Throws<OptionsException>(() => new ServiceCollection().AddNextItem("", options => options with { ReloadCheck = TimeSpan.Zero })).Faults;
        Assert.Equal(2, faults.Count);
    }

    /// <summary>The sample is a program of its own: 20 lines, no web framework.</summary>
    [Fact]
    public async Task Sample_PrintsWhatRecommendGives()
    {
        var sample = System.IO.Path.Combine(Repository.Root, "artifacts", "bin", "embedding", Repository.Configuration);
        var start = new ProcessStartInfo("dotnet", [System.IO.Path.Combine(sample, "embedding.dll"), shop.Model, shop.Keys[3], shop.Keys[8]]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);

        using var expected = SmallShop.Recommender(shop.Model);
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("info:", StringComparison.Ordinal)).ToArray();
        Assert.Equal(0, process.ExitCode);
        Assert.All(expected.Recommend([shop.Keys[3], shop.Keys[8]], 3).Items, item => Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{item.ItemKey} {item.Score:R}"), lines));
        Assert.Contains("Healthy", lines);
        Assert.InRange(File.ReadAllLines(System.IO.Path.Combine(Repository.Root, "samples/embedding/Program.cs")).Length, 10, 20);
        Assert.DoesNotContain("AspNetCore", await File.ReadAllTextAsync(System.IO.Path.Combine(sample, "embedding.runtimeconfig.json"), Cancelled), StringComparison.Ordinal);
    }

    private async Task<IHost> Start(bool put = true)
    {
        if (put)
            Put(shop.Model);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddNextItem(Path, options => options with { ReloadCheck = TimeSpan.FromMilliseconds(20) });
        var host = builder.Build();
        try
        {
            await host.StartAsync(Cancelled);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Renamed into place, with a time of its own: two files written within a tick of the clock would look the same.</summary>
    private void Put(string model)
    {
        var written = File.Exists(Path) ? File.GetLastWriteTimeUtc(Path).AddSeconds(1) : File.GetLastWriteTimeUtc(model);
        File.Copy(model, Path + ".new");
        File.SetLastWriteTimeUtc(Path + ".new", written);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    private static async Task Until(Func<bool> holds)
    {
        for (var tries = 0; tries < 1000 && !holds(); tries++)
            await Task.Delay(10, Cancelled);
        Assert.True(holds());
    }
}
