using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace NextItem.Tests.ModelFiles;

/// <summary>docs/read_model.py, a reader in another language that knows only docs/model-file.md, gives our scores.</summary>
public class PythonReaderTests
{
    [Theory, MemberData(nameof(SmallModels.Kinds), MemberType = typeof(SmallModels))]
    public void ReadModel_AnyModel_GivesTheSameItemsAndScores(string kind)
    {
        var model = SmallModels.Of(kind).Model;
        var session = new[] { "🛒", "", "two\nlines", "unknown", "item 20" };
        var answer = Run(SmallModels.BytesOf(kind), session);
        Assert.Equal(model.Catalog.Count, answer.GetProperty("items").GetInt32());
        var scores = answer.GetProperty("scores").EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetDouble());

        using var recommender = new Recommender(model);
        var ours = recommender.Recommend(session, model.Catalog.Count).Items;
        Assert.Equal(ours.Select(item => item.ItemKey).Order(StringComparer.Ordinal), scores.Keys.Order(StringComparer.Ordinal));
        foreach (var (key, score) in ours)
            Assert.True(Math.Abs(score - scores[key]) < 1e-4, $"'{key}': {score} here, {scores[key]} there");
        Assert.True(ours[0].Score > ours[^1].Score, "All scores are equal: this shows nothing.");
    }

    private static JsonElement Run(byte[] model, string[] session)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, model);
            var start = new ProcessStartInfo("python3", [Script(), path, .. session]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PYTHONUTF8"] = "1";
            using var python = Start(start);
            var errors = python.StandardError.ReadToEndAsync();
            var output = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            Assert.True(python.ExitCode == 0, $"python3 ended with {python.ExitCode}: {errors.Result}");
            return JsonSerializer.Deserialize<JsonElement>(output);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"python3 cannot be started here, so the reader in Python is not compared: {e.Message}");
            throw;
        }
    }

    private static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "NextItem.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds NextItem.slnx.");
        return Path.Combine(folder.FullName, "docs", "read_model.py");
    }
}
