using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace NextItem.Cli.Tests;

/// <summary><c>train --history</c>: tables and plots that grow by an epoch at a time.</summary>
public sealed class HistoryTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task History_OfAllThreeKinds_IsWrittenAndTheTableAgreesWithJson()
    {
        var (csv, png, svg) = (_folder.NewPath(".csv"), _folder.NewPath(".PNG"), Path.Combine(_folder.Path, "new", "h.svg"));

        var json = await Cli.RunForJson(
            _folder, ["train", "--data", shop.Train, "--valid", shop.Test, "--out", Model(), "--history", csv, "--history", png, "--history", svg, .. SmallShop.Quick]);

        var rows = (await Lines(csv)).Select(line => line.Split(',')).ToArray();
        var epochs = json.GetProperty("epochs").EnumerateArray().ToArray();
        Assert.Equal((2, 3), (epochs.Length, rows.Length));
        for (var epoch = 0; epoch < epochs.Length; epoch++)
        {
            double Cell(string column) => double.Parse(rows[epoch + 1][Array.IndexOf(rows[0], column)], CultureInfo.InvariantCulture);
            double Number(string name) => epochs[epoch].GetProperty(name).GetDouble();
            Assert.Equal(
                (Number("epoch"), Number("loss"), Number("seconds"), Number("miniBatches"), Number("miniBatchesPerSecond"), Number("eventsPerSecond")),
                (Cell("epoch"), Cell("loss"), Cell("seconds"), Cell("mini_batches"), Cell("mini_batches_per_second"), Cell("events_per_second")));
            Assert.Equal(json.GetProperty("events").GetDouble() - json.GetProperty("sessions").GetDouble(), Cell("events"));
            var metrics = epochs[epoch].GetProperty("validation").EnumerateArray().ToArray();
            Assert.Equal(rows[0].Count(column => column.Contains('@')), metrics.Length);
            Assert.All(metrics, metric => Assert.Equal(metric.GetProperty("value").GetDouble(), Cell($"{Text(metric, "name")}@{metric.GetProperty("cutoff").GetInt32()}")));
        }

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(png, TestContext.Current.CancellationToken))[..4]);
        Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
    }

    [Fact]
    public async Task History_Given_LeavesTheModelsBytesAndIsTold()
    {
        var (plain, told, csv) = (Model(), Model(), _folder.NewPath(".csv"));

        (await Cli.Run(["train", "--data", shop.Train, "--out", plain, .. SmallShop.Quick])).Succeeded();
        var output = (await Cli.Run(["train", "--data", shop.Train, "--out", told, "--history", csv, .. SmallShop.Quick])).Succeeded().Output;

        Assert.Equal(await File.ReadAllBytesAsync(plain, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(told, TestContext.Current.CancellationToken));
        Assert.Contains($"wrote {csv} (2 epochs)\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain('@', (await Lines(csv))[0]); // no validation, no metrics
    }

    [Theory]
    [InlineData("h.pdf")]
    [InlineData("h")]
    [InlineData("h.csv.gz")]
    public async Task History_WithAnotherEnding_IsRefused(string name)
    {
        var result = await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--history", "a.csv", "--history", name);

        result.Failed(2, $"--history is '{name}'; expected a file that ends in .csv, .png or .svg.");
        Assert.Empty(result.Output);
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
    public async Task History_OfAModelWithoutEpochs_IsRefused(string algorithm) =>
        (await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--algorithm", algorithm, "--history", "h.csv"))
            .Failed(2, $"'{algorithm}' is fitted in one go");

    [Theory]
    [InlineData("--data")]
    [InlineData("--valid")]
    [InlineData("--params")]
    [InlineData("--out")]
    [InlineData("--json")]
    [InlineData("--history")]
    public async Task History_ThatIsAnotherFileOfTheCommand_IsRefused(string option)
    {
        var file = _folder.Text(option == "--params" ? "{\"layers\": [8]}" : await File.ReadAllTextAsync(shop.Train, TestContext.Current.CancellationToken), ".csv");
        var before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        string[] args =
        [
            .. option == "--data" ? Array.Empty<string>() : ["--data", shop.Train],
            .. option == "--out" ? Array.Empty<string>() : ["--out", Model()],
        ];

        var result = await Cli.Run(["train", option, file, .. args, "--history", Path.Combine(_folder.Path, ".", Path.GetFileName(file))]);

        result.Failed(2, "is another file of this command; expected one of its own.");
        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task History_ThatCannotBeWritten_IsToldBeforeTheWork()
    {
        (await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--history", Directory.CreateDirectory(_folder.NewPath(".csv")).FullName)).Failed(1, "is a directory; expected the path of a file.");
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs /proc, where even the superuser cannot make files");

        var result = await Cli.Run("train", "--data", shop.Train, "--out", Model(), "--history", "/proc/history.csv");

        result.Failed(1, "--history /proc/history.csv cannot be written:");
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task History_OfAStoppedRun_HasTheEpochsSoFar()
    {
        if (!await Cli.Has(["env", "--default-signal=INT", "true"], ["sh", "-c", "kill -l"]))
            Assert.Skip("needs env --default-signal and kill");
        var (csv, png, model) = (_folder.NewPath(".csv"), _folder.NewPath(".png"), Model());
        using var process = Cli.Start(
            ["env", "--default-signal=INT", .. Cli.Program, "train", "--data", shop.Train, "--out", model, "--history", csv, "--history", png, "--set", "layers=8,n_epochs=1000000", "--threads", "1"]);
        var told = 0;
        string errors;
        try
        {
            while (told < 3 && await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (!line.StartsWith("epoch ", StringComparison.Ordinal))
                    continue;
                told++;
                Assert.True((await Lines(csv)).Length > told, $"epoch {told} was told, but is not in the table"); // watched while it runs
            }

            Assert.Equal(0, (await Cli.RunProcess("sh", "-c", $"kill -INT {process.Id}")).ExitCode);
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            told += (await output).Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        var rows = await Lines(csv);
        Assert.Equal(Enumerable.Range(1, rows.Length - 1).Select(epoch => $"{epoch}"), rows[1..].Select(row => row.Split(',')[0]));
        Assert.Equal(told, rows.Length - 1);
        new CliResult(process.ExitCode, "", errors).Failed(1, $"Stopped. {csv}, {png} have the epochs up to {told}. ", "go on with --resume. Other files are as they were before: nothing was half written.");
        Assert.Equal([csv, png], Directory.GetFiles(_folder.Path, "*").Where(file => !file.EndsWith(".checkpoint", StringComparison.Ordinal)).Order()); // no model
    }

    [Fact]
    public async Task History_WhereTheDiskIsFull_WarnsAndTheModelIsWrittenAllTheSame()
    {
        if (!await Cli.Has(["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=16k tmpfs /tmp"]))
            Assert.Skip("needs the right to mount a small disk in a namespace of its own (unshare -rm)");
        var disk = Directory.CreateDirectory(_folder.NewPath("")).FullName;
        var model = Model();
        const string script = """
            disk=$1; shift
            mount -t tmpfs -o size=16k tmpfs "$disk" || exit 99
            head -c 16384 /dev/zero > "$disk/filler"
            "$@" > /dev/null
            echo "exit $?"
            """;

        var result = await Cli.RunProcess(
            ["unshare", "-rm", "sh", "-c", script, "sh", disk, .. Cli.Program, "train", "--data", shop.Train, "--out", model, "--history", Path.Combine(disk, "h.csv"), .. SmallShop.Quick]);

        Assert.Equal("exit 1\n", result.Output);
        var lines = result.ErrorLines;
        Assert.Equal(2, lines.Length); // a warning at the first epoch, not at the second; a failure at the end
        Assert.StartsWith($"nextitem: warning: --history: '{Path.Combine(disk, "h.csv")}' could not be written: the disk is full. Training goes on.", lines[0], StringComparison.Ordinal);
        Assert.Equal($"nextitem: '{Path.Combine(disk, "h.csv")}' could not be written: the disk is full.", lines[1]);
        (await Cli.Run("inspect", "--model", model)).Succeeded();
    }

    [Fact]
    public async Task History_OnAMachineWithoutFonts_IsWarnedOfForPlotsAlone()
    {
        if (!OperatingSystem.IsLinux() || !await Cli.Has(["unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /usr/share/fonts"]))
            Assert.Skip("needs Linux with /usr/share/fonts and the right to hide it in a namespace of its own (unshare -rm)");
        var (csv, svg) = (_folder.NewPath(".csv"), _folder.NewPath(".svg"));
        string[] Train(string history) =>
        [
            "unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /usr/share/fonts && exec \"$@\"", "sh",
            .. Cli.Program, "train", "--data", shop.Train, "--out", Model(), "--history", history, .. SmallShop.Quick,
        ];

        var table = (await Cli.RunProcess(Train(csv))).Succeeded();
        var plot = (await Cli.RunProcess(Train(svg))).Succeeded();

        Assert.Empty(table.Errors);
        Assert.StartsWith("nextitem: warning: this machine has no fonts: the plots of --history will have no text.", plot.Errors, StringComparison.Ordinal);
        Assert.Single(plot.ErrorLines);
        Assert.DoesNotContain(XDocument.Load(svg).Descendants(), element => element.Name.LocalName == "text"); // the warning is right
    }

    [Fact]
    public async Task History_WhereTheDrawingLibraryIsMissing_ToldForPlotsBeforeTheWork()
    {
        // The program without its native libraries, as on a platform that they are not made for.
        var program = Directory.CreateDirectory(_folder.NewPath("")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Cli.Program[1])!, "*"))
        {
            if (Path.GetExtension(file) is ".dll" or ".json")
                File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        }

        string[] Train(string history) =>
            ["dotnet", Path.Combine(program, Path.GetFileName(Cli.Program[1])), "train", "--data", shop.Train, "--out", Model(), "--history", history, .. SmallShop.Quick];

        (await Cli.RunProcess(Train(_folder.NewPath(".csv")))).Succeeded();
        var plot = await Cli.RunProcess(Train(_folder.NewPath(".png")));

        plot.Failed(1, "Plots cannot be drawn here: the drawing library does not load on");
        Assert.Single(plot.ErrorLines);
        Assert.Empty(plot.Output);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static Task<string[]> Lines(string path) => File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);

    private string Model() => _folder.NewPath(".nextitem");
}
