using System.Text.Json;

namespace NextItem.Cli.Tests;

/// <summary><c>export</c>. What the graphs compute: NextItem.Interchange.Tests.</summary>
public sealed class ExportTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Export_ToOnnx_WritesAFileForEachGraph()
    {
        var result = (await Cli.Run("export", "--model", shop.Gru4Rec, "--out", In("shop.onnx"))).Succeeded($"wrote {In("shop.step.onnx")} (", $"wrote {In("shop.sessions.onnx")} (", "best 20 items of each session: sessions -> items, scores, popular");

        Assert.Equal(2, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(["shop.sessions.onnx", "shop.step.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.True(new FileInfo(In("shop.step.onnx")).Length > SmallShop.ItemCount * 16 * sizeof(float));
    }

    [Fact]
    public async Task Export_OneGraph_WritesThatAlone()
    {
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--graph", "step", "--out", In("shop"))).Succeeded();
        Assert.Equal(["shop.step.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--top", "7")]
    [InlineData("--exclude-seen")]
    public async Task Export_DefaultsOfTheGraphOfSessions_AreInItAlone(params string[] options)
    {
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--out", In("usual.onnx"))).Succeeded();
        (await Cli.Run(["export", "--model", shop.Gru4Rec, "--out", In("other.onnx"), .. options])).Succeeded();
        Assert.NotEqual(await Bytes("usual.sessions.onnx"), await Bytes("other.sessions.onnx"));
        Assert.Equal(await Bytes("usual.step.onnx"), await Bytes("other.step.onnx"));
    }

    [Fact]
    public async Task Export_ToNpy_WritesVectorsAndAKeyForEach()
    {
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--to", "npy", "--out", In("vectors.npy"))).Succeeded($"wrote {In("vectors.npy")} (", "60 vectors of 17 floats, the last one the item's bias", $"wrote {In("vectors.keys.jsonl")} (");

        Assert.Equal(128 + (60 * 17 * sizeof(float)), new FileInfo(In("vectors.npy")).Length);
        var keys = (await File.ReadAllLinesAsync(In("vectors.keys.jsonl"), TestContext.Current.CancellationToken)).Select(line => JsonSerializer.Deserialize<string>(line)!).ToArray();
        using var stream = File.OpenRead(shop.Gru4Rec);
        var catalog = ModelFile.Load(stream).Model.Catalog;
        Assert.Equal(Enumerable.Range(0, catalog.Count).Select(catalog.KeyOf), keys);
    }

    /// <summary>Keys and the smaller graph fit below the limit, what is written after them does not.</summary>
    [Theory]
    [InlineData("npy", "shop.npy", "vectors", "shop.keys.jsonl", "shop.npy")]
    [InlineData("onnx", "shop.onnx", "graphs", "shop.step.onnx", "shop.sessions.onnx")]
    public async Task Export_SecondFileTooLarge_LeavesBothOldFiles(string to, string output, string what, string first, string second)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such limit");
            return;
        }

        (await Cli.Run("export", "--model", shop.Gru4Rec, "--to", to, "--out", In(output))).Succeeded();
        var (small, large) = (new FileInfo(In(first)).Length, new FileInfo(In(second)).Length);
        Assert.True(large > 512 + small, $"{what} of {small} and {large} bytes");
        foreach (var file in (string[])[first, second])
            await File.WriteAllTextAsync(In(file), "old", TestContext.Current.CancellationToken);

        // In blocks of 512 bytes, with the signal of it ignored, so that writing fails instead; the runtime itself would want a large file of memory.
        var blocks = (small + 511) / 512;
        var result = await Cli.RunProcess(["sh", "-c", $"trap '' XFSZ; ulimit -f {blocks}; DOTNET_EnableWriteXorExecute=0 exec \"$@\"", "sh", .. Cli.Program, "export", "--model", shop.Gru4Rec, "--to", to, "--out", In(output)]);

        result.Failed(1, $"'{In(second)}' would grow larger than a file may be here");
        Assert.Equal(("old", "old"), (await Text(first), await Text(second)));
        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Export_Baseline_SaysWhatCanBeExported()
    {
        (await Cli.Run("export", "--model", shop.Markov, "--out", In("shop.onnx"))).Failed(1, $"{shop.Markov} holds a model of algorithm 'markov', which has no ONNX graph; expected gru4rec or prnn.");
        (await Cli.Run("export", "--model", shop.Markov, "--to", "npy", "--out", In("shop.npy"))).Failed(1, "which has no item vectors; expected gru4rec, prnn or bpr-mf.");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Export_OptionsThatDoNotFit_AreWrongUsage()
    {
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--to", "npy", "--top", "3", "--out", In("shop.npy"))).Failed(2, "--top is for --to onnx; expected --to npy without it.");
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--to", "csv", "--out", In("shop.npy"))).Failed(2, "--to is 'csv'; expected one of onnx, npy.");
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--graph", "step", "--exclude-seen", "--out", In("shop.onnx"))).Failed(2, "--exclude-seen is for the graph of sessions; expected --graph step without it.");
        (await Cli.Run("export", "--model", shop.Gru4Rec, "--top", "0", "--out", In("shop.onnx"))).Failed(2, "--top is '0'; expected a number of at least 1.");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task Export_OverTheModel_IsRefused()
    {
        File.Copy(shop.Gru4Rec, In("shop.step.onnx"));
        (await Cli.Run("export", "--model", In("shop.step.onnx"), "--out", In("shop.onnx"))).Failed(2, "is another file of this command");
        Assert.Equal(await File.ReadAllBytesAsync(shop.Gru4Rec, TestContext.Current.CancellationToken), await Bytes("shop.step.onnx"));
    }

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);

    private Task<string> Text(string name) => File.ReadAllTextAsync(In(name), TestContext.Current.CancellationToken);

    private Task<byte[]> Bytes(string name) => File.ReadAllBytesAsync(In(name), TestContext.Current.CancellationToken);
}
