using System.Text.Json;
using NextItem.Cli.Settings;

namespace NextItem.Cli.Tests;

public class SettingsTests
{
    // The tuned settings that the authors publish, and the parameter file that disagrees with the first of them:
    // loss, final activation, units, batch, dropout of embedding and hidden, rate, momentum, alpha, bpreg, logq.
    public static TheoryData<string, string, string, int, int, double, double, double, double, double, double?, double> Published => new()
    {
        { "rsc15-table", "cross-entropy", "softmax", 100, 32, .1, 0, .1, 0, .75, null, 1 },
        { "rsc15-paramfile", "cross-entropy", "softmax", 100, 32, 0, .4, .2, .2, .5, null, 1 },
        { "yoochoose", "cross-entropy", "softmax", 480, 48, 0, .2, .07, 0, .2, null, 1 },
        { "rees46", "cross-entropy", "softmax", 512, 240, .45, 0, .065, 0, .5, null, 1 },
        { "coveo", "bpr-max", "elu-1", 512, 144, .35, 0, .05, .4, .2, 1.85, 0 },
        { "retailrocket", "bpr-max", "elu-0.5", 224, 80, .5, .05, .05, .4, .4, 1.95, 0 },
        { "diginetica", "bpr-max", "elu-1", 512, 128, .5, .3, .05, .15, .3, .9, 0 },
    };

    // Recall@1, Recall@5, MRR@5, Recall@10, MRR@10, Recall@20, MRR@20 that are published for them.
    public static TheoryData<string, double[]> PublishedScores => new()
    {
        { "rsc15-table", [.1845, .4906, .2954, .6218, .3130, .7283, .3205] },
        { "yoochoose", [.1829, .4478, .2783, .5715, .2949, .6789, .3024] },
        { "rees46", [.1114, .3010, .1778, .4135, .1928, .5293, .2008] },
        { "coveo", [.0513, .1496, .0852, .2212, .0946, .3135, .1010] },
        { "retailrocket", [.1274, .3237, .1977, .4207, .2107, .5186, .2175] },
        { "diginetica", [.0725, .2369, .1288, .3542, .1442, .4995, .1542] },
        { "rsc15-paramfile", [] },
    };

    public static TheoryData<string, string> BadFiles => new()
    {
        { "[1]", "is a JSON array; expected an object of hyperparameters." },
        { "{\"parameters\": 3}", "'parameters' is a JSON number; expected an object of hyperparameters." },
        { "{\"layers\": 100,\n oops}", ", line 2: not JSON: " },
        { "", ", line 1: not JSON: " },
        { "{\"laiers\": 100}", "There is no hyperparameter 'laiers'. Did you mean 'layers'?" },
        { "{\"batch_size\": \"many\"}", "'batch_size' is 'many'; expected a whole number." },
        { "{\"batch_size\": null}", "'batch_size' is 'null'; expected a whole number." },
        { "{\"batch_size\": 1.5}", "'batch_size' is '1.5'; expected a whole number." },
        { "{\"layers\": {\"a\":1}}", "'layers' is '{\"a\":1}'; expected a whole number." },
        { "{\"learning_rate\": true}", "'learning_rate' is 'True'; expected a number." },
        { "{\"parameter\": {}, \"parameters\": {}}", "there is no key 'parameter' beside 'parameters'" },
        { "{\"algorithm\": \"prnn\", \"parameters\": {}}", "'algorithm' is 'prnn'; expected gru4rec" },
    };

    [Theory, MemberData(nameof(Published))]
    public void Preset_Parameters_AreThePublishedOnes(
        string name, string loss, string activation, int units, int batch, double embedding, double hidden, double rate, double momentum, double alpha, double? bpreg, double logq)
    {
        var parameters = Preset(name).GetProperty("parameters");
        double Number(string parameter) => parameters.GetProperty(parameter).GetDouble();

        Assert.Equal(loss, parameters.GetProperty("loss").GetString());
        Assert.Equal(activation, parameters.GetProperty("final_act").GetString());
        Assert.Equal([units], parameters.GetProperty("layers").EnumerateArray().Select(layer => layer.GetInt32()));
        Assert.Equal(
            (batch, embedding, hidden, rate, momentum, alpha, logq),
            (Number("batch_size"), Number("dropout_p_embed"), Number("dropout_p_hidden"), Number("learning_rate"), Number("momentum"), Number("sample_alpha"), Number("logq")));
        Assert.Equal(bpreg, parameters.TryGetProperty("bpreg", out var value) ? value.GetDouble() : null);
        Assert.True(parameters.GetProperty("constrained_embedding").GetBoolean());
        Assert.Equal((2048, 10), (Number("n_sample"), Number("n_epochs")));
    }

    [Theory, MemberData(nameof(Published))]
    public void Preset_Applied_SetsTheOptions(
        string name, string loss, string activation, int units, int batch, double embedding, double hidden, double rate, double momentum, double alpha, double? bpreg, double logq)
    {
        var assignments = new Assignments();
        SettingsFile.AddPreset(name, assignments);

        var options = assignments.ApplyTo(new Gru4RecOptions { Epochs = 3, NegativeSampleCount = 7, BatchSize = 1, LogQ = 0.5f, SampleAlpha = 0.9f });

        Assert.Equal([units], options.Layers);
        Assert.Equal((batch, 10, 2048), (options.BatchSize, options.Epochs, options.NegativeSampleCount));
        Assert.Equal(
            ((float)embedding, (float)hidden, (float)rate, (float)momentum, (float)alpha, (float)logq),
            (options.DropoutEmbedding, options.DropoutHidden, options.LearningRate, options.Momentum, options.SampleAlpha, options.LogQ));
        Assert.Equal(
            (loss == "bpr-max" ? Loss.BprMax : Loss.CrossEntropy, activation, EmbeddingMode.Shared, (float)(bpreg ?? 1)),
            (options.Loss, (options.FinalActivation ?? FinalActivation.UsualOf(options.Loss)).ToString(), options.Embedding, options.ScoreRegularisation));
        options.Validate();
    }

    [Theory, MemberData(nameof(Published))]
    public async Task Preset_OnTheQuickstartsData_Trains(
        string name, string loss, string activation, int units, int batch, double embedding, double hidden, double rate, double momentum, double alpha, double? bpreg, double logq)
    {
        _ = (embedding, hidden, rate, momentum, alpha, bpreg, logq, batch);
        using var folder = new TempFolder();
        var model = folder.NewPath(".nextitem");

        var report = await Cli.RunForJson(folder, "train", "--data", Path.Combine(Repository.Root, "samples/quickstart/train.tsv"), "--out", model, "--preset", name, "--set", "n_epochs=1", "--threads", "1");

        Assert.Equal(1, report.GetProperty("epochs").GetArrayLength());
        Assert.True(report.GetProperty("epochs")[0].GetProperty("loss").GetDouble() > 0);
        var options = report.GetProperty("options");
        Assert.Equal(
            (loss, activation, $"{units}", "1"),
            (options.GetProperty("loss").GetString(), options.GetProperty("final_act").GetString(), options.GetProperty("layers").GetString(), options.GetProperty("n_epochs").GetString()));
        Assert.True(File.Exists(model));
    }

    [Theory, MemberData(nameof(PublishedScores))]
    public void Preset_ExpectedScores_AreThePublishedOnes(string name, double[] scores)
    {
        string[] metrics = ["recall@1", "recall@5", "mrr@5", "recall@10", "mrr@10", "recall@20", "mrr@20"];

        var expected = Preset(name).GetProperty("expected").EnumerateObject().Select(metric => (metric.Name, metric.Value.GetDouble()));

        Assert.Equal(metrics.Zip(scores), expected);
    }

    /// <summary>Ours, whose numbers docs/results.md has: what is expected of them stands there too, with as many digits.</summary>
    [Theory]
    [InlineData("yoochoose-1-64", "cross-entropy", 200)]
    [InlineData("yoochoose-1-64-bpr-max", "bpr-max", 100)]
    [InlineData("rsc15-100k", "cross-entropy", 96)]
    [InlineData("rsc15-100k-bpr-max", "bpr-max", 100)]
    public async Task Preset_OfOurOwn_HasTheNumbersOfTheResultsPage(string name, string loss, int units)
    {
        var preset = Preset(name);
        Assert.Equal((loss, units), (preset.GetProperty("parameters").GetProperty("loss").GetString(), preset.GetProperty("parameters").GetProperty("layers")[0].GetInt32()));
        var row = (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "results.md"), TestContext.Current.CancellationToken))
            .Single(line => line.StartsWith($"| NextItem, preset `{name}`", StringComparison.Ordinal));
        Assert.All(
            ["recall@20", "mrr@20"],
            metric => Assert.Contains($" {preset.GetProperty("expected").GetProperty(metric).GetDouble():F4} ", row, StringComparison.Ordinal));
    }

    [Fact]
    public void Presets_AreThePublishedOnesAndOurs()
    {
        Assert.Equal(
            [
                "coveo", "diginetica", "rees46", "retailrocket", "rsc15-100k", "rsc15-100k-bpr-max", "rsc15-paramfile", "rsc15-table", "yoochoose", "yoochoose-1-64",
                "yoochoose-1-64-bpr-max",
            ],
            SettingsFile.Presets);
    }

    [Fact]
    public void Options_FromEverySource_LaterSourcesWin()
    {
        using var folder = new TempFolder();
        var file = new FileInfo(folder.Text("{\"layers\": [30, 20], \"batch_size\": 8, \"momentum\": 0.5, // a comment\n \"seed\": 9, \"threads\": 5,}", ".json"));

        var options = new TrainingSettings("rsc15-table", file, ["momentum=0.25", "batch_size=16"], 2, 11).Resolve();

        var preset = new TrainingSettings("rsc15-table", null, [], 2, 11).Resolve();
        Assert.Equal(preset with { Layers = [30, 20], BatchSize = 16, Momentum = 0.25f, Seed = 11, Threads = 2 }, options);
        var fileAlone = new TrainingSettings(null, file, [], null, null).Resolve();
        Assert.Equal((9UL, 5, 0.5f), (fileAlone.Seed, fileAlone.Threads, fileAlone.Momentum));
    }

    [Theory, MemberData(nameof(BadFiles))]
    public async Task Params_BadFile_IsToldWithItsNameAndExitCode2(string content, string fault)
    {
        using var folder = new TempFolder();
        var file = folder.Text(content, ".json");

        var result = await Cli.Run("train", "--data", "a", "--out", folder.NewPath(".nextitem"), "--params", file);

        result.Failed(2, fault);
        Assert.StartsWith("nextitem: " + file, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_OfFileAndSet_AreToldAllAtOnce()
    {
        using var folder = new TempFolder();
        var file = folder.Text("{\"laiers\": 1, \"batch_size\": \"x\"}", ".json");

        var result = await Cli.Run("train", "--data", "a", "--out", folder.NewPath(".nextitem"), "--params", file, "--set", "momentun=1,lr=y", "--set", "z");

        result.Failed(2, "'laiers'").Failed(2, "'batch_size' is 'x'").Failed(2, "Did you mean 'momentum'?").Failed(2, "'lr' is 'y'").Failed(2, "--set has 'z'");
        Assert.Equal(5, result.ErrorLines.Length);
    }

    [Fact]
    public async Task Faults_OfValuesOutOfRange_AreToldAllAtOnce()
    {
        var result = await Cli.Run("train", "--data", "a", "--out", "b", "--set", "n_epochs=0,batch_size=0,momentum=1,learning_rate=nan");

        result.Failed(2, "n_epochs is 0").Failed(2, "batch_size is 0").Failed(2, "momentum is 1").Failed(2, "learning_rate is NaN");
        Assert.Equal(4, result.ErrorLines.Length);
    }

    [Fact]
    public async Task Params_NoSuchFileOrAFolder_IsToldWithExitCode1()
    {
        using var folder = new TempFolder();

        (await Cli.Run("train", "--data", "a", "--out", "b", "--params", folder.NewPath(".json"))).Failed(1, "does not exist; --params expects a JSON file");
        (await Cli.Run("train", "--data", "a", "--out", "b", "--params", folder.Path)).Failed(1, "is a directory; --params expects a JSON file");
    }

    private static JsonElement Preset(string name)
    {
        using var stream = typeof(SettingsFile).Assembly.GetManifestResourceStream($"settings/{name}.json")!;
        using var json = JsonDocument.Parse(stream);
        return json.RootElement.Clone();
    }
}
