namespace NextItem.Cli.Tests;

public class UsageTests
{
    public static TheoryData<string, string[]> Faults => new()
    {
        { "", ["A command is missing; expected one of demo, prepare, train, tune, add-items, fuse, evaluate, compare, recommend, similar, inspect, export, import, serve, feedback."] },
        { "tarin --data x", ["There is no command 'tarin'. Did you mean 'train'?"] },
        { "--frob", ["There is no option '--frob'."] },
        { "train --daat 1 --out b", ["There is no option '--daat'. Did you mean '--data'?", "Option '--data' is required."] },
        { "train", ["Option '--data' is required.", "Option '--out' is required."] },
        { "train extra --data a --out b", ["'extra' belongs to no option; values follow an option, as in --name value."] },
        { "prepare --input logs/a.csv logs/b.csv logs/c.csv --out b", ["'logs/b.csv' belongs to no option; quote a glob, or repeat --input."] },
        { "prepare -i logs/a.csv logs/b.csv --out b", ["'logs/b.csv' belongs to no option; quote a glob, or repeat --input."] },
        { "prepare --input logs/a.csv --strict logs/b.csv --out b", ["'logs/b.csv' belongs to no option; values follow an option, as in --name value."] },
        { "train --data logs/a.csv logs/b.csv --out b", ["'logs/b.csv' belongs to no option; --data takes one file."] },
        { "train --data a --out b --out c", ["'--out' expects a single argument but 2 were provided"] },
        { "train --data a --out", ["Required argument missing for option: '--out'."] },
        { "train --data a --out b --algorithm transformer --preset nope --threads 0 --seed -3", ["--algorithm is 'transformer'; expected one of gru4rec, prnn, pop, recent-pop, s-pop, markov, item-knn, rules, bpr-mf, v-sknn, vmis-knn.", "--preset is 'nope'; expected one of coveo,", "--threads is '0'; expected a number from 1 to 1024, or auto.", "--seed is '-3'; expected a whole number of at least 0."] },
        { "train --data a --out b --threads 1.5", ["--threads is '1.5'; expected a number from 1 to 1024, or auto."] },
        { "evaluate", ["Option '--model' is required.", "Option '--data' is required."] },
        { "evaluate --model a --data b --ties first --unknown keep --cutoffs 1,0", ["--ties is 'first'; expected one of standard, conservative, median.", "--unknown is 'keep'; expected one of drop, miss, both.", "--cutoffs is '1,0'; expected numbers of at least 1, separated by commas."] },
        { "evaluate --model a --data b --cutoffs 1,x", ["--cutoffs is '1,x'"] },
        { "recommend --items a", ["Option '--model' is required."] },
        { "recommend --model a --items b --top 0", ["--top is '0'; expected a number of at least 1."] },
        { "inspect --data a --format csv", ["--format is 'csv'; expected one of events, pygru4rec."] },
        { "inspect --data a --format pygru4rec --session-column b --time-column c", ["--format pygru4rec has no column names; leave out --session-column, --time-column, or --format."] },
        { "evaluate --model a --data b --format pygru4rec --item-column ItemId", ["--format pygru4rec has no column names; leave out --item-column, or --format."] },
        { "train --data a.parquet --valid b.Parquet --out c --format pygru4rec", ["--data is 'a.parquet'; --format pygru4rec expects tab-separated text, plain or gzipped.", "--valid is 'b.Parquet'; --format pygru4rec expects tab-separated text, plain or gzipped."] },
        { "train --data a --out b --format PyGru4Rec --time-column t", ["--format pygru4rec has no column names; leave out --time-column, or --format."] },
        { "recommend --model a --data b.parquet --format pygru4rec --item-column c", ["--format pygru4rec has no column names; leave out --item-column, or --format.", "--data is 'b.parquet'; --format pygru4rec expects tab-separated text, plain or gzipped."] },
        { "similar --model a", ["Option '--item' is required."] },
        { "similar --model a --item b --top many", ["--top is 'many'; expected a number of at least 1."] },
        { "demo --seed x", ["--seed is 'x'; expected a whole number of at least 0."] },
        { "demo --seed -1", ["--seed is '-1'; expected a whole number of at least 0."] },
    };

    public static TheoryData<string, string> Conflicts => new()
    {
        { "recommend --model a", "recommend needs --items or --data." },
        { "recommend --model a --items b --data c", "recommend takes either --items or --data, not both." },
        { "train --data a --out b --session-column ItemId", "--session-column and --item-column are both 'ItemId'; expected different columns." },
        { "recommend --model a --items b --out c", "--out goes with --data; for --items use --json." },
        { "recommend --model a --data b --names c", "--names goes with --items" },
        { "inspect", "inspect needs --model or --data." },
        { "inspect --model a --data b", "inspect takes either --model or --data, not both." },
        { "train --data a --out b --algorithm pop --set layers=3", "'pop' has nothing to set." },
        { "train --data a --out b --algorithm markov --preset rsc15-table", "'markov' has nothing to set." },
        { "train --data a --out b --algorithm pop --set lmbd=1", "--set is 'lmbd=1'; 'pop' has nothing to set." },
        { "train --data a --out b --algorithm item-knn --preset yoochoose", "--preset is for gru4rec and prnn; 'item-knn' has --set with regularisation, lmbd, alpha, neighbours, n_sims." },
        { "train --data a --out b --algorithm item-knn --set lambda=1", "'item-knn' has no hyperparameter 'lambda'. Did you mean 'lmbd'?" },
        { "train --data a --out b --algorithm item-knn --set learning_rate=1", "'item-knn' has no hyperparameter 'learning_rate'. All: regularisation, lmbd, alpha, neighbours, n_sims." },
        { "train --data a --out b --algorithm item-knn --set n_sims=many", "'n_sims' is 'many'; expected a whole number." },
        { "train --data a --out b --algorithm s-pop --set top_n=1", "'s-pop' has nothing to set." },
        { "train --data a --out b --algorithm vmis-knn --set sample_size=1", "'vmis-knn' has no hyperparameter 'sample_size'. All: neighbours, k, recent_sessions, m, idf_weight, idf_weighting, session_length, max_items_in_session." },
        { "train --data a --out b --algorithm v-sknn --set k=0", "k is 0; expected at least 1." },
        { "train --data a --out b --algorithm markov --resume --valid c", "--valid, --resume: for gru4rec and prnn; 'markov' is fitted in one go" },
        { "train --data a --out b --algorithm rules --set ordered=maybe", "'ordered' is 'maybe'; expected True or False." },
        { "train --data a --out b --algorithm item-knn --set alpha", "--set has 'alpha'; expected name=value." },
        { "train --data a --out b --algorithm pop --params c", "'pop' has nothing to set." },
        { "train --data a --out b --algorithm pop --valid c", "--valid: for gru4rec and prnn; 'pop' is fitted in one go, and 'evaluate' measures it." },
    };

    public static TheoryData<string, string[]> OutOfRange { get; } = new()
    {
        { "train --data a --out b --algorithm item-knn --set alpha=2,n_sims=0", ["alpha is 2; expected 0 to 1.", "n_sims is 0; expected at least 1."] },
        { "train --data a --out b --algorithm recent-pop --set events=-1,time_share=0,top_n=0", ["events is -1; expected at least 0.", "time_share is 0; expected a number above 0, 1 at most.", "top_n is 0; expected at least 1."] },
        { "train --data a --out b --algorithm rules --set steps=0 --set pruning=0", ["steps is 0; expected at least 1.", "pruning is 0; expected at least 1."] },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task WrongUsage_IsToldInFullWithExitCode2(string line, string[] faults)
    {
        var result = await Cli.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.All(faults, fault => result.Failed(2, fault));
        Assert.Equal(faults.Length + 1, result.ErrorLines.Length); // one line a fault, and where the help is
        var command = line.Split(' ')[0] is "" or "tarin" or "--frob" ? "" : line.Split(' ')[0] + " ";
        Assert.Equal($"See: nextitem {command}--help", result.ErrorLines[^1]);
        Assert.Empty(result.Output);
    }

    [Theory, MemberData(nameof(OutOfRange))]
    public async Task BaselineOptions_OutOfRange_AreAllToldOneALine(string line, string[] faults)
    {
        var result = await Cli.Run(line.Split(' '));

        Assert.All(faults, fault => result.Failed(2, fault));
        Assert.Equal(faults.Length, result.ErrorLines.Length);
    }

    [Theory, MemberData(nameof(Conflicts))]
    public async Task OptionsThatDoNotGoTogether_AreToldWithExitCode2(string line, string fault)
    {
        var result = await Cli.Run(line.Split(' '));

        result.Failed(2, fault);
        Assert.Single(result.ErrorLines);
    }

    [Fact]
    public async Task EmptyPath_IsToldWithoutNamesOfTypes()
    {
        (await Cli.Run("train", "--data", "", "--out", "a")).Failed(2, "--data is ''; expected a path.");
    }

    [Fact]
    public async Task Keys_ThatLookLikeResponseFilesOrOptions_AreKeys()
    {
        using var folder = new TempFolder();
        var data = folder.Events("SessionId ItemId Time", "s @a 1", "s -5 2", "t -5 3", "t @a 4");
        var model = folder.NewPath(".nextitem");
        (await Cli.Run("train", "--data", data, "--out", model, "--algorithm", "markov")).Succeeded();

        var after = (await Cli.Run("recommend", "--model", model, "--items", "@a", "--top", "1")).Succeeded();
        var before = (await Cli.Run("recommend", "--model", model, "--items", "-5", "--top", "1")).Succeeded();

        Assert.Contains("-5", after.Output, StringComparison.Ordinal);
        Assert.Equal(("", ""), (after.Errors, before.Errors));
    }
}
