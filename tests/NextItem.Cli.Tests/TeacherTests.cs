using System.Security.Cryptography;

namespace NextItem.Cli.Tests;

/// <summary>train --teacher.</summary>
public sealed class TeacherTests(SmallShop shop) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_WithTeachers_SaysSoAndDependsOnThem()
    {
        var (first, second) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        await Train(first, "--seed", "1");
        await Train(second, "--seed", "2");
        var (alone, taught, again, less) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        string[] teachers = ["--teacher", first, "--teacher", second];
        await Train(alone, "--seed", "3");
        Assert.Contains($"learns from {first}, {second}", (await Train(taught, [.. teachers, "--seed", "3", "--set", "distillation=0.5"])).Output, StringComparison.Ordinal);
        await Train(again, [.. teachers, "--seed", "3", "--set", "distillation=0.5"]);
        await Train(less, ["--teacher", first, "--seed", "3", "--set", "distillation=0.5"]);

        Assert.Equal(File.ReadAllBytes(taught), File.ReadAllBytes(again));
        Assert.NotEqual(File.ReadAllBytes(taught), File.ReadAllBytes(less));
        Assert.NotEqual(File.ReadAllBytes(taught), File.ReadAllBytes(alone));
    }

    [Fact]
    public async Task Train_WithWrongTeachers_IsRefusedAndLeavesNothing()
    {
        var (model, teacher, markov) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        await Train(teacher);
        (await Cli.Run("train", "--data", shop.Train, "--out", markov, "--algorithm", "markov")).Succeeded();
        string[] train = ["train", "--data", shop.Train, "--out", model, "--set", "layers=8,n_epochs=1"];
        // Options that do not go together are wrong usage, whatever the files hold.
        (await Cli.Run([.. train, "--teacher", teacher])).Failed(2, "--teacher names models to learn from, but distillation is 0", "such as --set distillation=0.5");
        (await Cli.Run([.. train, "--set", "distillation=0.5"])).Failed(2, "distillation is 0.5, but there is no teacher; expected --teacher");
        (await Cli.Run([.. train, "--set", "distillation=0.5", "--teacher", markov])).Failed(1, $"{markov}: Teacher 1 is 'markov'; expected gru4rec");
        (await Cli.Run([.. train, "--set", "distillation=0.5", "--teacher", "none.nextitem"])).Failed(1, "none.nextitem does not exist");
        (await Cli.Run([.. train, "--set", "distillation=0.5", "--teacher", shop.Test])).Failed(1, $"{shop.Test} looks like an event file", "--teacher takes the model, --data the events");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", "markov", "--teacher", teacher)).Failed(2, "--teacher");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", "prnn", "--teacher", teacher)).Failed(2, "--teacher: for gru4rec");
        (await Cli.Run([.. train, "--set", "distillation=0.5,loss=bpr-max", "--teacher", teacher])).Failed(2, "distillation is 0.5; only cross-entropy");
        (await Cli.Run("train", "--data", shop.Train, "--out", teacher, "--set", "distillation=0.5", "--teacher", teacher)).Failed(2, teacher);
        Assert.False(File.Exists(model));
    }

    /// <summary>The data may take minutes to read: here it cannot be read at all, and nobody comes to notice.</summary>
    [Fact]
    public async Task Train_WrongUseOfTeachers_IsToldBeforeTheDataIsRead()
    {
        var (model, noData) = (_folder.NewPath(".nextitem"), _folder.Text("no events\n"));
        string[] train = ["train", "--data", noData, "--out", model];
        (await Cli.Run(train)).Failed(1, noData);
        (await Cli.Run([.. train, "--set", "distillation=0.5"])).Failed(2, "there is no teacher");
        (await Cli.Run([.. train, "--teacher", shop.Gru4Rec])).Failed(2, "distillation is 0");
        (await Cli.Run([.. train, "--set", "distillation=0.5", "--teacher", "none.nextitem"])).Failed(1, "none.nextitem does not exist");
        (await Cli.Run([.. train, "--warm-start", shop.Gru4Rec, "--set", "distillation=0.5"])).Failed(2, "there is no teacher");
    }

    /// <summary>Nobody has set the share of a taught model that is begun with: it is 0 where there is nobody to learn from.</summary>
    [Fact]
    public async Task WarmStart_TaughtModelWithoutTeachers_LearnsFromTheSessionsAlone()
    {
        var (teacher, taught, model) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        await Train(teacher);
        await Train(taught, "--teacher", teacher, "--set", "distillation=0.5");
        var alone = (await Cli.Run("train", "--data", shop.Train, "--out", model, "--warm-start", taught)).Succeeded("distillation=0,");
        Assert.Contains($"note: {taught} was trained with distillation=0.5; without --teacher there is nobody to learn from, and this run has distillation=0.", alone.Errors, StringComparison.Ordinal);
        var again = (await Cli.Run("train", "--data", shop.Train, "--out", model, "--warm-start", taught, "--teacher", teacher)).Succeeded("distillation=0.5,", $"learns from {teacher}");
        Assert.DoesNotContain("note:", again.Errors, StringComparison.Ordinal);
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--warm-start", taught, "--set", "distillation=0.3")).Failed(2, "distillation is 0.3, but there is no teacher");
    }

    /// <summary>The file of the teacher that is meant, not the one that the run begins or goes on with.</summary>
    [Fact]
    public async Task Train_TeacherThatDoesNotFit_IsNamedByItsFile()
    {
        var (old, fewer, model, checkpoint) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".checkpoint"));
        await Train(old);
        var (first, second) = shop.Items;
        var little = _folder.Events("SessionId ItemId Time", $"1 {first} 1", $"1 {second} 2", $"2 {second} 3", $"2 {first} 4");
        (await Cli.Run("train", "--data", little, "--out", fewer, "--set", "layers=8,n_epochs=1,n_sample=64")).Succeeded();
        string[] train = ["train", "--data", shop.Train, "--out", model, "--set", "layers=8,n_epochs=2,n_sample=64,distillation=0.5"];
        (await Cli.Run([.. train, "--teacher", old, "--teacher", fewer])).Failed(1, $"nextitem: {fewer}: Teacher 2 does not know {SmallShop.ItemCount - 2} of the");
        (await Cli.Run([.. train, "--warm-start", old, "--teacher", fewer])).Failed(1, $"nextitem: {fewer}: Teacher 1 does not know");
        await Train(fewer, "--set", "logq=0");
        (await Cli.Run([.. train, "--teacher", fewer])).Failed(1, $"nextitem: {fewer}: Teacher 1 was trained with LogQ 0; expected 1");

        (await Cli.Run([.. train, "--teacher", old, "--checkpoint", checkpoint])).Succeeded();
        string[] resume = ["train", "--data", shop.Train, "--out", model, "--checkpoint", checkpoint, "--resume", "--set", "n_epochs=3"];
        (await Cli.Run(resume)).Failed(2, $"The run in {checkpoint} learns from teachers; expected the --teacher options that it began with.");
        (await Cli.Run([.. resume, "--teacher", old, "--teacher", old])).Failed(1, $"nextitem: {checkpoint}: The checkpoint is of a run with other teachers");
        (await Cli.Run([.. resume, "--teacher", old])).Succeeded("going on in epoch 3 of 3");

        var untaught = _folder.NewPath(".checkpoint");
        await Train(model, "--checkpoint", untaught);
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--checkpoint", untaught, "--resume", "--teacher", old)).Failed(2, $"The run in {untaught} learns from no teachers; expected no --teacher.");
    }

    [Fact]
    public async Task Train_WithTeachers_SaysWhichInTheModelAndInJsonAndCountsTheirMemory()
    {
        var (teacher, model, alone) = (_folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"), _folder.NewPath(".nextitem"));
        await Train(teacher, "--set", "layers=40");
        string[] train = ["train", "--data", shop.Train, "--out", model, "--set", "layers=8,n_epochs=1,n_sample=64,distillation=0.5", "--teacher", teacher];
        var report = Assert.Single((await Cli.RunForJson(_folder, train)).GetProperty("teachers").EnumerateArray());
        Assert.Equal(teacher, report.GetProperty("path").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(teacher, TestContext.Current.CancellationToken))), report.GetProperty("sha256").GetString());
        var fingerprint = report.GetProperty("fingerprint").GetString()!;
        (await Cli.Run("inspect", "--model", model)).Succeeded("1, by fingerprint:", fingerprint);
        Assert.Equal(fingerprint, Assert.Single((await Cli.RunForJson(_folder, "inspect", "--model", model)).GetProperty("facts").GetProperty("teachers").EnumerateArray()).GetString());

        var untaught = await Cli.RunForJson(_folder, "train", "--data", shop.Train, "--out", alone, "--set", "layers=8,n_epochs=1,n_sample=64");
        Assert.False(untaught.TryGetProperty("teachers", out _));
        Assert.DoesNotContain("teachers", (await Cli.Run("inspect", "--model", alone)).Succeeded().Output, StringComparison.Ordinal);
        Assert.NotEqual(MemoryLine((await Cli.Run(train)).Output), MemoryLine((await Train(alone, "--set", "n_epochs=1")).Output));

        static string MemoryLine(string output) => Assert.Single(output.Split('\n'), line => line.StartsWith("memory for training", StringComparison.Ordinal));
    }

    private async Task<CliResult> Train(string model, params string[] more) =>
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, "--set", "layers=8,n_epochs=2,n_sample=64", .. more])).Succeeded();
}
