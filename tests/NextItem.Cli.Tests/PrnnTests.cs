using System.Text.Json;

namespace NextItem.Cli.Tests;

/// <summary><c>train --algorithm prnn</c> and what follows it.</summary>
public sealed class PrnnTests(SmallShop shop) : IDisposable
{
    private static readonly string[] s_quick = ["--set", "layers=12,n_epochs=2,batch_size=16,n_sample=32,learning_rate=0.1", "--threads", "1"];

    private readonly TempFolder _folder = new();

    private string? _features;

    public void Dispose() => _folder.Dispose();

    /// <summary>The shop's items with words of their names and a category.</summary>
    private string Features
    {
        get
        {
            if (_features is null)
            {
                _features = _folder.NewPath(".tsv");
                var lines = File.ReadAllLines(shop.Names).Skip(1).Select(line => line.Split('\t')).Select(parts => $"{parts[0]}\t{parts[1]}\t{parts[0][..4]}");
                File.WriteAllLines(_features, lines.Prepend("ItemId\ttitle\tkind"));
            }

            return _features;
        }
    }

    [Theory]
    [InlineData("parallel", "interleaving", "id text category", 2)]
    [InlineData("shared-weights", "alternating", "id text category", 6)]
    [InlineData("interaction", "residual", "id text category", 6)]
    [InlineData("concatenated", "simultaneous", "concatenated", 2)]
    [InlineData("feature-only", "interleaving", "text category", 2)]
    public async Task Train_AnyArchitecture_GivesAModelThatAllCommandsKnow(string architecture, string strategy, string subnets, int epochs)
    {
        var model = _folder.NewPath(".nextitem");
        var report = await Cli.RunForJson(
            _folder, ["train", "--algorithm", "prnn", "--data", shop.Train, "--features", $"{Features}:text=title;category=kind", "--architecture", architecture, "--strategy", strategy, "--out", model, .. s_quick]);
        Assert.Equal("prnn", report.GetProperty("algorithm").GetString());
        Assert.Equal(architecture, report.GetProperty("options").GetProperty("architecture").GetString());
        Assert.Equal(strategy, report.GetProperty("options").GetProperty("strategy").GetString());
        Assert.Equal(epochs, report.GetProperty("epochs").GetArrayLength());
        var updates = report.GetProperty("subnets").EnumerateArray().ToArray();
        if (architecture == "shared-weights")
        {
            // The matrix that all share is trained in every pass: alternating gives it three times as many.
            Assert.Equal("items", updates[^1].GetProperty("name").GetString());
            Assert.Equal(3 * updates[0].GetProperty("updates").GetInt64(), updates[^1].GetProperty("updates").GetInt64());
            updates = updates[..^1];
        }

        Assert.Equal(subnets.Split(' '), updates.Select(subnet => subnet.GetProperty("name").GetString()));
        Assert.Single(updates.Select(subnet => subnet.GetProperty("updates").GetInt64()).Distinct());
        Assert.All(updates, subnet => Assert.Equal(2, subnet.GetProperty("epochs").GetInt32()));

        var recall = await Recall(model);
        Assert.True(recall > await Recall(shop.Popularity), $"recall {recall}");
        (await Cli.Run("recommend", "--model", model, "--items", shop.Items.First, "--top", "5", "--explain")).Succeeded(shop.Items.First);
        (await Cli.Run("similar", "--model", model, "--item", shop.Items.First)).Succeeded();
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", model)).GetProperty("facts");
        Assert.Equal(strategy, facts.GetProperty("options").GetProperty("strategy").GetString());
        Assert.True(facts.GetProperty("features").GetProperty("text").GetInt32() > 5);
        var comparison = Path.Combine(_folder.Path, "comparison");
        (await Cli.Run("compare", "--models", $"{model},{shop.Markov}", "--data", shop.Test, "--out", comparison, "--metrics", "recall", "--resamples", "100")).Succeeded("prnn");
    }

    /// <summary>Without features it is GRU4Rec with one-hot input: the same numbers.</summary>
    [Fact]
    public async Task Train_IdOnly_EqualsGru4Rec()
    {
        var (prnn, gru4Rec) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        var one = await Cli.RunForJson(_folder, ["train", "--algorithm", "prnn", "--architecture", "id-only", "--data", shop.Train, "--out", prnn, .. s_quick]);
        var other = await Cli.RunForJson(_folder, ["train", "--data", shop.Train, "--out", gru4Rec, .. s_quick, "--set", "constrained_embedding=False,embedding=0"]);
        Assert.Equal(Losses(other), Losses(one));
        Assert.Equal(await Recall(gru4Rec), await Recall(prnn));

        static double[] Losses(JsonElement report) => [.. report.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble())];
    }

    [Fact]
    public async Task Train_SettingsFile_SaysFeaturesAndSubnets()
    {
        var settings = _folder.NewPath(".json");
        await File.WriteAllTextAsync(
            settings,
            JsonSerializer.Serialize(new
            {
                algorithm = "prnn",
                features = new { file = Features, text = "title", category = "kind" },
                parameters = new Dictionary<string, object> { ["strategy"] = "simultaneous", ["layers"] = 10, ["n_epochs"] = 1, ["text"] = new { units = 7, learning_rate = 0.02, weight = 0.5 } },
            }),
            TestContext.Current.CancellationToken);
        var model = _folder.NewPath(".nextitem");
        var options = (await Cli.RunForJson(_folder, "train", "--algorithm", "prnn", "--data", shop.Train, "--params", settings, "--set", "category.units=5", "--threads", "1", "--out", model)).GetProperty("options");
        Assert.Equal(
            ["simultaneous", "7", "0.02", "0.5", "5", "10"],
            ((string[])["strategy", "text.units", "text.learning_rate", "text.weight", "category.units", "layers"]).Select(name => options.GetProperty(name).GetString()));
    }

    /// <summary>Every option of a p-RNN's own is told back under the name that sets it.</summary>
    [Theory]
    [InlineData("interaction", "alternating", "interaction_trains_id")]
    [InlineData("parallel", "residual", "bias_in_every_pass")]
    [InlineData("parallel", "alternating", "frozen_dropout")]
    [InlineData("shared-weights", "residual", "residual_trains_output")]
    [InlineData("parallel", "interleaving", "interleaving_sums_all")]
    public async Task Train_OwnOption_IsSetAndChangesTheLosses(string architecture, string strategy, string option)
    {
        var (usual, _) = await Run("False");
        var (changed, told) = await Run("True");
        Assert.Equal("True", told);
        Assert.NotEqual(usual, changed);

        async Task<(double[] Losses, string? Told)> Run(string value)
        {
            var report = await Cli.RunForJson(
                _folder, ["train", "--algorithm", "prnn", "--data", shop.Train, "--features", Features, "--architecture", architecture, "--strategy", strategy, "--out", _folder.NewPath(".nextitem"), .. s_quick, "--set", $"dropout_p_hidden=0.3,{option}={value}"]);
            return ([.. report.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble())], report.GetProperty("options").GetProperty(option).GetString());
        }
    }

    /// <summary>What <c>prepare</c> writes beside item properties is no property, unless it is asked for.</summary>
    [Fact]
    public async Task Train_SupportColumn_IsLeftOutOfTheGuess()
    {
        var items = _folder.NewPath(".tsv");
        var lines = await File.ReadAllLinesAsync(Features, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(items, lines.Select((line, i) => $"{line}\t{(i == 0 ? "Support" : $"{i}")}"), TestContext.Current.CancellationToken);
        string[] run = ["train", "--algorithm", "prnn", "--data", shop.Train, "--out", _folder.NewPath(".nextitem"), .. s_quick];
        (await Cli.Run([.. run, "--features", items])).Succeeded("Support: left out (it counts events");
        (await Cli.Run([.. run, "--features", $"{items}:number=Support"])).Succeeded("subnet number: 1 feature");
    }

    [Fact]
    public async Task Train_StoppedAndResumed_NeedsTheFeaturesAgain()
    {
        string[] run = ["train", "--algorithm", "prnn", "--data", shop.Train, "--strategy", "residual", .. s_quick];
        var (whole, model, checkpoint) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"));
        (await Cli.Run([.. run, "--features", Features, "--out", whole, "--checkpoint", checkpoint])).Succeeded();
        var facts = (await Cli.RunForJson(_folder, "inspect", "--model", checkpoint)).GetProperty("facts");
        Assert.Equal("prnn", facts.GetProperty("algorithm").GetString());
        (await Cli.Run([.. run, "--features", Features, "--out", model, "--checkpoint", checkpoint, "--resume"])).Succeeded("6 finished");
        Assert.Equal(await File.ReadAllBytesAsync(whole, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken));

        (await Cli.Run([.. run, "--out", model, "--checkpoint", checkpoint, "--resume"])).Failed(2, "reads item features; expected the --features that it began with");
        (await Cli.Run([.. run, "--features", $"{Features}:text=title", "--out", model, "--checkpoint", checkpoint, "--resume"])).Failed(1, "other item features");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", checkpoint, "--resume")).Failed(1, "holds the run of a p-RNN; expected --algorithm prnn");
    }

    [Fact]
    public async Task Train_WarmStart_GoesOnWithItsWordsAndCategories()
    {
        var (old, model) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        string[] run = ["train", "--algorithm", "prnn", "--features", Features, .. s_quick];
        (await Cli.Run([.. run, "--data", shop.Train, "--out", old])).Succeeded();
        (await Cli.Run([.. run, "--data", shop.Test, "--out", model, "--warm-start", old])).Succeeded("encoded with the words and categories of");
        (await Cli.Run([.. run, "--data", shop.Test, "--out", model, "--warm-start", old, "--strategy", "simultaneous"])).Succeeded();
        (await Cli.Run([.. run, "--data", shop.Test, "--out", model, "--warm-start", old, "--architecture", "interaction"])).Failed(2, "architecture=interaction is asked for, but");
        (await Cli.Run([.. run, "--data", shop.Test, "--out", model, "--warm-start", shop.Gru4Rec])).Failed(1, "--warm-start expects prnn, as --algorithm says");
    }

    [Fact]
    public async Task AddItems_NewItems_AreRecommendedAndUnplacedOnesNamed()
    {
        var (model, more, items) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".tsv"));
        (await Cli.Run(["train", "--algorithm", "prnn", "--data", shop.Train, "--features", Features, "--out", model, .. s_quick])).Succeeded();
        var known = (await File.ReadAllLinesAsync(Features, TestContext.Current.CancellationToken))[1].Split('\t');
        await File.WriteAllLinesAsync(items, ["ItemId\ttitle\tkind", $"twin\t{known[1]}\t{known[2]}", "stranger\tqqq\tqqq", string.Join('\t', known)], TestContext.Current.CancellationToken);
        var report = await Cli.RunForJson(_folder, "add-items", "--model", model, "--features", items, "--out", more);
        Assert.Equal((61, 1, 1, 1), (report.GetProperty("items").GetInt32(), report.GetProperty("added").GetInt32(), report.GetProperty("known").GetInt32(), report.GetProperty("withoutPlace").GetInt32()));
        var run = await Cli.Run("add-items", "--model", model, "--features", items, "--out", more);
        run.Succeeded("1 new item; 1 of the file's are in the model already");
        Assert.Contains("left out: stranger", run.Errors, StringComparison.Ordinal);

        // Every option changes where the new item stands among all.
        var usual = await Score();
        Assert.NotEqual(usual, await Score("--penalty", "0.01"));
        Assert.NotEqual(usual, await Score("--half-trust", "1000"));
        Assert.Equal(usual + 2.5, await Score("--boost", "2.5"), 1e-4);
        Assert.Equal(usual, await Score());

        (await Cli.Run("add-items", "--model", shop.Gru4Rec, "--features", items, "--out", more)).Failed(1, "holds a model of algorithm 'gru4rec' that reads no item features");
        (await Cli.Run("add-items", "--model", model, "--features", $"{items}:text=titel", "--out", more)).Failed(2, "add-items reads the columns that the model was trained with; expected the file alone");
        (await Cli.Run("add-items", "--model", model, "--features", Features, "--out", more)).Failed(1, "there is no new item that could be added");
        (await Cli.Run("add-items", "--model", model, "--features", items, "--penalty", "0", "--half-trust", "-1", "--boost", "x", "--out", more))
            .Failed(2, "--penalty is '0'; expected a number above 0", "--half-trust is '-1'; expected a number of at least 0", "--boost is 'x'; expected a number");

        async Task<double> Score(params string[] options)
        {
            (await Cli.Run(["add-items", "--model", model, "--features", items, .. options, "--out", more])).Succeeded();
            var best = await Cli.RunForJson(_folder, "recommend", "--model", more, "--items", shop.Items.First, "--top", "61");
            Assert.Equal(61, best.GetProperty("items").GetArrayLength());
            return best.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("itemId").GetString() == "twin").GetProperty("score").GetDouble();
        }
    }

    /// <summary>Whatever is written, item features are not.</summary>
    [Theory, InlineData("--out"), InlineData("--json"), InlineData("--history"), InlineData("--checkpoint")]
    public async Task Train_OutputOverTheFeatures_IsRefused(string option)
    {
        var settings = _folder.NewPath(".json");
        await File.WriteAllTextAsync(settings, JsonSerializer.Serialize(new { features = Features, parameters = new { n_epochs = 1 } }), TestContext.Current.CancellationToken);
        var before = await File.ReadAllTextAsync(Features, TestContext.Current.CancellationToken);
        foreach (var said in new[] { new[] { "--features", Features }, ["--params", settings] })
        {
            string[] output = option == "--out" ? [] : ["--out", _folder.NewPath(".nextitem")];
            (await Cli.Run(["train", "--algorithm", "prnn", "--data", shop.Train, .. said, .. output, option, Features])).Failed(2);
            Assert.Equal(before, await File.ReadAllTextAsync(Features, TestContext.Current.CancellationToken));
        }

        (await Cli.Run("train", "--algorithm", "prnn", "--data", shop.Train, "--features", "nowhere.tsv", "--out", _folder.NewPath(".nextitem"))).Failed(1, "nowhere.tsv does not exist; --features expects a file of item features.");
    }

    [Theory]
    [InlineData("--algorithm prnn --features {F} --strategy residual --set n_epochs=1,text.epochs=2147483647", "expected 1000000 at most")]
    [InlineData("--algorithm prnn --features {F} --strategy alternating --valid {T} --set patience=1", "patience is 1; expected at least 3")]
    [InlineData("--algorithm prnn", "architecture parallel reads item features; expected --features")]
    [InlineData("--algorithm prnn --architecture id-only --features {F}", "architecture id-only has no use for item features")]
    [InlineData("--features {F}", "--features: for --algorithm prnn, the one that reads item features; 'gru4rec' does not.")]
    [InlineData("--algorithm markov --strategy residual", "--strategy: for --algorithm prnn")]
    [InlineData("--algorithm prnn --features {F} --strategy parallel", "--strategy is 'parallel'; expected one of interleaving, residual, alternating, simultaneous.")]
    [InlineData("--algorithm prnn --features {F} --set text.size=3", "'text.size' asks for 'size' of subnet 'text'; expected one of units,")]
    [InlineData("--algorithm prnn --features {F} --set picture.units=3", "There is no subnet 'picture'; expected one of id, text, category")]
    [InlineData("--algorithm prnn --features {F} --set stategy=residual", "Did you mean 'strategy'?")]
    [InlineData("--set strategy=residual", "'strategy' is an option of a p-RNN; expected --algorithm prnn with it.")]
    [InlineData("--algorithm prnn --features {F} --preset rsc15-table", "preset rsc15-table: 'algorithm' is 'gru4rec'; expected prnn, as --algorithm says.")]
    [InlineData("--algorithm prnn --features {F} --set layers=5/4,bptt=2", "layers is 5/4; expected one")]
    public async Task Train_WhatDoesNotGoTogether_IsRefused(string args, string message)
    {
        string[] given = [.. args.Split(' ').Select(word => word switch { "{F}" => Features, "{T}" => shop.Test, _ => word })];
        (await Cli.Run(["train", "--data", shop.Train, "--out", _folder.NewPath(".nextitem"), .. given])).Failed(2, message);
    }

    private async Task<double> Recall(string model)
    {
        var report = await Cli.RunForJson(_folder, "evaluate", "--model", model, "--data", shop.Test);
        return report.GetProperty("metrics").EnumerateArray().Single(metric => metric.GetProperty("name").GetString() == "recall" && metric.GetProperty("cutoff").GetInt32() == 20).GetProperty("value").GetDouble();
    }
}
