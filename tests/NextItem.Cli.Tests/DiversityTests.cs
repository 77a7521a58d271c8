using System.Text.Json;

namespace NextItem.Cli.Tests;

public sealed class DiversityTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Popularity lists a, b, c (3, 2 and 1 training events) after every event; a and b are of one brand, c of another.</summary>
    [Fact]
    public async Task Features_ThreeItemsOfTwoBrands_AreThisDiverse()
    {
        var (model, test) = await ThreeItems();
        var features = _folder.Events("ItemId brand", "a x", "b x", "c y", "d y");

        var output = (await Cli.Run("evaluate", "--model", model, "--data", test, "--features", $"{features}:category=brand[none]", "--cutoffs", "1,2,3")).Succeeded().Output;
        var json = await Cli.RunForJson(_folder, ["evaluate", "--model", model, "--data", test, "--features", $"{features}:category=brand[none]", "--cutoffs", "1,2,3"]);

        Assert.Equal((0, 0), (Value(json, "diversity", 1), Value(json, "diversity", 2)));
        Assert.Equal(2 / 3.0, Value(json, "diversity", 3), 1e-7);
        Assert.Contains($"{features}: 3 of 3 items; 1 rows of items without an event in training were passed over", output, StringComparison.Ordinal);
        Assert.Contains("Diversity@K", output, StringComparison.Ordinal);
        Assert.Contains("diversity: 0 of 3 listed places have an item without features and are left out, and so are 0 lists", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Features_OfSomeItemsAlone_LeaveTheOthersOutAndCountThem()
    {
        var (model, test) = await ThreeItems();
        var features = _folder.Events("ItemId brand", "a x", "c y");
        string[] command = ["evaluate", "--model", model, "--data", test, "--features", $"{features}:category=brand[none]", "--cutoffs", "3"];

        (await Cli.Run(command)).Succeeded($"{features}: 2 of 3 items", "diversity: 1 of 3 listed places have an item without features and are left out");
        var json = await Cli.RunForJson(_folder, command);

        Assert.Equal(1, Value(json, "diversity", 3), 1e-7); // a and c
        Assert.Equal((3, 1, 0), (Count(json, "places"), Count(json, "placesWithoutFeatures"), Count(json, "listsWithoutPairs")));
    }

    [Fact]
    public async Task Features_OtherColumns_GiveAnotherDiversityAndOnlyThat()
    {
        string[] command = ["evaluate", "--model", shop.Gru4Rec, "--data", shop.Test, "--cutoffs", "20"];
        var without = await Cli.RunForJson(_folder, command);
        var words = await Cli.RunForJson(_folder, [.. command, "--features", $"{shop.Names}:text=Name"]);
        var one = await Cli.RunForJson(_folder, [.. command, "--features", $"{shop.Names}:text=Name;longest_term=1"]);

        Assert.Equal(Value(without, "recall", 20), Value(words, "recall", 20));
        Assert.InRange(Value(words, "diversity", 20), 0.01, 0.99);
        Assert.NotEqual(Value(words, "diversity", 20), Value(one, "diversity", 20));
        Assert.False(without.TryGetProperty("listedFeatures", out _));
    }

    [Fact]
    public async Task Compare_Features_AreMeasuredForEveryModelAsEvaluateDoes()
    {
        var other = _folder.NewPath(".nextitem");
        var (a, b) = shop.Items;
        (await Cli.Run("train", "--algorithm", "pop", "--data", _folder.Events("SessionId ItemId Time", $"s {b} 1", $"s {a} 2"), "--out", other)).Succeeded();
        var folder = _folder.NewPath("");
        (await Cli.Run("compare", "--models", $"{shop.Markov},{shop.Popularity},{other}", "--data", shop.Test, "--out", folder, "--resamples", "100", "--features", $"{shop.Names}:text=Name")).Succeeded("Diversity@20");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "comparison.json"), TestContext.Current.CancellationToken));
        var models = json.RootElement.GetProperty("models").EnumerateArray().ToArray();

        foreach (var (model, place) in new[] { shop.Markov, shop.Popularity }.Select((model, place) => (model, place)))
        {
            var evaluated = await Cli.RunForJson(_folder, ["evaluate", "--model", model, "--data", shop.Test, "--unknown", "miss", "--features", $"{shop.Names}:text=Name", "--ties", "conservative"]);
            Assert.Equal(Value(evaluated, "diversity", 20), Value(models[place], "diversity", 20));
        }

        Assert.InRange(Value(models[2], "diversity", 20), 1e-3, 1); // two items, in the words of the first model's
        Assert.Contains("listed without features", await File.ReadAllTextAsync(Path.Combine(folder, "report.html"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("& Diversity", await File.ReadAllTextAsync(Path.Combine(folder, "comparison.tex"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--metrics has diversity, which goes by item features; expected --features FILE with it.", "--metrics", "diversity,recall")]
    [InlineData(2, "--features is what diversity goes by; expected diversity in --metrics too, or no --metrics.", "--metrics", "recall", "--features", "{names}")]
    [InlineData(2, "there is no 'kind'.", "--features", "{names}:kind=Name")]
    [InlineData(1, "no-such.tsv: there is no such file; expected a file of item features.", "--features", "no-such.tsv")]
    [InlineData(1, "there is no column 'Title'", "--features", "{names}:text=Title")]
    [InlineData(2, "has no feature", "--features", "{names}:text=Name;least_count=10000")]
    public async Task Features_Wrong_AreToldByBothCommands(int exitCode, string message, params string[] options)
    {
        string[] given = [.. options.Select(option => option.Replace("{names}", shop.Names, StringComparison.Ordinal))];
        (await Cli.Run(["evaluate", "--model", shop.Markov, "--data", shop.Test, .. given])).Failed(exitCode, message);
        (await Cli.Run(["compare", "--models", shop.Markov, "--data", shop.Test, "--out", _folder.NewPath(""), .. given])).Failed(exitCode, message);
    }

    private async Task<(string Model, string Test)> ThreeItems()
    {
        var model = _folder.NewPath(".nextitem");
        (await Cli.Run("train", "--algorithm", "pop", "--data", _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "s c 3", "t a 4", "t b 5", "u a 6", "u a 7"), "--out", model)).Succeeded();
        return (model, _folder.Events("SessionId ItemId Time", "v a 8", "v b 9"));
    }

    private static double Value(JsonElement json, string name, int cutoff) => json.GetProperty("metrics").EnumerateArray()
        .Single(metric => metric.GetProperty("name").GetString() == name && metric.GetProperty("cutoff").GetInt32() == cutoff).GetProperty("value").GetDouble();

    private static int Count(JsonElement json, string name) => json.GetProperty("listedFeatures").GetProperty(name).GetInt32();
}
