using System.Diagnostics;

namespace NextItem.Cli.Tests;

/// <summary>Signals to the program as a process of its own: what it says, what it saves, what it leaves.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _data;
    private readonly string _model;

    public SignalTests()
    {
        // An epoch of two mini-batches: whenever the signal comes, there is an epoch to save.
        _data = _folder.Events("SessionId ItemId Time", "s a 1", "s b 2", "s c 3", "t b 5", "t a 6");
        _model = _folder.NewPath(".nextitem");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>timeout(1) sends its signal twice, and people press keys twice: the run is saved all the same.</summary>
    [Theory]
    [InlineData("INT", 0)]
    [InlineData("INT", 60)]
    [InlineData("INT", 120)] // while the process ends
    [InlineData("INT", 180)]
    [InlineData("TERM", 90)]
    [InlineData("TERM", 0)]
    [InlineData("HUP", 0)]
    public async Task Signal_TwiceInAMoment_SavesTheRunAndLeavesNothingElse(string signal, int delay)
    {
        using var process = await StartTraining(signal, "layers=300,n_epochs=1000000", "epoch ");
        var result = await Finish(process, async () =>
        {
            await Send(process, signal);
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            await Send(process, signal, mustBeThere: false);
        });

        result.Failed(1, "nextitem: stopping ...", $"nextitem: saving the run in {_model}.checkpoint", "Stopped. ", "go on with --resume");
        Assert.Equal([_data, _model + ".checkpoint"], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    /// <summary>The second signal comes while the checkpoint is written: its temporary file goes, and the process with it.</summary>
    [Fact]
    public async Task Signal_AgainAfterAWhile_EndsAtOnceAndDeletesTemporaryFiles()
    {
        using var process = await StartTraining("INT", "layers=1000,n_epochs=1000000", "epoch ");
        var result = await Finish(process, async () =>
        {
            await Send(process, "INT");
            while (!process.HasExited && !Directory.EnumerateFiles(_folder.Path, "*.tmp").Any())
                await Task.Yield();
            await Send(process, "STOP"); // on a slow disk it would be still at it
            await Task.Delay(StopSignals.SameSignal, TestContext.Current.CancellationToken);
            Assert.NotEmpty(Directory.EnumerateFiles(_folder.Path, "*.tmp"));
            await Send(process, "INT");
            await Send(process, "CONT");
        });

        result.Failed(130, "nextitem: stopping ...", "nextitem: ended at once");
        Assert.Equal([_data, _model + ".checkpoint"], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    /// <summary>Large tables are drawn for seconds before the first mini-batch: it stops there too.</summary>
    [Fact]
    public async Task Signal_WhileTheParametersAreDrawn_StopsWithoutACheckpoint()
    {
        using var process = await StartTraining("INT", "layers=3000,n_epochs=1", "memory for training");
        var result = await Finish(process, () => Send(process, "INT"));

        result.Failed(1, "nextitem: stopping ...", "Stopped. ");
        Assert.DoesNotContain("saving the run", result.Errors, StringComparison.Ordinal);
        Assert.Equal([_data], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>An epoch of a baseline takes seconds here: it is not waited for.</summary>
    [Fact]
    public async Task Signal_WhileABaselineIsFitted_StopsIt()
    {
        var data = _folder.Events(["SessionId ItemId Time", .. Enumerable.Range(0, 60_000).Select(i => $"s{i % 50} i{(i % 50) + (i / 50 % 10)} {i}")]);
        using var process = await StartTraining("INT", "factors=65536,n_epochs=1", Path.GetFileName(data), data, "bpr-mf");
        var result = await Finish(process, () => Send(process, "INT"));

        result.Failed(1, "nextitem: stopping ...", "Stopped. ");
        Assert.Equal([_data, data], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    /// <summary>The window is closed: a signal comes, and from then on nothing can be written to the terminal.</summary>
    [Fact]
    public async Task Terminal_ThatGoes_SavesTheRun()
    {
        const string script = """
            import os, pty, signal, sys, time
            pid, terminal = pty.fork()
            if pid == 0:
                signal.signal(signal.SIGHUP, signal.SIG_DFL)
                os.execvp(sys.argv[2], sys.argv[2:])
            while not os.path.exists(sys.argv[1]):
                os.read(terminal, 65536)
            os.close(terminal)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            """;
        if (!await Cli.Has(["python3", "-c", "import os, pty; os.waitstatus_to_exitcode(0)"]))
            Assert.Skip("needs python3 with pseudo-terminals");

        var result = await Cli.RunProcess(
            ["python3", "-c", script, _model + ".checkpoint", .. Cli.Program, "train", "--data", _data, "--out", _model, "--set", "layers=100,n_epochs=1000000", "--threads", "1"]);

        Assert.Equal("1\n", result.Output);
        Assert.Equal([_data, _model + ".checkpoint"], Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    /// <summary>Starts a training and waits until it says something.</summary>
    private async Task<Process> StartTraining(string signal, string settings, string until, string? data = null, string algorithm = "gru4rec")
    {
        // env: a test runner in the background has Ctrl+C ignored, and its children would inherit that.
        if (!await Cli.Has(["env", $"--default-signal={signal}", "true"], ["sh", "-c", "kill -l"]))
            Assert.Skip("needs env --default-signal and kill");
        var process = Cli.Start(
            ["env", $"--default-signal={signal}", .. Cli.Program, "train", "--data", data ?? _data, "--out", _model, "--algorithm", algorithm, "--set", settings, .. algorithm == "gru4rec" ? ["--threads", "1"] : Array.Empty<string>()]);
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        while (line is not null && !line.StartsWith(until, StringComparison.Ordinal));
        Assert.NotNull(line);
        return process;
    }

    private static async Task Send(Process process, string signal, bool mustBeThere = true)
    {
        var sent = await Cli.RunProcess("sh", "-c", $"kill -{signal} {process.Id}");
        Assert.True(sent.ExitCode == 0 || !mustBeThere, sent.Errors);
    }

    private static async Task<CliResult> Finish(Process process, Func<Task> act)
    {
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await act();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new CliResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
