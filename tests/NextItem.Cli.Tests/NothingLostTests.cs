namespace NextItem.Cli.Tests;

/// <summary>Whatever goes wrong while writing, the earlier file is there whole, and nothing is left beside it.</summary>
public sealed class NothingLostTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_DuringTraining_StopsWithTheEarlierModelInPlace(string signal)
    {
        // env: a test runner in the background has Ctrl+C ignored, and its children would inherit that.
        if (!await Cli.Has(["env", $"--default-signal={signal}", "true"], ["sh", "-c", "kill -l"]))
            Assert.Skip("needs env --default-signal and kill");
        var model = _folder.Text("an earlier model", ".nextitem");
        var json = _folder.Text("earlier numbers", ".json");
        using var process = Cli.Start(
            ["env", $"--default-signal={signal}", .. Cli.Program, "train", "--data", shop.Train, "--out", model, "--json", json, "--set", "layers=8,n_epochs=1000000", "--threads", "1"]);
        try
        {
            string? line;
            do
                line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line is not null && !line.StartsWith("epoch ", StringComparison.Ordinal));
            Assert.NotNull(line);

            Assert.Equal(0, (await Cli.RunProcess("sh", "-c", $"kill -{signal} {process.Id}")).ExitCode);
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await output;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            new CliResult(process.ExitCode, "", errors).Failed(1, "Stopped. ", "holds the run with", "go on with --resume", "Other files are as they were before: nothing was half written.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }

        Assert.Equal("an earlier model", await File.ReadAllTextAsync(model, TestContext.Current.CancellationToken));
        Assert.Equal("earlier numbers", await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        Assert.Equal(
            Directory.GetFileSystemEntries(_folder.Path).Order(), new[] { model, json, model + ".checkpoint" }.Order());
    }

    [Fact]
    public async Task Output_ThatIsALinkToAnInput_IsRefused()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("making links needs rights on Windows");
        var data = _folder.NewPath(".tsv");
        File.Copy(shop.Train, data);
        var link = _folder.NewPath(".nextitem");
        File.CreateSymbolicLink(link, data);
        var folderLink = _folder.NewPath("");
        Directory.CreateSymbolicLink(folderLink, _folder.Path);
        foreach (var output in (string[])[link, Path.Combine(folderLink, Path.GetFileName(data))])
            (await Cli.Run("train", "--data", data, "--out", output, "--algorithm", "pop")).Failed(2, "is another file of this command");
        Assert.Equal(await File.ReadAllBytesAsync(shop.Train, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(data, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Output_ThatIsTheInputInSharedMemory_IsRefused()
    {
        if (!Directory.Exists("/dev/shm"))
            Assert.Skip("there is no /dev/shm here");
        var data = $"/dev/shm/nextitem-{Environment.ProcessId}.tsv";
        try
        {
            File.Copy(shop.Train, data);
            (await Cli.Run("train", "--data", data, "--out", data, "--algorithm", "pop")).Failed(2, "is another file of this command");
        }
        finally
        {
            File.Delete(data);
        }
    }

    [Theory]
    [InlineData("--out")]
    [InlineData("--json")]
    public async Task Output_ThatIsTheSettingsFile_IsRefused(string option)
    {
        var settings = _folder.Text("{\"layers\": [8]}", ".json");
        string[] output = option == "--out" ? ["--out", settings] : ["--out", _folder.NewPath(".nextitem"), "--json", settings];
        (await Cli.Run(["train", "--data", shop.Train, "--params", settings, .. output])).Failed(2, "is another file of this command");
        Assert.Equal("{\"layers\": [8]}", await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DiskFull_AtTheEndOfTraining_LeavesTheEarlierModelInPlace()
    {
        // A disk of 100 kB in a mount namespace of the process's own, which ends with it.
        if (!await Cli.Has(["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=100k tmpfs /tmp"]))
            Assert.Skip("needs the right to mount a small disk in a namespace of its own (unshare -rm)");
        var disk = Directory.CreateDirectory(_folder.NewPath("")).FullName;
        const string script = """
            disk=$1; shift
            mount -t tmpfs -o size=100k tmpfs "$disk" || exit 99
            echo "an earlier model" > "$disk/model.nextitem"
            "$@" > /dev/null
            echo "exit $?; there is: $(ls -A "$disk"), $(cat "$disk/model.nextitem")"
            """;

        var result = await Cli.RunProcess(
            ["unshare", "-rm", "sh", "-c", script, "sh", disk, .. Cli.Program, "train", "--data", shop.Train, "--out", Path.Combine(disk, "model.nextitem"), "--set", "layers=300,n_epochs=1"]);

        Assert.Equal("exit 1; there is: model.nextitem, an earlier model\n", result.Output);
        var model = Path.Combine(disk, "model.nextitem");
        Assert.StartsWith($"nextitem: warning: --checkpoint: '{model}.checkpoint' could not be written: the disk is full. Training goes on.", result.Errors, StringComparison.Ordinal);
        Assert.EndsWith($"nextitem: '{model}' could not be written: the disk is full. The file that was there is as it was.\n", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullDevice_AsOutput_FailsWithoutAStackTrace()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("needs /dev/full");

        (await Cli.Run("train", "--data", shop.Train, "--out", "/dev/full", "--algorithm", "pop")).Failed(1, "'/dev/full' could not be written: the disk is full.");
        (await Cli.Run("inspect", "--data", shop.Train, "--json", "/dev/full")).Failed(1, "'/dev/full' could not be written: the disk is full.");
        Assert.True(File.Exists("/dev/full"));
    }

    [Fact]
    public async Task Output_InAFolderThatCannotBeWritten_IsToldBeforeTheWork()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs /proc, where even the superuser cannot make files");

        var result = await Cli.Run("train", "--data", shop.Train, "--out", "/proc/model.nextitem");

        result.Failed(1, "--out /proc/model.nextitem cannot be written: its folder cannot be written to ('/proc' is a folder in which no file can be made).");
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Output_InAFileInsteadOfAFolder_IsToldBeforeTheWork()
    {
        var model = Path.Combine(shop.Train, "model.nextitem");

        var result = await Cli.Run("train", "--data", shop.Train, "--out", model);

        result.Failed(1, $"--out {model} cannot be written: its folder cannot be written to ('{shop.Train}' is a file; expected a folder).");
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Output_InAReadOnlyFolder_IsToldBeforeTheWork()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Skip("the superuser may write to read-only folders; /proc is tested instead");
        var folder = Directory.CreateDirectory(_folder.NewPath(""));
        if (OperatingSystem.IsWindows())
            Assert.Skip("needs Unix file modes");
        else
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;

        (await Cli.Run("train", "--data", shop.Train, "--out", Path.Combine(folder.FullName, "m.nextitem"))).Failed(1, "cannot be written:");
    }

    [Theory]
    [InlineData("train", "--out")]
    [InlineData("train", "--json")]
    [InlineData("evaluate", "--json")]
    [InlineData("recommend", "--out")]
    [InlineData("recommend", "--json")]
    [InlineData("similar", "--json")]
    [InlineData("inspect", "--json")]
    public async Task Output_AFolderOrAnInput_IsRefusedBeforeTheWork(string command, string option)
    {
        var input = _folder.NewPath(command == "similar" ? ".nextitem" : ".tsv");
        File.Copy(command == "similar" ? shop.Gru4Rec : shop.Test, input);
        var before = await File.ReadAllBytesAsync(input, TestContext.Current.CancellationToken);
        string[] args = command switch
        {
            "train" => ["train", "--data", input, "--algorithm", "pop", .. option == "--json" ? ["--out", _folder.NewPath(".nextitem")] : Array.Empty<string>()],
            "inspect" => ["inspect", "--data", input],
            "similar" => ["similar", "--model", input, "--item", shop.Items.First],
            _ => [command, "--model", shop.Gru4Rec, "--data", input],
        };
        var files = Directory.GetFileSystemEntries(_folder.Path);

        (await Cli.Run([.. args, option, _folder.Path])).Failed(1, $"{option} {_folder.Path} is a directory; expected the path of a file.");
        (await Cli.Run([.. args, option, Path.Combine(_folder.Path, ".", Path.GetFileName(input))])).Failed(2, "is another file of this command; expected one of its own.");

        Assert.Equal(before, await File.ReadAllBytesAsync(input, TestContext.Current.CancellationToken));
        Assert.Equal(files, Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Out_AndJson_TheSameFile_IsRefused()
    {
        var model = _folder.NewPath(".nextitem");

        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--json", model, "--algorithm", "pop")).Failed(2, $"--json {model} is another file of this command");
        Assert.False(File.Exists(model));
    }
}
