using System.Text.Json;

namespace NextItem.Cli.Tests;

public sealed class FuseTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fuse_TwoModels_WritesAModelThatAllCommandsKnow()
    {
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("fuse", "--models", $"{shop.Gru4Rec},{shop.Markov}", "--weights", "0.6,0.4", "--rank-offset", "20", "--depth", "40", "--out", model)).Succeeded($"wrote {model} (");

        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", model)).GetProperty("facts");
        Assert.Equal("fusion", facts.GetProperty("algorithm").GetString());
        Assert.Equal("gru4rec (weight 0.6), markov (weight 0.4)", facts.GetProperty("models").GetString());
        (await Cli.Run("inspect", "--model", model)).Succeeded("rank_offset", "20", "depth", "40");

        var recall = await Recall(model);
        Assert.NotEqual(recall, await Recall(shop.Gru4Rec));
        Assert.True(recall > await Recall(shop.Markov) - 0.05, $"recall {recall}");

        // By the definition: markov's first and gru4rec's first are where their ranks put them.
        var fused = Scores(await Cli.RunForJson(_folder, "recommend", "--model", model, "--items", shop.Items.First, "--top", "100"));
        var gru4Rec = Ranks(await Cli.RunForJson(_folder, "recommend", "--model", shop.Gru4Rec, "--items", shop.Items.First, "--top", "40"));
        var markov = Ranks(await Cli.RunForJson(_folder, "recommend", "--model", shop.Markov, "--items", shop.Items.First, "--top", "40"));
        Assert.Equal(gru4Rec.Keys.Union(markov.Keys).Order(), fused.Keys.Order());
        foreach (var (item, score) in fused)
        {
            var expected = (gru4Rec.TryGetValue(item, out var rank) ? 0.6 / (20 + rank) : 0) + (markov.TryGetValue(item, out rank) ? 0.4 / (20 + rank) : 0);
            Assert.Equal(expected, score, 1e-6);
        }

        var comparison = Path.Combine(_folder.Path, "comparison");
        (await Cli.Run("compare", "--models", $"{model},{shop.Markov}", "--data", shop.Test, "--out", comparison, "--metrics", "recall", "--resamples", "100")).Succeeded("fusion");
    }

    [Fact]
    public async Task Fuse_ModelsOfOtherItems_IsRefusedWithTheReason()
    {
        var other = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", _folder.Events("SessionId ItemId Time", "s a 1", "s b 2"), "--out", other, "--algorithm", "markov")).Succeeded();
        (await Cli.Run("fuse", "--models", shop.Markov, "--models", other, "--out", _folder.NewPath(".nextitem")))
            .Failed(1, "Model 2 (markov) has other items than model 1 (markov): 2 items; expected 60.", $"2 is {other}.");
    }

    [Fact]
    public async Task Fuse_FusionInAFusion_IsRefused()
    {
        var fused = _folder.NewPath(".nextitem");
        (await Cli.Run("fuse", "--models", $"{shop.Popularity},{shop.Markov}", "--out", fused)).Succeeded();
        (await Cli.Run("fuse", "--models", $"{shop.Popularity},{fused}", "--out", _folder.NewPath(".nextitem"))).Failed(1, "Model 2 is a fusion itself; expected its models instead.");
    }

    [Theory]
    [InlineData("--weights 1,2,3", "Weights has 3 numbers; expected 2, one for each model, or none.")]
    [InlineData("--weights 1,0", "Weights is 0; expected finite numbers above 0.")]
    [InlineData("--weights 1,x", "--weights has 'x'; expected numbers above 0, separated by commas.")]
    [InlineData("--rank-offset -1", "RankOffset is -1; expected a finite number of at least 0.")]
    [InlineData("--rank-offset x", "--rank-offset is 'x'; expected a number.")]
    [InlineData("--depth -1", "--depth is '-1'; expected a number of at least 0.")]
    public async Task Fuse_WrongOptions_IsRefused(string options, string message) =>
        (await Cli.Run(["fuse", "--models", $"{shop.Popularity},{shop.Markov}", "--out", _folder.NewPath(".nextitem"), .. options.Split(' ')])).Failed(2, message);

    [Fact]
    public async Task Fuse_OneModelOrTheOutputAmongThem_IsRefused()
    {
        (await Cli.Run("fuse", "--models", shop.Markov, "--out", _folder.NewPath(".nextitem"))).Failed(2, "--models names 1 files; expected two or more");
        (await Cli.Run("fuse", "--models", $"{shop.Markov},{shop.Popularity}", "--out", shop.Markov)).Failed(2, "is another file of this command");
    }

    private async Task<double> Recall(string model) =>
        (await Cli.RunForJson(_folder, "evaluate", "--model", model, "--data", shop.Test, "--cutoffs", "20")).GetProperty("metrics").EnumerateArray()
            .First(metric => metric.GetProperty("name").GetString() == "recall").GetProperty("value").GetDouble();

    private static Dictionary<string, double> Scores(JsonElement answer) =>
        answer.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("itemId").GetString()!, item => item.GetProperty("score").GetDouble());

    private static Dictionary<string, int> Ranks(JsonElement answer)
    {
        var scores = Scores(answer);
        return scores.ToDictionary(item => item.Key, item => 1 + scores.Values.Count(score => score > item.Value));
    }
}
