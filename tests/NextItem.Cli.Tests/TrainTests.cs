using System.Text.Json;
using NextItem.Cli.Output;

namespace NextItem.Cli.Tests;

public sealed class TrainTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_Json_HasTheContractsFields()
    {
        var json = await Cli.RunForJson(_folder, ["train", "--data", shop.Train, "--valid", shop.Test, "--out", Model(), .. SmallShop.Quick]);

        var epochs = json.GetProperty("epochs").EnumerateArray().ToArray();
        Assert.Equal([1, 2], epochs.Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.True(epochs[1].GetProperty("loss").GetDouble() < epochs[0].GetProperty("loss").GetDouble(), json.ToString());
        foreach (var epoch in epochs)
        {
            var (seconds, batches) = (epoch.GetProperty("seconds").GetDouble(), epoch.GetProperty("miniBatches").GetInt32());
            Assert.True(seconds > 0);
            Assert.Equal(batches / seconds, epoch.GetProperty("miniBatchesPerSecond").GetDouble(), 1e-3 * batches / seconds);
            var pairs = json.GetProperty("events").GetInt32() - json.GetProperty("sessions").GetInt32();
            Assert.Equal(pairs, epoch.GetProperty("events").GetInt32());
            Assert.Equal(pairs / seconds, epoch.GetProperty("eventsPerSecond").GetDouble(), 1e-3 * pairs / seconds);
            Assert.Contains(epoch.GetProperty("validation").EnumerateArray(), metric => metric.GetProperty("name").GetString() == "recall" && metric.GetProperty("cutoff").GetInt32() == 20);
        }

        Assert.Equal("16", json.GetProperty("options").GetProperty("layers").GetString());
        Assert.Equal(SmallShop.ItemCount, json.GetProperty("items").GetInt32());
        Assert.Equal("gru4rec", json.GetProperty("algorithm").GetString());
    }

    [Fact]
    public async Task Train_TopSamples_TrainResumeAndBeginOthers()
    {
        var model = Model();
        string[] top = ["train", "--data", shop.Train, "--out", model, "--checkpoint", model + ".checkpoint", .. SmallShop.Quick];
        (await Cli.Run([.. top, "--set", "top_samples=5"])).Succeeded("top_samples=5");
        (await Cli.Run([.. top, "--set", "top_samples=5,n_epochs=3", "--resume"])).Succeeded("going on in epoch 3 of 3");
        (await Cli.Run([.. top, "--set", "top_samples=6", "--resume"])).Failed(2, "top_samples=6 is asked for");
        (await Cli.Run([.. top, "--set", "top_samples=5,smoothing=0.1"])).Failed(2, "top_samples is 5 and smoothing 0.1; expected only one of them.");
        (await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--warm-start", model, "--set", "n_epochs=1")).Succeeded("top_samples=5");
        (await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--algorithm", "prnn", "--architecture", "id-only", "--set", "top_samples=3")).Failed(2, "top_samples is 3; expected 0");
    }

    [Theory]
    [InlineData("pop")]
    [InlineData("markov")]
    [InlineData("item-knn")]
    [InlineData("s-pop")]
    [InlineData("recent-pop")]
    [InlineData("rules")]
    [InlineData("bpr-mf")]
    [InlineData("v-sknn")]
    [InlineData("vmis-knn")]
    public async Task Train_Baseline_WritesAModelOfThatAlgorithm(string algorithm)
    {
        var model = Model();

        var json = await Cli.RunForJson(_folder, "train", "--data", shop.Train, "--out", model, "--algorithm", algorithm);

        Assert.Equal(algorithm, json.GetProperty("algorithm").GetString());
        Assert.Empty(json.GetProperty("epochs").EnumerateArray());
        var inspected = await Cli.RunForJson(_folder, "inspect", "--model", model);
        Assert.Equal(algorithm, inspected.GetProperty("facts").GetProperty("algorithm").GetString());
    }

    [Fact]
    public async Task Train_Output_TellsDataOptionsMemoryEpochsAndFile()
    {
        var model = Model();

        var output = (await Cli.Run(["train", "--data", shop.Train, "--out", model, .. SmallShop.Quick])).Succeeded().Output;

        Assert.Contains("events,", output, StringComparison.Ordinal);
        Assert.Contains("gru4rec: layers=16, variant=reset-before, constrained_embedding=True, embedding=0, loss=cross-entropy, final_act=softmax,", output, StringComparison.Ordinal);
        Assert.Contains("memory for training: about", output, StringComparison.Ordinal);
        Assert.Contains("epoch  2/2  loss", output, StringComparison.Ordinal);
        Assert.Contains($"wrote {model} (", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_SameSeedAndThreads_GivesTheSameBytes()
    {
        var first = await Train("--threads", "2", "--seed", "7");

        Assert.Equal(first, await Train("--threads", "2", "--seed", "7"));
        Assert.NotEqual(first, await Train("--threads", "2", "--seed", "8"));
    }

    [Fact]
    public async Task Threads_Given_AreRecordedInTheModel()
    {
        var (one, two) = (Model(), Model());
        (await Cli.Run("train", "--data", shop.Train, "--out", one, "--set", "layers=8,n_epochs=1", "--threads", "1")).Succeeded();
        (await Cli.Run("train", "--data", shop.Train, "--out", two, "--set", "layers=8,n_epochs=1", "--threads", "2")).Succeeded();

        Assert.Contains("1 thread,", (await Cli.Run("inspect", "--model", one)).Output, StringComparison.Ordinal);
        Assert.Contains("2 threads", (await Cli.Run("inspect", "--model", two)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preset_Given_ChangesTheOptionsAndIsOverriddenBySet()
    {
        var options = (await Cli.RunForJson(
            _folder, "train", "--data", shop.Train, "--out", Model(), "--preset", "rsc15-paramfile", "--set", "n_epochs=1", "--set", "layers=8")).GetProperty("options");

        Assert.Equal(("8", "1", "32", "0.4", "0.2"), (Text(options, "layers"), Text(options, "n_epochs"), Text(options, "batch_size"), Text(options, "dropout_p_hidden"), Text(options, "momentum")));
    }

    [Fact]
    public async Task Params_Given_ChangesTheOptions()
    {
        var file = _folder.Text("{\"name\": \"mine\", \"parameters\": {\"layers\": [8, 4], \"n_epochs\": 1}}", ".json");

        var options = (await Cli.RunForJson(_folder, "train", "--data", shop.Train, "--out", Model(), "--params", file)).GetProperty("options");

        Assert.Equal(("8/4", "1"), (Text(options, "layers"), Text(options, "n_epochs")));
    }

    [Fact]
    public async Task Set_Layers_ChangesTheModelsSize()
    {
        var model = Model();
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--set", "layers=8/4,n_epochs=1")).Succeeded();

        var small = (await Cli.RunForJson(_folder, "inspect", "--model", model)).GetProperty("facts").GetProperty("parameters").GetInt64();
        var large = (await Cli.RunForJson(_folder, "inspect", "--model", shop.Gru4Rec)).GetProperty("facts").GetProperty("parameters").GetInt64();

        Assert.InRange(small, 1, large - 1);
    }

    [Fact]
    public async Task Valid_Given_PrintsItsMetricsAndKeepsTheModelsBytes()
    {
        var (plain, validated) = (Model(), Model());
        var without = (await Cli.Run(["train", "--data", shop.Train, "--out", plain, .. SmallShop.Quick])).Succeeded();
        var with = (await Cli.Run(["train", "--data", shop.Train, "--out", validated, "--valid", shop.Test, .. SmallShop.Quick])).Succeeded();

        Assert.DoesNotContain("valid Recall@20", without.Output, StringComparison.Ordinal);
        Assert.Contains("valid Recall@20 0.", with.Output, StringComparison.Ordinal);
        var recommended = await Task.WhenAll(new[] { plain, validated }.Select(model => Cli.Run("recommend", "--model", model, "--items", shop.Items.First)));
        Assert.Equal(recommended[0].Output, recommended[1].Output); // looking at the validation set teaches nothing
    }

    [Fact]
    public async Task Out_InANewFolder_MakesTheFolder()
    {
        var model = Path.Combine(_folder.Path, "new", "deeper", "model.nextitem");

        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", "pop")).Succeeded();

        Assert.Equal(["model.nextitem"], Directory.GetFiles(Path.GetDirectoryName(model)!).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Train_FewerSessionsThanTheBatch_Trains()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "s c 3", "t b 5", "t a 6");

        var json = await Cli.RunForJson(_folder, "train", "--data", data, "--out", Model(), "--set", "n_epochs=3,batch_size=240");

        var losses = json.GetProperty("epochs").EnumerateArray().Select(epoch => epoch.GetProperty("loss").GetDouble()).ToArray();
        Assert.Equal(3, losses.Length);
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss) && loss > 0, $"{loss}"));
    }

    [Fact]
    public async Task Train_MoreThanTheMemory_IsRefusedBeforeAnythingIsAllocated()
    {
        var model = Model();
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--set", "layers=65536/65536/65536/65536/65536/65536/65536/65536"))
            .Failed(1, "Training needs about", "GB of memory, but there are");
        Assert.False(File.Exists(model));
    }

    [Theory]
    [InlineData(4_000_000_000, null)]
    [InlineData(9_500_000_000, "nextitem: warning: training needs about 9.5 GB of memory, and there are 10.0 GB for all programs")]
    [InlineData(13_000_000_000, "nextitem: warning: training needs about 13.0 GB")]
    public void MemoryLimit_TenGigabytes_WarnsOfWhatMayNotFit(long needed, string? warning)
    {
        using var errors = new StringWriter();
        new MemoryLimit(10_000_000_000).Require(needed, new Terminal(TextWriter.Null, errors));
        Assert.Equal(warning is null, errors.ToString().Length == 0);
        Assert.StartsWith(warning ?? "", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryLimit_TenGigabytes_RefusesWhatCannotFit() =>
        Assert.Throws<RunException>(() => new MemoryLimit(10_000_000_000).Require(14_000_000_000, new Terminal(TextWriter.Null, TextWriter.Null)));

    [Fact]
    public void MemoryLimit_OfThisMachine_IsKnown() => Assert.True(MemoryLimit.OfThisMachine().Available > 100_000_000);

    [Fact]
    public async Task Train_OneSessionAndNothingSampled_IsRefused()
    {
        var data = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "t c 3");
        var model = Model();
        (await Cli.Run("train", "--data", data, "--out", model, "--set", "n_sample=0"))
            .Failed(1, $"{data}: nothing to learn from: only one session has two events, and with n_sample=0", "expected at least two such sessions, or n_sample above 0");
        Assert.False(File.Exists(model));
        (await Cli.Run("train", "--data", data, "--out", model, "--set", "n_sample=2,n_epochs=1")).Succeeded("epoch  1/1");
    }

    [Fact]
    public async Task Threads_NotGiven_AreToldWithTheWayToRepeatThem()
    {
        var output = (await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--set", "layers=4,n_epochs=1,n_sample=8,batch_size=512")).Succeeded().Output;
        Assert.Matches("(?m)^threads: 1, .*; the model depends on the number, --threads 1 gives this one again$", output);
    }

    [Fact]
    public async Task Train_MoreThreadsThanProcessorsOrAMetricThatDecidesNothing_IsToldSo()
    {
        var result = (await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--threads", "200", "--set", "layers=4,n_epochs=1,n_sample=8,validation_metric=recall@5")).Succeeded();
        Assert.Contains("nextitem: warning: 200 threads on", result.Errors, StringComparison.Ordinal);
        Assert.Contains("nextitem: note: validation_metric is recall@5, but without patience no training stops by it: it is not measured without --valid.", result.Errors, StringComparison.Ordinal);
    }

    private static string Text(JsonElement options, string name) => options.GetProperty(name).GetString()!;

    private string Model() => _folder.NewPath(".nextitem");

    private async Task<byte[]> Train(params string[] options)
    {
        var model = Model();
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, "--set", "layers=16,n_epochs=1,dropout_p_embed=0.2,n_sample=32", .. options])).Succeeded();
        return await File.ReadAllBytesAsync(model, TestContext.Current.CancellationToken);
    }
}
