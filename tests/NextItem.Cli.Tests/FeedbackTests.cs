using System.Text;
using System.Text.Json;
using NextItem.Data;
using NextItem.Server;

namespace NextItem.Cli.Tests;

/// <summary>The way back from a server's answers to the next model.</summary>
public sealed class FeedbackTests(SmallShop shop) : IDisposable
{
    private const int SessionsEach = 250;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Two days of a shop with two models; then the report against what was counted here, and the script of docs/serving.md as it stands there:
    /// it makes a training set of the events, in the order in which they happened, and puts a new model in place.
    /// </summary>
    [Fact]
    public async Task Events_BecomeAReport_ATrainingSet_AndTheNextModel()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "shop")).FullName;
        var model = Path.Combine(folder, "shop.nextitem");
        File.Copy(shop.Gru4Rec, model);
        var sessions = Sessions();
        var counted = await Play(sessions, model, Path.Combine(folder, "feedback"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "feedback", $"events-{DateTime.UtcNow:yyyy-MM-dd}.jsonl"),
            "{\"session_id\":\"today\",\"item_id\":\"TODAY\",\"timestamp\":\"2026-01-03T00:00:00.000000Z\",\"event_type\":\"view\",\"variant\":\"A\"}\n",
            TestContext.Current.CancellationToken);

        // The report.
        var report = await Cli.RunForJson(_folder, "feedback", "--input", Path.Combine(folder, "feedback"));
        foreach (var (variant, numbers) in report.GetProperty("variants").EnumerateArray().Zip(counted.OrderBy(pair => pair.Key)))
        {
            var (clicks, hits) = (variant.GetProperty("clickThrough"), variant.GetProperty("hitRate"));
            Assert.Equal(
                (numbers.Key, numbers.Value.Lists, numbers.Value.Clicks, numbers.Value.Followed, numbers.Value.Hits),
                (variant.GetProperty("variant").GetString()!, clicks.GetProperty("cases").GetInt32(), clicks.GetProperty("count").GetInt32(), hits.GetProperty("cases").GetInt32(), hits.GetProperty("count").GetInt32()));
            Assert.True(clicks.GetProperty("low").GetDouble() < clicks.GetProperty("value").GetDouble() && clicks.GetProperty("value").GetDouble() < clicks.GetProperty("high").GetDouble());
        }

        Assert.Equal(["click-through", "hit rate"], report.GetProperty("differences").EnumerateArray().Select(difference => difference.GetProperty("name").GetString()));
        var text = (await Cli.Run("feedback", "--input", Path.Combine(folder, "feedback"))).Succeeded().Output;
        Assert.Contains("hit rate, B less A:", text, StringComparison.Ordinal);
        Assert.Matches($@"A +{counted["A"].Lists:N0} ", text);

        // The events, as prepare reads them: every session whole and in its order.
        var prepared = Path.Combine(_folder.Path, "prepared");
        (await Cli.Run("prepare", "--input", Path.Combine(folder, "feedback", "events-2026-01-*.jsonl"), "--out", prepared, "--split", "5m", "--crossing", "keep", "--collapse-repeats", "false", "--min-item-support", "1")).Succeeded();
        var read = EventsFile.Read(Path.Combine(prepared, "train_full.parquet"), cancellationToken: TestContext.Current.CancellationToken);
        var sent = sessions.Select(session => string.Join(' ', session)).ToHashSet();
        Assert.True(read.Count > SessionsEach, $"{read.Count} sessions");
        for (var session = 0; session < read.Count; session++)
            Assert.Contains(string.Join(' ', read.ItemsOf(session).ToArray().Select(read.Catalog.KeyOf)), sent);

        // The script, which finds the program on its path.
        var before = await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken);
        var script = Script();
        var bin = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        await File.WriteAllTextAsync(Path.Combine(bin, "nextitem"), $"#!/bin/sh\nexec {string.Join(' ', Cli.Program.Select(word => $"'{word}'"))} \"$@\"\n", TestContext.Current.CancellationToken);
        (await Cli.RunProcess("chmod", "+x", Path.Combine(bin, "nextitem"))).Succeeded();
        (await Cli.RunProcess("env", $"PATH={bin}:{Environment.GetEnvironmentVariable("PATH")}", "sh", script, folder)).Succeeded();

        Assert.NotEqual(before, await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken));
        var next = await Cli.RunForJson(_folder, "recommend", "--model", model, "--items", shop.Items.First);
        Assert.Equal("none", next.GetProperty("fallback").GetString());
        Assert.Equal("popular", (await Cli.RunForJson(_folder, "recommend", "--model", model, "--items", "TODAY")).GetProperty("fallback").GetString());
        Assert.Equal(["daily.json", "feedback", "feedback.json", "shop.nextitem"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>On the first day there is today's file alone, or none: nothing to learn yet is no failure of cron's.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Script_OnTheFirstDay_SaysSoAndChangesNothing(bool hasEvents)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "shop")).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "feedback"));
        if (hasEvents)
            await File.WriteAllTextAsync(Path.Combine(folder, "feedback", $"events-{DateTime.UtcNow:yyyy-MM-dd}.jsonl"), "{}\n", TestContext.Current.CancellationToken);

        var result = (await Cli.RunProcess("sh", Script(), folder)).Succeeded();

        Assert.Equal("no events before today: nothing to learn yet\n", result.Output);
        Assert.Equal(["feedback"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    /// <summary>daily.sh as it stands in docs/serving.md.</summary>
    private string Script() => _folder.Text(Repository.Read("docs/serving.md").Split("```sh\n")[1].Split("```")[0], ".sh");

    [Fact]
    public async Task WhatIsWrong_IsToldInALine()
    {
        (await Cli.Run("feedback")).Failed(2, "--input");
        (await Cli.Run("feedback", "--input", "no-such-folder")).Failed(1, "no-such-folder: there is no such folder; expected the folder of 'serve --feedback'");
        (await Cli.Run("feedback", "--input", _folder.Path)).Failed(1, "there is no file of shown lists");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "lists-2026-01-02.jsonl"), "nonsense\n", TestContext.Current.CancellationToken);
        (await Cli.Run("feedback", "--input", _folder.Path)).Failed(1, "lists-2026-01-02.jsonl, row 1: 'nonsense'; expected a line as 'serve --feedback' writes it");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--feedback", _folder.Text("a file"))).Failed(1, "is a file; expected a folder for the feedback (--feedback).");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--rules", _folder.Text("""{"pins": []}"""))).Failed(1, "has 'pins', which there is not; expected of hide,");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--rules", "no-such-file")).Failed(1, "no-such-file");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--model-b", "no-such-model")).Failed(1, "no-such-model does not exist");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--split-b", "0.2")).Failed(2, "split-b is given without model-b");
        (await Cli.Run("serve", "--model", shop.Gru4Rec, "--model-b", shop.Markov, "--split-b", "20")).Failed(2, "--split-b is '20'; expected a number from 0 to 1.");
    }

    /// <summary>Sessions of two events or more.</summary>
    private string[][] Sessions()
    {
        var set = EventsFile.Read(shop.Train);
        return [.. Enumerable.Range(0, set.Count).Select(session => set.ItemsOf(session).ToArray().Select(set.Catalog.KeyOf).ToArray()).Where(items => items.Length > 1).Take(2 * SessionsEach)];
    }

    /// <summary>Visits of two days; who finds the next item on the list clicks it there. Tells what a report should say of each variant.</summary>
    private async Task<Dictionary<string, (int Lists, int Clicks, int Followed, int Hits)>> Play(string[][] sessions, string model, string feedback)
    {
        var time = new SetTime();
        var options = new ServerOptions { ModelPath = model, ModelBPath = shop.Markov, SplitB = 0.4, FeedbackPath = feedback, Urls = ["http://127.0.0.1:0"] };
        await using var server = await NextItemServer.StartAsync(options, null, time, TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        var counted = new Dictionary<string, (int Lists, int Clicks, int Followed, int Hits)>();
        for (var session = 0; session < sessions.Length; session++)
        {
            (string Id, string Variant, string[] Items)? shown = null;
            foreach (var item in sessions[session])
            {
                time.Now = time.Now.AddSeconds(30);
                var isHit = shown?.Items.Contains(item) == true;
                if (shown is { } before && counted[before.Variant] is var numbers)
                    counted[before.Variant] = (numbers.Lists, numbers.Clicks + (isHit ? 1 : 0), numbers.Followed + 1, numbers.Hits + (isHit ? 1 : 0));
                using var content = new StringContent(JsonSerializer.Serialize(new { itemId = item, numResults = 5, recommendationId = isHit ? shown!.Value.Id : "none" }), Encoding.UTF8, "application/json");
                using var response = await client.PostAsync($"/v1/sessions/visit-{session}/events", content, TestContext.Current.CancellationToken);
                using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                var root = answer.RootElement;
                shown = (root.GetProperty("recommendationId").GetString()!, root.GetProperty("model").GetProperty("variant").GetString()!, [.. root.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("itemId").GetString()!)]);
                counted[shown.Value.Variant] = counted.GetValueOrDefault(shown.Value.Variant) is var so ? (so.Lists + 1, so.Clicks, so.Followed, so.Hits) : default;
            }

            if (session == SessionsEach)
                time.Now = new DateTimeOffset(2026, 1, 3, 0, 10, 0, TimeSpan.Zero);
        }

        await server.StopAsync(TestContext.Current.CancellationToken);
        return counted;
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 8, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
