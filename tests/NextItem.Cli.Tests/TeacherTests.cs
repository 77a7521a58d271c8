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
        (await Cli.Run([.. train, "--teacher", teacher])).Failed(1, "Distillation is 0", "such as 0.5");
        (await Cli.Run([.. train, "--set", "distillation=0.5"])).Failed(1, "there is no teacher");
        (await Cli.Run([.. train, "--set", "distillation=0.5", "--teacher", markov])).Failed(1, "Teacher 1 is 'markov'; expected gru4rec");
        (await Cli.Run([.. train, "--set", "distillation=0.5", "--teacher", "none.nextitem"])).Failed(1, "none.nextitem");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", "markov", "--teacher", teacher)).Failed(2, "--teacher");
        (await Cli.Run("train", "--data", shop.Train, "--out", model, "--algorithm", "prnn", "--teacher", teacher)).Failed(2, "--teacher: for gru4rec");
        (await Cli.Run([.. train, "--set", "distillation=0.5,loss=bpr-max", "--teacher", teacher])).Failed(2, "distillation is 0.5; only cross-entropy");
        (await Cli.Run("train", "--data", shop.Train, "--out", teacher, "--set", "distillation=0.5", "--teacher", teacher)).Failed(2, teacher);
        Assert.False(File.Exists(model));
    }

    private async Task<CliResult> Train(string model, params string[] more) =>
        (await Cli.Run(["train", "--data", shop.Train, "--out", model, "--set", "layers=8,n_epochs=2,n_sample=64", .. more])).Succeeded();
}
