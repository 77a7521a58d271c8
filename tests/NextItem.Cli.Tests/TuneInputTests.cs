using NextItem.Cli.Settings;

namespace NextItem.Cli.Tests;

/// <summary>tune: spaces and data that cannot be.</summary>
public sealed class TuneInputTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The lines as the official repositories publish them, with their spaces and without.</summary>
    [Fact]
    public async Task Space_OfficialLines_AreReadAsTheyAre()
    {
        var file = _folder.Text("""
            {"name":"layers", "dtype":"int", "values":[8,16], "step":4}
            {"name":"learning_rate", "dtype":"float", "values":[0.01, 0.25], "step":0.005}
            {"name":"sigma","dtype":"float","values":[0.001,0.1],"log":true}

            {"name":"elu_param", "dtype":"categorical", "values":[0.5, 1, 0]}
            """);
        var space = SpaceFile.Read(new FileInfo(file), new TunedNames(null, ofPrnn: false));
        Assert.Equal(["layers", "learning_rate", "sigma", "elu_param"], space.Space.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([SearchKind.Whole, SearchKind.Real, SearchKind.Real, SearchKind.Choice], space.Space.Parameters.Select(parameter => parameter.Kind));
        Assert.Equal((8, 16, 4), (space.Space.Parameters[0].Low, space.Space.Parameters[0].High, space.Space.Parameters[0].Step));
        Assert.True(space.Space.Parameters[2].IsLogarithmic);
        Assert.Equal(["0.5", "1", "0"], space.Space.Parameters[3].Values);
        (await Cli.Run("tune", "--data", shop.Train, "--valid", shop.Test, "--space", file, "--out", _folder.NewPath(".json"), "--trials", "2", "--set", "loss=bpr-max,n_epochs=1,n_sample=16"))
            .Succeeded("layers: 8 to 16 by 4, whole", "sigma: 0.001 to 0.1, logarithmic", "elu_param: of 0.5, 1, 0");
    }

    public static TheoryData<string> Samples => [.. Directory.GetFiles(Path.Combine(Repository.Root, "samples/spaces"), "*.json").Select(path => Path.GetFileName(path)).Order()];

    /// <summary>A sample names its algorithm, its hyperparameters are that one's, and the ends of its ranges are allowed.</summary>
    [Theory, MemberData(nameof(Samples))]
    public async Task Space_ASample_IsUnderstoodAndValid(string name)
    {
        var file = Path.Combine(Repository.Root, "samples/spaces", name);
        // No data: what is wrong with the space would be told before that.
        (await Cli.Run("tune", "--data", "no-data.tsv", "--valid", "no-valid.tsv", "--space", file, "--out", _folder.NewPath(".json"))).Failed(1, "no-data.tsv");
    }

    [Fact]
    public async Task Space_ManyFaults_ListsAllOfThem()
    {
        var file = _folder.Text("""
            {
              "fixed": { "momentum": 0.1, "smoothing": "much", "lerning_rate": 1 },
              "extra": 1,
              "space": {
                "learning_rat": { "kind": "uniform", "low": 0, "high": 1 },
                "momentum": { "kind": "uniform", "low": 0, "high": 1 },
                "layers": { "kind": "whole", "low": 1, "high": 2 },
                "bpreg": { "kind": "uniform", "low": "x", "high": 1, "stepp": 2 },
                "batch_size": { "kind": "integer", "low": 1 },
                "n_sample": 5,
                "seed": [1, 2],
                "learning_rate": { "low": 0, "high": 1 },
                "lr": [1],
                "elu_param": { "kind": "choice", "values": [1], "low": 2 },
                "sample_alpha": { "dtype": "double", "values": [0, 1] },
                "logq": { "kind": "uniform", "low": 0, "high": 1, "when": { "loss": ["a"], "x": ["b"] } }
              }
            }
            """, ".json");
        var result = (await Tune(file)).Failed(2);
        string[] expected =
        [
            "there is no key 'extra' beside 'space'", "There is no hyperparameter 'learning_rat'. Did you mean 'learning_rate'?", "'layers' has the kind 'whole'; expected one of choice, uniform, log-uniform, integer, log-integer.",
            "'bpreg' has 'stepp'; expected of", "'bpreg' has the 'low' \"x\"; expected a number.", "'batch_size' has no range; expected 'low' and 'high'", "'n_sample' is 5; expected a list of values",
            "'seed' is not searched: it is chance", "'learning_rate' has no 'kind'", "'lr' is there twice, first as 'learning_rate'", "'elu_param' is a choice and has 'low'", "'sample_alpha' has the dtype 'double'; expected one of categorical, float, int.",
            "'logq' has the 'when'", "'fixed': 'momentum' is searched too", "'fixed': There is no hyperparameter 'lerning_rate'. Did you mean 'learning_rate'?",
        ];
        Assert.All(expected, fault => Assert.Contains(fault, result.Errors, StringComparison.Ordinal));
        Assert.Equal(expected.Length, result.ErrorLines.Length);
    }

    [Theory]
    [InlineData("""{ "space": { "momentum": { "kind": "uniform", "low": 0.5, "high": 0.1 }, "bpreg": { "kind": "log-uniform", "low": 0, "high": 1 } } }""", "'momentum' goes from 0.5 to 0.1", "'bpreg' is logarithmic and begins at 0")]
    [InlineData("""{ "space": { "bpreg": { "kind": "uniform", "low": 0, "high": 1, "when": { "loss": "bpr-max" } } } }""", "'bpreg' is conditional on 'loss'; expected a hyperparameter that stands before it", "")]
    [InlineData("""{ "space": { "batch_size": [0, 32], "dropout_p_embed": { "kind": "uniform", "low": 0, "high": 1 } } }""", "batch_size=0: batch_size is 0; expected", "dropout_p_embed=1: dropout_p_embed is 1; expected")]
    [InlineData("""{ "space": { "n_epochs": [5, 10] } }""", "'n_epochs' is not searched with halving", "")]
    [InlineData("""{ "space": { "loss": ["bprmax", "nonsense"] } }""", "loss=nonsense: 'loss' is 'nonsense'; expected one of", "")]
    [InlineData("""{ "fixed": { "n_epochs": 0 }, "space": { "momentum": [0, 0.1] } }""", "n_epochs is 0", "")]
    [InlineData("""{ "space": { } }""", "The space has no hyperparameter", "")]
    [InlineData("""{ "space": [1] }""", "is no search space; expected an object with 'space'", "")]
    [InlineData("""{ "space": { """, "line 1: not JSON", "")]
    [InlineData("", "line 1: not JSON", "")]
    [InlineData("""{"name":"layers"}""", "line 1: 'layers' has no 'kind'", "")]
    [InlineData("""{ "algorithm": "v-sknn", "space": { "momentum": [0, 0.1] } }""", "'v-sknn' has no hyperparameter 'momentum'", "")]
    [InlineData("""{ "algorithm": "nonsense", "space": { "momentum": [0, 0.1] } }""", "'algorithm' is 'nonsense'", "")]
    [InlineData("""{ "space": { "text.units": [10] } }""", "'text.units' is an option of a p-RNN; expected --algorithm prnn with it.", "")]
    public async Task Space_ThatCannotBe_IsRefusedBeforeTheDataIsRead(string space, string first, string second) =>
        (await Cli.Run("tune", "--data", "no-data.tsv", "--valid", "no-valid.tsv", "--space", _folder.Text(space, ".json"), "--out", _folder.NewPath(".json"))).Failed(2, first, second);

    [Fact]
    public async Task Usage_ThatCannotBe_IsRefused()
    {
        var space = _folder.Text("""{ "space": { "momentum": [0, 0.1] } }""", ".json");
        (await Tune(space, "--set", "momentum=0.2")).Failed(2, "--set has every hyperparameter of");
        (await Tune(space, "--no-halving", "--factor", "2")).Failed(2, "expected one of the two");
        (await Tune(space, "--first-epochs", "11")).Failed(2, "--first-epochs is 11; expected at least 1 and, with halving, no more than n_epochs, 10.");
        (await Tune(space, "--metric", "ndcg@20")).Failed(2, "--metric is 'ndcg@20'; expected mrr@K or recall@K, as in mrr@20.");
        (await Tune(space, "--trials", "0")).Failed(2, "--trials is '0'; expected a number from 1 to 1,000,000.");
        (await Tune(space, "--parallel", "no")).Failed(2, "--parallel is 'no'");
        (await Tune(space, "--algorithm", "pop")).Failed(2, "--algorithm is 'pop'; expected one of gru4rec, prnn, recent-pop");
        (await Tune(space, "--test", shop.Test)).Failed(2, "--test"); // there is no such option
        (await Tune(_folder.NewPath(".none"))).Failed(1, "does not exist; --space expects a JSON file");
        (await Cli.Run("tune", "--data", shop.Train, "--valid", shop.Test, "--space", space, "--out", space)).Failed(2, "is another file of this command");
        (await Cli.Run("tune", "--data", shop.Train, "--valid", shop.Test, "--space", space, "--out", "/dev/null")).Failed(2, "is a device");
        var knn = _folder.Text("""{ "algorithm": "item-knn", "space": { "alpha": [0, 0.1] } }""", ".json");
        (await Tune(knn, "--algorithm", "v-sknn")).Failed(2, "--algorithm is v-sknn, but", "is for item-knn");
        (await Tune(knn, "--preset", "rsc15-table")).Failed(2, "--preset is for gru4rec and prnn");
    }

    /// <summary>What --set pins is not searched, and what is conditional on it is searched always or never.</summary>
    [Fact]
    public async Task Set_OfWhatIsSearched_PinsIt()
    {
        var space = _folder.Text("""{ "fixed": { "layers": 4, "n_epochs": 1, "n_sample": 8 }, "space": { "loss": ["cross-entropy", "bpr-max"], "bpreg": { "kind": "uniform", "low": 0, "high": 2, "when": { "loss": ["bpr-max"] } }, "dropout_p_hidden": [0, 0.1] } }""", ".json");
        var maximal = (await Tune(space, "--set", "loss=bpr-max", "--trials", "2")).Succeeded("bpreg: 0 to 2\n");
        Assert.Contains("note: --set has loss=bpr-max, so it is not searched.", maximal.Errors, StringComparison.Ordinal);
        var entropy = (await Tune(space, "--set", "loss=cross-entropy", "--trials", "2")).Succeeded("dropout_p_hidden: of 0, 0.1");
        Assert.DoesNotContain("bpreg", entropy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Valid_ThatIsNoHelp_IsRefusedOrWarnedOf()
    {
        string[] train = ["SessionId ItemId Time", "a x 1000", "a y 1010", "b y 2000", "b x 2010", "c x 3000", "c y 3010"];
        var data = _folder.Events(train);
        (await Valid(data, data)).Failed(2, "the file of --data; expected sessions that training does not see.");
        (await Valid(data, _folder.Events(train))).Failed(1, "3 sessions of 3 are in", "with the same items and times, 'a' first");
        (await Valid(data, _folder.Events(train[0], "n x 3100", "n y 3200", "b y 2000", "b x 2010"))).Failed(1, "1 session of 2 is in", "'b' first");
        (await Valid(data, _folder.Events(train[0], "n x 3100", "m z 3200", "m z 3300"))).Failed(1, "nothing to validate on: no session has two events of items that training has (2 of 3 events have others)");
        (await Valid(data, _folder.Events(train[0], "n x 3100", "m x 3200"))).Failed(1, "nothing to validate on: no session has two events; expected");
        (await Valid(_folder.Events(train[0], "a x 1", "b x 2"), data)).Failed(1, "nothing to learn from");
        Assert.Contains("warning: 1 session id of", (await Valid(data, _folder.Events(train[0], "b x 4000", "b y 4010"))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Contains("before", (await Valid(data, _folder.Events(train[0], "n x 10", "n y 20"))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Contains("Are the two swapped?", (await Valid(data, _folder.Events(train[0], "n x 10", "n y 20"))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Contains("1 session of 1 in", (await Valid(data, _folder.Events(train[0], "n x 1500", "n y 4010"))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Contains("longer after the end of", (await Valid(data, _folder.Events(train[0], "n x 9000", "n y 9010"))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Empty((await Valid(data, _folder.Events(train[0], "n x 3100", "n y 3110"))).Succeeded().Errors);
    }

    /// <summary>The files of 'prepare': the test file is no validation file, and what was found is for all that is not the test.</summary>
    [Fact]
    public async Task Files_OfPrepare_AreKnownByTheirNames()
    {
        string[] lines = ["SessionId ItemId Time", "a x 1000", "a y 1010", "b y 2000", "b x 2010", "c x 3000", "c y 3010"];
        string[] valid = [lines[0], "n x 3100", "n y 3110"];
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_folder.NewPath(".x"))!, "prepared")).FullName;
        string At(string name, string[] rows)
        {
            File.Copy(_folder.Events(rows), Path.Combine(folder, name));
            return Path.Combine(folder, name);
        }

        var (train, full) = (At("train_tr.tsv", lines), Path.Combine(folder, "train_full.tsv"));
        var alone = (await Valid(train, At("train_valid.tsv", valid))).Succeeded($"next: nextitem train --data {train} --out");
        Assert.Empty(alone.Errors);
        At("train_full.tsv", [.. lines, .. valid[1..]]);
        (await Valid(train, Path.Combine(folder, "train_valid.tsv"))).Succeeded($"next: nextitem train --data {full} --out");
        Assert.Contains("test.tsv is named like a test file", (await Valid(train, At("test.tsv", valid))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Contains("rsc15-test.tsv is named like", (await Valid(train, At("rsc15-test.tsv", valid))).Succeeded().Errors, StringComparison.Ordinal);
        Assert.Empty((await Valid(train, At("latest.tsv", valid))).Succeeded().Errors);
    }

    /// <summary>Checkpoints of a search whose log was deleted: they would fit, for a run may go on with another learning rate.</summary>
    [Fact]
    public async Task Checkpoints_OfAnotherSearch_AreNotGoneOnWith()
    {
        var space = _folder.Text("""{ "fixed": { "layers": 4, "n_epochs": 2, "n_sample": 8 }, "space": { "learning_rate": [0.1] } }""", ".json");
        var (clean, other) = (_folder.NewPath(".json"), _folder.NewPath(".json"));
        string[] tune = ["tune", "--data", shop.Train, "--valid", shop.Test, "--space", space, "--trials", "1", "--no-halving", "--out"];
        (await Cli.Run([.. tune, clean])).Succeeded();
        var trials = Directory.CreateDirectory(Path.ChangeExtension(other, ".trials")).FullName;
        (await Cli.Run(
            "train", "--data", shop.Train, "--valid", shop.Test, "--out", _folder.NewPath(".nextitem"), "--threads", "1", "--checkpoint", Path.Combine(trials, "trial-0000.checkpoint"),
            "--set", "layers=4,n_epochs=2,n_sample=8,learning_rate=0.001,validation_metric=mrr@20")).Succeeded();
        Assert.True(File.Exists(Path.Combine(trials, "trial-0000.checkpoint")));
        (await Cli.Run([.. tune, other])).Succeeded();
        Assert.Equal(await Expected(clean), await Expected(other));

        static async Task<string> Expected(string settings)
        {
            var text = await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken);
            return text[text.IndexOf("\"parameters\"", StringComparison.Ordinal)..];
        }
    }

    /// <summary>Of a file for another algorithm that alone is told, and not each of its hyperparameters.</summary>
    [Fact]
    public async Task Train_WithSettingsOfABaseline_NamesTheAlgorithm()
    {
        var settings = _folder.Text("""{ "algorithm": "v-sknn", "parameters": { "neighbours": 10 } }""", ".json");
        var result = (await Cli.Run("train", "--data", shop.Train, "--out", _folder.NewPath(".nextitem"), "--params", settings)).Failed(2, "'algorithm' is 'v-sknn'; expected gru4rec. --algorithm v-sknn trains it.");
        Assert.DoesNotContain("neighbours", result.Errors, StringComparison.Ordinal);
    }

    private Task<CliResult> Valid(string data, string valid) => Cli.Run(
        "tune", "--data", data, "--valid", valid, "--space", _folder.Text("""{ "fixed": { "layers": 2, "n_epochs": 1, "n_sample": 2 }, "space": { "momentum": [0, 0.1] } }""", ".json"), "--out", _folder.NewPath(".json"), "--trials", "1");

    private Task<CliResult> Tune(string space, params string[] options) => Cli.Run(["tune", "--data", shop.Train, "--valid", shop.Test, "--space", space, "--out", _folder.NewPath(".json"), .. options]);
}
