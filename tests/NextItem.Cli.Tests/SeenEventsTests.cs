using NextItem.Cli.Review;

namespace NextItem.Cli.Tests;

/// <summary>Measuring on what training saw: <c>evaluate</c> and <c>train --valid</c> say so, and say nothing where the data are as they should be.</summary>
public sealed class SeenEventsTests(SmallShop shop) : IDisposable
{
    private const string Header = "SessionId ItemId Time";

    private static readonly string[] s_train = [Header, "a x 1000", "a y 1010", "b y 2000", "b x 2010", "c x 3000", "c y 3010"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_OnItsOwnTraining_Warns()
    {
        foreach (var model in new[] { shop.Gru4Rec, shop.Markov })
        {
            Assert.Equal(
                "nextitem: warning: the model was trained on these very events: the numbers tell how well it remembers, not how well it foretells.\n",
                (await Evaluate(model, shop.Train)).Errors);
            Assert.Empty((await Evaluate(model, shop.Test)).Errors);
        }
    }

    [Fact]
    public async Task Evaluate_OnAPartOfItsTraining_WarnsAsCompareDoes()
    {
        var part = _folder.Text(string.Concat((await File.ReadAllLinesAsync(shop.Train, TestContext.Current.CancellationToken)).Take(200).Select(line => line + "\n")), ".tsv");
        var warning = (await Evaluate(shop.Markov, part)).Errors;
        Assert.Contains("nextitem: warning: ", warning, StringComparison.Ordinal);
        Assert.Contains("test sessions (100.0 %) start before training ends", warning, StringComparison.Ordinal);
        (await Cli.Run("compare", "--models", shop.Markov, "--data", part, "--out", _folder.NewPath(""), "--resamples", "100")).Succeeded(warning["nextitem: ".Length..]);
    }

    /// <summary>Compare says of its own training too that it is.</summary>
    [Fact]
    public async Task Compare_OnItsOwnTraining_Warns() =>
        (await Cli.Run("compare", "--models", $"{shop.Markov},{shop.Popularity}", "--data", shop.Train, "--out", _folder.NewPath(""), "--resamples", "100")).Succeeded("warning: the model was trained on these very events");

    /// <summary>A visit that crosses the split is whole on one side: training ends, or the test begins, as much too late or too early.</summary>
    [Theory]
    [InlineData("c y 3400", "crossing of training", false)]
    [InlineData("c y 3010", "crossing of the test", false)]
    [InlineData("c y 9000", "a day into the test", false)] // a visit of training may be long; the model does not say
    [InlineData("c y 11000", "a day into the test", true)]
    public async Task Evaluate_SessionsThatCrossTheSplit_AreNoFault(string last, string kind, bool warns)
    {
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--algorithm", "markov", "--data", _folder.Events([.. s_train[..^1], last]), "--out", model)).Succeeded();
        var rows = new List<string> { Header };
        for (var visit = 0; visit < 50; visit++)
        {
            var start = kind == "crossing of the test" && visit == 0 ? 2_950 : kind == "a day into the test" ? 8_000 + (100 * visit) : 3_300 + (100 * visit);
            rows.AddRange([$"n{visit} x {start}", $"n{visit} y {start + 500}"]);
        }

        Assert.Equal(warns, (await Evaluate(model, _folder.Events([.. rows]))).Errors.Length > 0);
    }

    /// <summary>One visit of training that outlasts all of validation's is what a split by the start of sessions leaves; a second one that begins late is not.</summary>
    [Theory]
    [InlineData("c y 9000", false)]
    [InlineData("c y 9000\nd x 8900\nd y 9000", false)]
    [InlineData("c y 3010\nd x 8900\nd y 9000", true)]
    public async Task Train_SessionsThatCrossTheSplit_AreNoFault(string last, bool warns)
    {
        var data = _folder.Events([.. s_train[..^1], .. last.Split('\n')]);
        var rows = Enumerable.Range(0, 50).SelectMany(visit => new[] { $"n{visit} x {8_000 + (100 * visit)}", $"n{visit} y {8_050 + (100 * visit)}" });
        var result = (await Cli.Run(["train", "--data", data, "--valid", _folder.Events([Header, .. rows]), "--out", _folder.NewPath(".nextitem"), .. SmallShop.Quick])).Succeeded();
        Assert.Equal(warns, result.Errors.Contains("split by time", StringComparison.Ordinal));
    }

    /// <summary>Rows that were numbered file by file for want of times.</summary>
    [Fact]
    public async Task Times_ThatAreAnOrder_TellNothing()
    {
        string Numbered(string name, int step) => _folder.Events([Header, .. Enumerable.Range(0, 100).Select(row => $"{name}{row / 4} i{row * step % 7} {row}")]);
        var (data, test, model) = (Numbered("a", 1), Numbered("b", 3), _folder.NewPath(".nextitem"));
        Assert.Empty((await Cli.Run(["train", "--data", data, "--valid", test, "--out", model, .. SmallShop.Quick])).Succeeded().Errors);
        Assert.Empty((await Evaluate(model, test)).Errors);
        Assert.NotEmpty((await Evaluate(model, data)).Errors);
    }

    /// <summary>Imported weights do not say what they were trained on: their end is 0, which is no time.</summary>
    [Fact]
    public void Evaluation_OfAModelThatKnowsNoTraining_HasNoFinding()
    {
        var sessions = Data.EventsFile.Read(_folder.Events(Header, "a x 0", "a y 1", "b y 0", "b x 1"), cancellationToken: TestContext.Current.CancellationToken);
        var described = Trainer.Describe(PopularityModel.Fit(sessions), sessions);
        Assert.NotNull(DataReview.OfEvaluation(described, sessions));
        var imported = described with { Provenance = described.Provenance with { DataFingerprint = "", Sessions = 0, TrainedUntil = 0 } };
        Assert.Null(DataReview.OfEvaluation(imported, sessions));
        Assert.DoesNotContain(DataReview.OfModel(imported, sessions), finding => finding.Code is "no-time-split" or "same-events");
    }

    [Theory]
    [InlineData("", "is {data}, the file of --data; expected sessions that training does not see.", "")]
    [InlineData("copy", "3 sessions of 3 are in {data} too, with the same items and times, 'a' first; expected sessions that training does not see.", "")]
    [InlineData("part", "1 session of 2 is in {data} too, with the same items and times, 'b' first", "n x 3100|n y 3200|b y 2000|b x 2010")]
    [InlineData("cut", "1 session id of {valid} is in {data} too, with other events", "b x 4000|b y 4010")]
    [InlineData("before", "before {data} begins, 1000: what is measured on it is how well the past is foretold. Are the two swapped?", "n x 10|n y 20")]
    [InlineData("among", "1 session of 1 in {valid} begins before {data} ends, 3010", "n x 1500|n y 4010")]
    [InlineData("after", null, "n x 3100|n y 3110")]
    [InlineData("long after", null, "n x 90000|n y 90010")]
    public async Task Valid_ThatTrainingSeesOrThatIsOfItsTime_IsWarnedOf(string kind, string? warning, string rows)
    {
        var data = _folder.Events(s_train);
        var valid = kind switch { "" => data, "copy" => _folder.Events(s_train), _ => _folder.Events([Header, .. rows.Split('|')]) };
        var result = (await Cli.Run(["train", "--data", data, "--valid", valid, "--out", _folder.NewPath(".nextitem"), .. SmallShop.Quick])).Succeeded();
        if (warning is null)
        {
            Assert.Empty(result.Errors);
            return;
        }

        Assert.StartsWith("nextitem: warning: ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Contains(warning.Replace("{data}", data, StringComparison.Ordinal).Replace("{valid}", valid, StringComparison.Ordinal), result.Errors, StringComparison.Ordinal);
    }

    /// <summary>What is not there is told before the first file is read.</summary>
    [Theory]
    [InlineData("train", "--valid", "--out", "m.nextitem")]
    [InlineData("tune", "--valid", "--out", "tuned.json")]
    [InlineData("inspect", "--test")]
    public async Task Events_ThatAreNotThere_AreToldBeforeOthersAreRead(string command, string option, params string[] others)
    {
        string[] space = command == "tune" ? ["--space", _folder.Text("""{ "algorithm": "item-knn", "space": { "neighbours": [50, 100] } }""", ".json")] : [];
        string[] more = [.. space, .. others.Select(each => each.StartsWith('-') ? each : Path.Combine(_folder.Path, each))];
        var broken = _folder.Events(Header, "a x soon");
        var result = (await Cli.Run([command, "--data", broken, option, "nope.parquet", .. more])).Failed(1, "nope.parquet: there is no such file; expected a file of events.");
        Assert.Empty(result.Output);
        (await Cli.Run([command, "--data", broken, option, _folder.Path, .. more])).Failed(1, $"{_folder.Path}: this is a folder; expected a file of events.");
    }

    private static async Task<CliResult> Evaluate(string model, string data) => (await Cli.Run("evaluate", "--model", model, "--data", data)).Succeeded();
}
